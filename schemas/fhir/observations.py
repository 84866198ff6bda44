"""Observations: laboratory results one by one or in panels; what is no test is read as a finding."""

from collections.abc import Iterable, Sequence
from datetime import date

from schemas.fhir.concepts import Concept, Match, words
from schemas.fhir.elements import Element, code_of, part, parts, text
from schemas.fhir.extracts import Extract, Ignored, Lab
from schemas.fhir.findings import TIMES, read_finding
from schemas.fhir.terms import Terms
from schemas.fhir.times import when
from schemas.fhir.values import VALUES, NoResult, Unreadable, read_result

READ_STATUSES = ("", "final", "amended", "corrected", "appended", "preliminary", "unknown")
NO_RESULT = {
    "registered": "is not ready yet",
    "cancelled": "was cancelled",
    "entered-in-error": "was entered in error",
}
NOT_BLOOD = frozenset(words("urine urinary csf cerebrospinal stool feces saliva sweat synovial pleural semen"))


def read_observation(resource: Element, terms: Terms, today: date) -> Sequence[Extract]:
    """What an Observation says, each component of a panel for itself."""
    status, components = code_of(resource, "status"), parts(resource, "component")
    has_value = not VALUES.isdisjoint(resource)
    if status in NO_RESULT:
        return [Ignored(NO_RESULT[status])]
    if not has_value and not components and resource.get("hasMember"):
        return [Ignored("only names results, which are read where they stand")]
    # The Observation itself says something where it has a value of its own, or no components.
    holders = [resource, *components] if has_value or not components else components
    return [extract for holder in holders for extract in _read(resource, holder, terms, today)]


def _read(resource: Element, holder: Element, terms: Terms, today: date) -> Iterable[Extract]:
    concept = Concept(part(holder, "code"))
    tests = _tests(resource, concept, terms)
    if not tests:
        return read_finding(resource, holder, concept, terms, today)
    if len(tests) == 1:
        return [_result(tests[0], resource, holder, today)]
    moment = when(resource, *TIMES)
    return [Ignored("has codes of different tests", test.fact, moment, lost=True) for test in tests]


def _tests(resource: Element, concept: Concept, terms: Terms) -> list[Match]:
    """The tests that codes stand for; a whole name will do where no LOINC code says what else it is."""
    coded = terms.by_code(concept, ("labs",))
    if coded:
        return coded
    named = terms.by_name(concept, ("labs",))
    foreign = concept.has_code_of("loinc")
    return [match for match in named if not (foreign and terms.has_codes(match.fact)) and not _is_other_fluid(resource)]


def _is_other_fluid(resource: Element) -> bool:
    specimen = part(resource, "specimen")
    return not NOT_BLOOD.isdisjoint(words(text(specimen, "display")))


def _result(test: Match, resource: Element, holder: Element, today: date) -> Lab | Ignored:
    fact, moment, status = test.fact, when(resource, *TIMES), code_of(resource, "status")
    if status not in READ_STATUSES:
        return Ignored("has a status that is not known", fact, moment, lost=True)
    if moment is not None and moment.is_after(today):
        return Ignored("is dated after the day of the assessment", fact, lost=True)
    try:
        entry, note = read_result(fact, holder)
    except Unreadable as unreadable:
        return Ignored(str(unreadable), fact, moment, lost=True)
    except NoResult as nothing:
        return Ignored(str(nothing))
    dated = {"date": moment.shown(today)} if moment else {}
    notes = "; ".join(filter(None, (note, test.note)))
    return Lab(fact, {"test": fact.code, **entry, **dated}, moment, status == "preliminary", notes)
