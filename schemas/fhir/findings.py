"""Observations that are no laboratory result: symptoms and signs, pregnancy, smoking, diet, counts of joints."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from marshmallow import ValidationError

from rules.fact_types import FactType
from schemas.fhir.answers import answer_of
from schemas.fhir.concepts import Concept, Match
from schemas.fhir.elements import Element, number, part, text
from schemas.fhir.extracts import Extract, Ignored, Statement
from schemas.fhir.items import as_item, places
from schemas.fhir.terms import Terms
from schemas.fhir.times import Moment, moment, when
from schemas.statements import statement

GROUPS = ("symptoms", "signs", "history", "statements", "diet", "conditions", "procedures")
TIMES = ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
UNITS = {
    "weeks": frozenset(("wk", "week", "weeks")),
    "min": frozenset(("min", "minute", "minutes")),
    "joints": frozenset(("1", "{joints}", "joints")),
}
DIET_QUESTIONS = frozenset(["diet", "dietary", "eating", "nutrition", "food"])
SYMPTOM_QUESTIONS = frozenset(["symptom", "symptoms", "complaint", "complaints"])
# A symptom or sign that was noted longer ago says nothing of today.
FINDING_LASTS = timedelta(days=366)
# A pregnancy lasts no longer; that there was none says little after a month.
PREGNANCY_LASTS, NO_PREGNANCY_LASTS = timedelta(days=301), timedelta(days=31)


def read_finding(resource: Element, holder: Element, concept: Concept, terms: Terms, today: date) -> Iterator[Extract]:
    """What an Observation says of a fact that is no test: by its own code and answer, or by a coded answer alone."""
    asked = _asked(concept, terms)
    if asked:
        yield from (_answered(match, resource, holder, today) for match in asked[:1])
        return
    value = Concept(part(holder, "valueCodeableConcept"))
    found = [match for group in _groups_asked(concept) for match in terms.find(value, (group,))]
    if not found:
        yield Ignored("is about nothing in the catalogue of facts")
    yield from (extract_of(match, True, resource, when(resource, *TIMES), today) for match in found)


def _asked(concept: Concept, terms: Terms) -> list[Match]:
    """What is asked for. A LOINC code that is not ours asks for something else, whatever words its name has."""
    if concept.has_code_of("loinc"):
        return terms.by_code(concept, GROUPS)
    return terms.find(concept, GROUPS)


def _groups_asked(concept: Concept) -> Sequence[str]:
    asked = {word for name in concept.names for word in name}
    return ("diet",) if asked & DIET_QUESTIONS else ("symptoms", "signs") if asked & SYMPTOM_QUESTIONS else ()


def _answered(match: Match, resource: Element, holder: Element, today: date) -> Extract:
    if match.fact.kind == "number":
        return _counted(match.fact, resource, holder, today)
    answer = answer_of(holder)
    if answer in (None, "borderline"):
        return Ignored("has no answer that is known")
    return extract_of(match, answer == "positive", resource, when(resource, *TIMES), today)


def extract_of(match: Match, holds: bool, resource: Element, noted: Moment | None, today: date) -> Extract:
    """What holds, or does not, of a fact that is no test; nothing when it was noted too long ago to hold today."""
    fact, note = match.fact, match.note
    if noted is not None and noted.is_after(today):
        return Ignored("is dated after the day of the assessment")
    if noted is not None and _has_passed(fact, holds, noted, resource, today):
        return Ignored("was noted too long ago to say anything of today")
    if fact.group == "diet":
        return Statement(fact, fact.code, noted, note) if holds else Ignored("says only what is not eaten")
    if fact.kind == "yes_no":
        return Statement(fact, holds, noted, note)
    if fact.kind != "presence":
        return Ignored("is read from the Patient alone")
    where = places(fact, resource) if holds else {}
    return as_item(fact, today, _times(resource), present=holds, note=note, **where)


def _has_passed(fact: FactType, holds: bool, noted: Moment, resource: Element, today: date) -> bool:
    """Whether something that passes by itself was noted so long ago that it may be over."""
    lasts = None
    if fact.code == "pregnant":
        lasts = PREGNANCY_LASTS if holds else NO_PREGNANCY_LASTS
    elif fact.group in ("symptoms", "signs") and not _goes_on(resource):
        lasts = FINDING_LASTS
    return lasts is not None and noted.period.last < today - lasts


def _goes_on(resource: Element) -> bool:
    period = part(resource, "effectivePeriod")
    return bool(text(period, "start")) and not text(period, "end")


def _times(resource: Element) -> dict[str, Moment | None]:
    period = part(resource, "effectivePeriod")
    return {
        "since": moment(text(period, "start")),
        "until": moment(text(period, "end")),
        "date": when(resource, "effectiveDateTime", "effectiveInstant"),
    }


def _counted(fact: FactType, resource: Element, holder: Element, today: date) -> Extract:
    quantity = part(holder, "valueQuantity")
    spelled = {text(quantity, name) for name in ("code", "unit")} - {""}
    value = number(quantity, "value") if quantity else number(holder, "valueInteger")
    if value is None or not spelled <= UNITS.get(fact.unit or "", frozenset()):
        return Ignored("has no number that can be read")
    noted = when(resource, *TIMES)
    if noted is not None and (noted.is_after(today) or noted.period.last < today - FINDING_LASTS):
        return Ignored("is dated after the day of the assessment, or over a year ago")
    whole = int(value) if value == value.to_integral_value() else value
    try:
        return Statement(fact, statement(fact.code).deserialize(whole), noted)
    except ValidationError:
        return Ignored("has a number that is not plausible")
