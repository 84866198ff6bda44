"""Medicines: what was prescribed, stated, given or dispensed, and whether the patient takes it now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, date, timedelta

from rules.catalogue import catalogue
from rules.dates import Period
from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.concepts import Concept, Match, Terms
from schemas.fhir.doses import dosage_of
from schemas.fhir.elements import EMPTY, Element, code_of, flag, number, part, parts, text
from schemas.fhir.items import as_item
from schemas.fhir.records import Record, Records
from schemas.fhir.said import Ignored, Said
from schemas.fhir.times import Moment, moment, when

VITAMINS = (*B12_PRODUCTS, "folic_acid", "multivitamin")
SEVERAL_INGREDIENTS = re.compile(r"\s[/+&]\s|\sand\s")
PLANS = ("proposal", "plan", "option")
NEVER_TAKEN = {
    "entered-in-error": "was entered in error",
    "cancelled": "was cancelled",
    "draft": "is only planned",
    "intended": "is only planned",
    "preparation": "is only planned",
    "not-done": "was not given",
    "declined": "was not given",
}
ENDED = ("completed", "stopped", "ended")
LONGEST_SUPPLY = 3660

Times = Mapping[str, Moment | None]


def read_medication(record: Record, records: Records, terms: Terms, today: date) -> Iterator[Said]:
    """What a prescription, a statement, a dose given or a supply says of each medicine in it."""
    resource, status = record.resource, code_of(record.resource, "status")
    medicines = _medicines(_named(record, records), terms, records)
    unused = _unused(resource, status)
    if unused:
        yield Ignored(unused)
    elif not medicines:
        yield Ignored("is no medicine of the catalogue of facts")
    for match in [] if unused else medicines:
        yield _use(match, record.type, resource, status, today)


def _unused(resource: Element, status: str) -> str:
    if text(resource, "intent") in PLANS:
        return "is only proposed"
    if flag(resource, "doNotPerform"):
        return "says what is not to be given"
    return NEVER_TAKEN.get(status, "")


def _use(match: Match, type_: str, resource: Element, status: str, today: date) -> Said:
    fact, note = match.fact, match.note
    if status == "not-taken":
        return as_item(fact, today, {}, present=False, note=note)
    times = TIMES_OF[type_](resource, status, match)
    if isinstance(times, Ignored):
        return times._replace(fact=fact, lost=fact.code in B12_PRODUCTS)
    if fact.group == "procedures":
        given = next((time for time in (times.get("last_given"), times.get("until"), times.get("since")) if time), None)
        return as_item(fact, today, {"date": given}, note=note)
    return as_item(fact, today, times, note=note, **dosage_of(resource))


def _prescribed(resource: Element, status: str, _: Match) -> Times | Ignored:
    """The day a prescription was written is not the day the medicine was begun: it may renew an older one."""
    dosages = parts(resource, "dosageInstruction")
    bounds = [part(part(part(dosage, "timing"), "repeat"), "boundsPeriod") for dosage in dosages]
    periods = [bound for bound in bounds if bound]
    period = periods[0] if len(periods) == 1 else EMPTY
    return _from_to(moment(text(period, "start")), moment(text(period, "end")), status)


def _stated(resource: Element, status: str, _: Match) -> Times | Ignored:
    ended = moment(text(part(resource, "effectivePeriod"), "end"))
    if status in ENDED:
        ended = ended or moment(text(resource, "effectiveDateTime"))
    return _from_to(moment(text(part(resource, "effectivePeriod"), "start")), ended, status)


def _from_to(since: Moment | None, until: Moment | None, status: str) -> Times | Ignored:
    if status in ENDED and until is None:
        return Ignored("has ended, and nothing says when")
    return {"since": since, "until": until}


def _given(resource: Element, _: str, match: Match) -> Times | Ignored:
    """A dose is over when it was given, but for B12, which is stored."""
    given = when(resource, "effectiveDateTime", "effectivePeriod")
    if given is None:
        return Ignored("does not say when it was given")
    return {"last_given": given, "until": None if match.fact.code in B12_PRODUCTS else given}


def _dispensed(resource: Element, _: str, __: Match) -> Times | Ignored:
    handed = when(resource, "whenHandedOver", "whenPrepared")
    days = _days(part(resource, "daysSupply"))
    if handed is None or days is None or handed.period.last.year >= MAXYEAR - 10:
        return Ignored("does not say for how long the supply lasts")
    last = handed.period.last + timedelta(days=days)
    return {"until": Moment(last.isoformat(), Period(last, last)), "last_given": handed}


def _days(supply: Element) -> int | None:
    days, units = number(supply, "value"), {text(supply, name) for name in ("code", "unit")}
    plain = units <= {"", "d", "day", "days", "Day", "Days"}
    return int(days) if plain and days is not None and 0 < days <= LONGEST_SUPPLY else None


TIMES_OF = {
    "MedicationRequest": _prescribed,
    "MedicationStatement": _stated,
    "MedicationAdministration": _given,
    "MedicationDispense": _dispensed,
}


def _named(record: Record, records: Records) -> Element:
    """The Medication: the concept itself, one inside the resource, one elsewhere in the document, or only its name."""
    resource = record.resource
    concept, reference = part(resource, "medicationCodeableConcept"), part(resource, "medicationReference")
    named = text(reference, "reference")
    if concept:
        return {"code": concept}
    if named.startswith("#"):
        inside = (one for one in parts(resource, "contained") if text(one, "id") == named[1:])
        return next(inside, EMPTY)
    found = records.referred(named) if named else None
    return found.resource if found else {"code": {"text": text(reference, "display")}}


def _medicines(medication: Element, terms: Terms, records: Records) -> list[Match]:
    """What a product is, and what it is made of; B12 or folic acid among other things is a multivitamin."""
    product = Concept(part(medication, "code"))
    ingredients = [_ingredient(one, records) for one in parts(medication, "ingredient")]
    found = [match for concept in (product, *ingredients) for match in _meant(concept, terms)]
    named_together = any(match.by_name for match in found) and _is_mixture(product)
    distinct = {match.fact.code: match for match in reversed(found)}
    if len(distinct) > 1 or len(ingredients) > 1 or named_together:
        return list(_as_mixture(distinct))
    return list(distinct.values())


def _ingredient(ingredient: Element, records: Records) -> Concept:
    item = part(ingredient, "itemCodeableConcept")
    referred = records.referred(text(part(ingredient, "itemReference"), "reference"))
    return Concept(item or (part(referred.resource, "code") if referred else EMPTY))


def _meant(concept: Concept, terms: Terms) -> Sequence[Match]:
    return terms.by_code(concept, ("medications", "procedures")) or terms.find(concept, ("medications",))


def _is_mixture(product: Concept) -> bool:
    return any(SEVERAL_INGREDIENTS.search(name) for name in product.called)


def _as_mixture(found: Mapping[str, Match]) -> Iterator[Match]:
    others = {code: match for code, match in found.items() if code not in VITAMINS}
    vitamins = [match for code, match in found.items() if code in VITAMINS]
    yield from others.values()
    if vitamins:
        yield Match(catalogue().fact("multivitamin"), by_name=any(match.by_name for match in vitamins))
