"""What makes one laboratory result wrong although each of its fields is well formed."""

import math
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

from marshmallow import ValidationError

from rules.fact_types import FactType, Unit
from rules.quantities import Interval, plain, trimmed
from schemas.problem import Complaint, near_names
from schemas.reading import UNIT_SIGNS, is_reported
from schemas.values import CATEGORIES

SHOWN_DIGITS = 3
BANDED_TESTS = ("b12_total", "b12_active")
LIMITS = {"reference_range": ("low", "high"), "cutoffs": ("deficient_below", "unlikely_above")}

# A result with each field as it was read, and as it was sent.
ReadLab = Mapping[str, Any]
SentLab = Mapping[str, Any]


def check_word(fact: FactType, word: str, sent: SentLab) -> None:
    """A word is for tests reported in that word, and has no unit."""
    if word not in fact.categories:
        words = [sent_as for sent_as, category in CATEGORIES.items() if category in fact.categories]
        raise ValidationError(Complaint("is not how this test is reported", words), "value")
    if "unit" in sent:
        raise ValidationError("must be left out beside a word", "unit")


def check_number(fact: FactType, interval: Interval, lab: ReadLab, sent: SentLab) -> None:
    """A number has a unit that the test takes, and is plausible in it: else the unit or the decimal point slipped."""
    if "unit" not in sent:
        raise ValidationError(Complaint("is required beside a number", fact.accepted_units()), "unit")
    spelling = lab.get("unit")
    unit = fact.unit_named(spelling) if spelling is not None else None
    if unit is not None and not fact.is_plausible(Interval.exactly(interval.bound), unit.name):
        raise ValidationError(_implausible(fact, unit), "value")
    if unit is None and spelling is not None and not is_reported(spelling, UNIT_SIGNS):
        raise ValidationError(_unknown_unit(fact, spelling), "unit")


def _unknown_unit(fact: FactType, spelling: str) -> Complaint:
    units = fact.accepted_units()
    return Complaint("is not a unit this test is read in", units, lambda: near_names(spelling, units))


def limit_errors(name: str, fact: FactType, lab: ReadLab, sent: SentLab) -> object:
    """What is wrong with the limits of the laboratory: they stand beside a number, in order, plausible in its unit."""
    if name == "cutoffs" and fact.code not in BANDED_TESTS:
        return ["is only for b12_total and b12_active"]
    if "value" not in sent or isinstance(lab.get("value"), str):
        return ["needs a number to stand beside"]
    lower, upper = LIMITS[name]
    if lab[name].get(lower, 0) > lab[name].get(upper, math.inf):
        return [f"must not have {lower} above {upper}"]
    unit = fact.unit_named(lab.get("unit", ""))
    return _implausible_limits(fact, lab[name], unit) if unit is not None else None


def _implausible_limits(fact: FactType, limits: Mapping[str, Decimal], unit: Unit) -> dict[str, list[str]]:
    """Zero as the lower end of a reference range says that there is none."""
    return {
        name: [_implausible(fact, unit)]
        for name, limit in limits.items()
        if (limit or name != "low") and not fact.is_plausible(Interval.exactly(limit), unit.name)
    }


def _implausible(fact: FactType, unit: Unit) -> str:
    """What would be plausible in the unit that was sent; a rounded end is rounded outward, and is about so much."""
    known = Interval(*(fact.plausible or ()))
    exact = fact.convert(known, fact.unit or unit.name, unit.name)
    lowest, highest = _short(exact.low, ROUND_FLOOR), _short(exact.high, ROUND_CEILING)
    about = "" if (lowest, highest) == (exact.low, exact.high) else "about "
    return f"is not plausible in its unit: {about}{plain(lowest)} to {plain(highest)} {unit.name} would be"


def _short(value: Decimal, rounding: str) -> Decimal:
    """At most three digits that count: a factor of conversion leaves many."""
    return trimmed(Context(prec=SHOWN_DIGITS, rounding=rounding).plus(value))
