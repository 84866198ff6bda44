"""The laboratory's reference range, when an Observation gives exactly one that is in the unit of its value."""

import re
from decimal import Decimal

from rules.fact_types import FactType
from schemas.fhir.elements import DIGITS, Element, number, part, parts, text, written_number

BETWEEN = re.compile(rf"{DIGITS}\s*(?:-|–|to)\s*{DIGITS}\s*(\S.{{0,40}})?")
ONE_SIDED = re.compile(rf"(<=|>=|<|>|≤|≥)\s*{DIGITS}\s*(\S.{{0,40}})?")

Limits = dict[str, Decimal]


def reference_range(fact: FactType, unit: str, holder: Element) -> Limits:
    """The limits of the one range that is meant for this patient; none where several could be."""
    ranges = [one for one in parts(holder, "referenceRange") if _is_normal(one)]
    if len(ranges) != 1:
        return {}
    return _stated(fact, unit, ranges[0]) or _written(fact, unit, text(ranges[0], "text"))


def _is_normal(one: Element) -> bool:
    """A range without a type is the normal one; others are for treatment, for a risk or for other people."""
    codings = parts(part(one, "type"), "coding")
    return not codings or any(text(coding, "code") == "normal" for coding in codings)


def _stated(fact: FactType, unit: str, one: Element) -> Limits:
    limits: Limits = {}
    for name in ("low", "high"):
        quantity = part(one, name)
        limit = number(quantity, "value")
        if limit is not None and _same_unit(fact, unit, quantity):
            limits[name] = limit
    return limits


def _same_unit(fact: FactType, unit: str, quantity: Element) -> bool:
    """A limit without a unit is in the unit of the value that it stands beside."""
    code, printed = text(quantity, "code"), text(quantity, "unit")
    return _is_unit(fact, unit, code) and (printed == code or _is_unit(fact, unit, printed))


def _is_unit(fact: FactType, unit: str, spelling: str) -> bool:
    if spelling in ("", unit):
        return True
    known = fact.unit_named(spelling)
    return known is not None and known.measures_as(fact.units[unit])


def _written(fact: FactType, unit: str, said: str) -> Limits:
    between, one_sided = BETWEEN.fullmatch(said), ONE_SIDED.fullmatch(said)
    if between and _fits(fact, unit, between[3]):
        return _numbers(low=between[1], high=between[2])
    if one_sided and _fits(fact, unit, one_sided[3]):
        return _numbers(**{"high" if one_sided[1] in "<=≤" else "low": one_sided[2]})
    return {}


def _numbers(**written: str) -> Limits:
    """The limits of a written range; none of them where one is no number that a limit can be."""
    read = {name: written_number(digits) for name, digits in written.items()}
    limits = {name: limit for name, limit in read.items() if limit is not None}
    return limits if len(limits) == len(read) else {}


def _fits(fact: FactType, unit: str, spelling: str | None) -> bool:
    return _is_unit(fact, unit, (spelling or "").strip())
