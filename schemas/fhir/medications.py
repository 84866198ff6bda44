"""Medicines: what was prescribed, stated, given or dispensed, and whether the patient takes it now."""

from collections.abc import Iterator
from datetime import date

from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.bundles import Record
from schemas.fhir.concepts import Match
from schemas.fhir.doses import dosage_of
from schemas.fhir.elements import Element, code_of, flag, text
from schemas.fhir.extracts import Extract, Ignored
from schemas.fhir.items import as_item
from schemas.fhir.products import medicines_in, product_of
from schemas.fhir.records import Records
from schemas.fhir.terms import Terms
from schemas.fhir.uses import times_of

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


def read_medication(record: Record, records: Records, terms: Terms, today: date) -> Iterator[Extract]:
    """What a prescription, a statement, a dose given or a supply says of each medicine in it."""
    resource, status = record.resource, code_of(record.resource, "status")
    medicines = medicines_in(product_of(record, records), terms, records)
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


def _use(match: Match, type_: str, resource: Element, status: str, today: date) -> Extract:
    fact, note = match.fact, match.note
    if status == "not-taken":
        return as_item(fact, today, {}, present=False, note=note)
    times = times_of(type_, resource, status, match)
    if isinstance(times, Ignored):
        return times._replace(fact=fact, lost=fact.code in B12_PRODUCTS)
    if fact.group == "procedures":
        given = next((time for time in (times.get("last_given"), times.get("until"), times.get("since")) if time), None)
        return as_item(fact, today, {"date": given}, note=note)
    return as_item(fact, today, times, note=note, **dosage_of(resource))
