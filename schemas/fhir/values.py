"""The value of an Observation: a figure in a unit the test takes, a word, or what the laboratory flagged."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.quantities import Interval, plain
from schemas.fhir.answers import answer_of, flag_of, interpreted_answer
from schemas.fhir.elements import DIGITS, Element, number, part, text, written_number
from schemas.fhir.ranges import reference_range
from schemas.lab_checks import limit_errors
from schemas.values import CENSORED

VALUES = frozenset(
    f"value{kind}"
    for kind in (
        *("Quantity", "CodeableConcept", "String", "Boolean", "Integer", "Range"),
        *("Ratio", "SampledData", "Time", "DateTime", "Period", "Attachment"),
    )
)
COMPARATORS = ("", "<", "<=", ">", ">=")
FIGURE = re.compile(rf"(<=|>=|<|>|≤|≥)?\s*{DIGITS}\s*(\S.{{0,40}})?")
SIGNS = {"≤": "<=", "≥": ">=", None: ""}

Entry = dict[str, Any]


class Unreadable(Exception):
    """A result that is there and cannot be taken as it is; its text says why and repeats nothing of it."""


class NoResult(Exception):
    """There is no result: it was not made, not ready, or withdrawn."""


class Figure(NamedTuple):
    """A number with its sign and the unit it was reported in, by our spelling."""

    sign: str
    value: Decimal
    unit: str

    def sent(self) -> str | Decimal:
        """The figure as a summary takes it."""
        return f"{self.sign}{plain(self.value)}" if self.sign else self.value


def read_result(fact: FactType, holder: Element) -> tuple[Entry, str]:
    """The value of a test as a summary takes it, with what of it had to be left out.

    `holder` is the Observation or its component. Unreadable and NoResult say why there is none.
    """
    flag = flag_of(holder)
    flagged = {"interpretation": flag} if flag else {}
    try:
        entry, note = _read_value(fact, holder)
    except Unreadable as unreadable:
        if not flag:
            raise
        return flagged, f"only the laboratory's flag is used, since the result {unreadable}"
    except NoResult:
        word = interpreted_answer(holder)
        if word in fact.categories:
            return {"value": word}, ""
        if not flag:
            raise
        return flagged, ""
    return {**entry, **flagged}, note


def _read_value(fact: FactType, holder: Element) -> tuple[Entry, str]:
    quantity = part(holder, "valueQuantity")
    if quantity:
        return _figured(fact, _quantity(fact, quantity), holder)
    said = text(holder, "valueString")
    if said and (parsed := FIGURE.fullmatch(said)):
        return _figured(fact, _from_text(fact, parsed), holder)
    if part(holder, "valueCodeableConcept") or said or isinstance(holder.get("valueBoolean"), bool):
        return _worded(fact, holder), ""
    if not VALUES.isdisjoint(holder):
        raise Unreadable("is of a kind that is not read")
    raise NoResult("has no value")


def _worded(fact: FactType, holder: Element) -> Entry:
    word = answer_of(holder)
    if word is None:
        raise Unreadable("is in words that are not known")
    if word not in fact.categories:
        raise Unreadable("is in words, and the test is not reported in words")
    return {"value": word}


def _quantity(fact: FactType, quantity: Element) -> Figure:
    value, sign = number(quantity, "value"), text(quantity, "comparator")
    if value is None:
        raise Unreadable("has no number") if "value" in quantity else NoResult("has no value")
    if sign not in COMPARATORS:
        raise Unreadable("has a comparator that is not known")
    return Figure(sign, value, _unit(fact, quantity))


def _unit(fact: FactType, quantity: Element) -> str:
    """The one unit that the code and the printed unit of a quantity mean."""
    meant = {spelling: fact.unit_named(spelling) for spelling in _spelled(quantity)}
    known = [unit for unit in meant.values() if unit]
    if not meant:
        raise Unreadable("has no unit")
    if not known:
        raise Unreadable("has a unit that the test is not read in")
    foreign = any(unit is None and spelling in _all_units() for spelling, unit in meant.items())
    if foreign or not known[0].measures_as(known[-1]):
        raise Unreadable("has a unit and a code of another unit")
    return known[-1].name


def _spelled(quantity: Element) -> Sequence[str]:
    return [spelling for name in ("code", "unit") if (spelling := text(quantity, name))]


@cache
def _all_units() -> frozenset[str]:
    return frozenset(unit for fact in catalogue().groups["labs"].values() for unit in (*fact.units, *fact.spellings))


def _from_text(fact: FactType, parsed: re.Match[str]) -> Figure:
    sign, digits, unit = parsed.groups()
    value = written_number(digits)
    if value is None:
        raise Unreadable("has no number that a measurement can be")
    if not unit:
        raise Unreadable("has no unit")
    known = fact.unit_named(unit.strip())
    if known is None:
        raise Unreadable("has a unit that the test is not read in")
    return Figure(SIGNS.get(sign, sign), value, known.name)


def _figured(fact: FactType, figure: Figure, holder: Element) -> tuple[Entry, str]:
    entry: Entry = {"value": figure.sent(), "unit": figure.unit}
    sent = entry["value"]
    if figure.sign and (figure.value == 0 or not CENSORED.fullmatch(str(sent))):
        raise Unreadable("is a bound that no result can have")
    if not fact.is_plausible(Interval.exactly(figure.value), figure.unit):
        raise Unreadable("is not plausible in its unit")
    limits = reference_range(fact, figure.unit, holder)
    if limits and limit_errors("reference_range", fact, {**entry, "reference_range": limits}, entry):
        return entry, "its reference range is left out: it is not plausible"
    return ({**entry, "reference_range": limits} if limits else entry), ""
