"""Conditions and procedures: what the patient has, had, was found not to have, or had done."""

from collections.abc import Iterator
from datetime import date

from schemas.fhir.concepts import Concept, Match
from schemas.fhir.elements import Element, code_of, part
from schemas.fhir.extracts import Extract, Ignored
from schemas.fhir.findings import extract_of
from schemas.fhir.items import as_item, places
from schemas.fhir.terms import Terms
from schemas.fhir.times import end, start, when

CONDITION_GROUPS = ("conditions", "symptoms", "signs", "procedures", "history", "statements", "diet")
UNCONFIRMED = ("unconfirmed", "provisional", "differential")
OVER = ("inactive", "resolved")
RECORDED = ("recordedDate", "assertedDate")
DONE = ("", "completed", "in-progress", "unknown")


def read_condition(resource: Element, terms: Terms, today: date) -> Iterator[Extract]:
    """What a Condition says: there, not there when it was refuted, not known while it is unconfirmed."""
    verified = code_of(resource, "verificationStatus")
    if verified == "entered-in-error":
        yield Ignored("was entered in error")
        return
    if verified in UNCONFIRMED:
        yield Ignored("is not confirmed")
        return
    found = terms.find(Concept(part(resource, "code")), CONDITION_GROUPS)
    if not found:
        yield Ignored("is about nothing in the catalogue of facts")
    for match in found:
        yield _refuted(match, today) if verified == "refuted" else _condition(match, resource, today)


def _refuted(match: Match, today: date) -> Extract:
    if match.fact.kind != "presence":
        return Ignored("was refuted")
    return as_item(match.fact, today, {}, present=False, note=match.note)


def _condition(match: Match, resource: Element, today: date) -> Extract:
    fact, status = match.fact, code_of(resource, "clinicalStatus")
    since = start(resource, "onsetDateTime", "onsetPeriod")
    until = end(resource, "abatementDateTime", "abatementPeriod")
    if fact.group == "procedures":
        return as_item(fact, today, {"date": since}, note=match.note)
    if status in OVER and until is None:
        return Ignored(f"is {status}, and nothing says since when")
    if fact.kind != "presence":
        noted = since or when(resource, *RECORDED)
        return Ignored("is over") if until else extract_of(match, True, resource, noted, today)
    return as_item(fact, today, {"since": since, "until": until}, note=match.note, **places(fact, resource))


def read_procedure(resource: Element, terms: Terms, today: date) -> Iterator[Extract]:
    """What a Procedure says: an operation that was done stays done."""
    status = code_of(resource, "status")
    found = terms.find(Concept(part(resource, "code")), ("procedures",))
    if status not in DONE:
        yield Ignored("was not done, or not to its end")
    elif not found:
        yield Ignored("is about nothing in the catalogue of facts")
    else:
        done = when(resource, "performedDateTime", "performedPeriod")
        yield from (as_item(match.fact, today, {"date": done}, note=match.note) for match in found)
