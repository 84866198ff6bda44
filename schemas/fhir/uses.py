"""When a medicine was taken, as a prescription, a statement, a dose given or a supply says it."""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, timedelta

from rules.dates import Period
from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.concepts import Match
from schemas.fhir.elements import EMPTY, Element, number, part, parts, text
from schemas.fhir.extracts import Ignored
from schemas.fhir.times import Moment, moment, when

ENDED = ("completed", "stopped", "ended")
LONGEST_SUPPLY = 3660

Times = Mapping[str, Moment | None]


def times_of(type_: str, resource: Element, status: str, match: Match) -> Times | Ignored:
    """The times of a use, or why it says nothing of when."""
    return TIMES_OF[type_](resource, status, match)


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


TIMES_OF: Mapping[str, Callable[[Element, str, Match], Times | Ignored]] = {
    "MedicationRequest": _prescribed,
    "MedicationStatement": _stated,
    "MedicationAdministration": _given,
    "MedicationDispense": _dispensed,
}
