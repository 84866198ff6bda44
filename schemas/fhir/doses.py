"""How much of a medicine and by which way, where a dosage says it plainly."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.quantities import trimmed
from schemas.doses import canonical_dose_unit
from schemas.fhir.answers import answers
from schemas.fhir.concepts import words
from schemas.fhir.elements import Element, flag, number, part, parts, text
from schemas.items import MOST_DOSE

# Nobody is given less in any unit: what is smaller is a slip, and longer than a number of a summary may be.
LEAST_DOSE = Decimal("1E-12")
PERIODS: Mapping[str, tuple[int, str]] = {"h": (24, "day"), "d": (1, "day"), "wk": (1, "week"), "mo": (1, "month")}


def dosage_of(resource: Element) -> dict[str, Any]:
    """The dose and the route of the one dosage a resource gives; none of several, which follow one another."""
    dosages = parts(resource, "dosageInstruction") or parts(resource, "dosage")
    if len(dosages) != 1:
        return {}
    route = _route(part(dosages[0], "route"))
    return {**_dose(dosages[0]), **({"route": route} if route else {})}


def _route(concept: Element) -> str | None:
    codings = parts(concept, "coding")
    by_code = [answers().routes.get(text(coding, "code")) for coding in codings]
    names = [text(concept, "text"), *(text(coding, "display") for coding in codings)]
    by_name = [answers().route_words.get(words(name)) for name in names]
    return next((route for route in (*by_code, *by_name) if route), None)


def _dose(dosage: Element) -> dict[str, Any]:
    amount = _quantity(dosage)
    value = number(amount, "value")
    units = (canonical_dose_unit(text(amount, name)) for name in ("code", "unit"))
    unit = next((unit for unit in units if unit), None)
    if value is None or unit is None or "/" in unit:
        return {}
    times, period = _rate(dosage)
    dose = None if times is None else value * times
    if dose is None or not LEAST_DOSE <= dose <= MOST_DOSE:
        return {}
    return {"dose": trimmed(dose), "unit": f"{unit}/{period}" if period else unit}


def _quantity(dosage: Element) -> Element:
    stepped = next(iter(parts(dosage, "doseAndRate")), dosage)
    return part(stepped, "doseQuantity") or part(dosage, "dose")


def _rate(dosage: Element) -> tuple[Decimal | None, str]:
    """How often in which period; once in none where no time is given, None where the time is not plain."""
    timing = part(dosage, "timing")
    repeat = part(timing, "repeat")
    if not repeat.keys() - {"boundsPeriod", "boundsDuration"} and not timing.keys() - {"repeat"}:
        return Decimal(1), ""
    often, period = number(repeat, "frequency"), number(repeat, "period")
    times, name = PERIODS.get(text(repeat, "periodUnit"), (0, ""))
    if not often or not period or not times or flag(dosage, "asNeededBoolean"):
        return None, ""
    return often * times / period, name
