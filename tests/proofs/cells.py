"""The cells that findings divide a fact into: a value at every cut point, between each two, beyond each end."""

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from itertools import pairwise, product

from rules.fact_types import FactType
from rules.facts import Result
from rules.model import Finding
from rules.quantities import Interval, Quantity

FLAGS = (None, "low", "normal", "high")
SIGNS = ("<", "<=", ">", ">=")
SIX_DIGITS = Context(prec=6)
BESIDE = (Decimal("0.99"), Decimal(1), Decimal("1.01"))
ORDERED = (("low", "high"), ("deficient_below", "unlikely_above"))
ANYTHING = (Decimal(0), Decimal(1000))
Limits = dict[str, Decimal | None]


def cut_points(fact: FactType, findings: Iterable[Finding], unit: str) -> list[Decimal]:
    """Every limit that findings draw through a fact, in one unit."""
    comparisons = [one for finding in findings if finding.line for one in finding.line.comparisons]
    limits = [limit for one in comparisons for limit in (*one.limits, one.uncertain_from) if limit is not None]
    if not fact.units:
        return sorted({limit.value for limit in limits})
    return sorted({_in_unit(fact, limit.value, limit.unit, unit) for limit in limits})


def _in_unit(fact: FactType, value: Decimal, unit: str, to: str) -> Decimal:
    if not fact.units:
        return Decimal(value)
    converted = fact.convert(Interval.exactly(value), unit, to).low
    return value if unit == to else SIX_DIGITS.plus(converted)


def values(fact: FactType, findings: Iterable[Finding], unit: str) -> list[Decimal]:
    """One value in every cell: at each cut point, between each two, below the first and above the last."""
    lowest, highest = (_in_unit(fact, end, fact.unit or unit, unit) for end in fact.plausible or ANYTHING)
    cuts = [cut for cut in cut_points(fact, findings, unit) if lowest <= cut <= highest]
    ends = [lowest, *cuts, min(highest, cuts[-1] * 2)] if cuts else [lowest, highest]
    between = [SIX_DIGITS.plus((low + high) / 2) for low, high in pairwise(ends) if low < high]
    return sorted({*cuts, *between})


def intervals(cells: Iterable[Decimal]) -> Iterator[Interval]:
    """Each value exactly, and as the bound of a censored result."""
    for value in cells:
        yield Interval.exactly(value)
        yield from (Interval.censored(sign, value) for sign in SIGNS if value > 0)


def words(fact: FactType) -> Iterator[Result]:
    """Every result without a figure: only the laboratory's flag, or a word with or without one."""
    yield from (Result(fact.code, "", flag=flag) for flag in FLAGS[1:])
    yield from (Result(fact.code, "", category=word, flag=flag) for word in fact.categories for flag in FLAGS)


def quantities(fact: FactType, findings: Iterable[Finding]) -> Iterator[Quantity]:
    """A figure in every cell, in every unit, exact and as the bound of a censored one."""
    findings = list(findings)
    for unit in fact.units:
        yield from (Quantity(interval, unit) for interval in intervals(values(fact, findings, unit)))


def with_limits(fact: FactType, quantity: Quantity, findings: Iterable[Finding]) -> Iterator[Result]:
    """A figure with the flags and the limits of the laboratory that findings could read beside it."""
    wanted = _limits_read(findings)
    flags = FLAGS if {"low", "high"} & set(wanted) else FLAGS[:1]
    for limits, flag in product(_own_limits(quantity.interval, wanted), flags):
        yield Result(fact.code, "", quantity, flag=flag, **limits)


def _limits_read(findings: Iterable[Finding]) -> list[str]:
    """Which of the laboratory's own limits any of the findings reads."""
    lines = [finding.line for finding in findings if finding.line]
    named = {one.laboratory_limit for line in lines for one in line.comparisons if one.laboratory_limit}
    ranged = {"low", "high"} if any(line.form in ("range", "is") for line in lines) else set()
    return sorted(named | ranged | ({"low"} if any(line.fact.group == "derived" for line in lines) else set()))


def _own_limits(interval: Interval, wanted: list[str]) -> Iterator[Limits]:
    """Each limit of the laboratory left out, below, at or above the value: only their order matters."""
    bound = interval.low if interval.low > 0 else interval.high
    options = (None, *(SIX_DIGITS.multiply(bound, times) for times in BESIDE))
    for chosen in product(options, repeat=len(wanted)):
        limits = dict(zip(wanted, chosen, strict=True))
        if all(_in_order(limits.get(lower), limits.get(upper)) for lower, upper in ORDERED):
            yield limits


def _in_order(lower: Decimal | None, upper: Decimal | None) -> bool:
    return lower is None or upper is None or lower <= upper


def numbers(fact: FactType, findings: Iterable[Finding]) -> list[int]:
    """The whole numbers at and beside every cut point of a count, an age or a duration."""
    lowest, highest = (int(end) for end in fact.plausible or ANYTHING)
    near = {int(cut) + step for cut in cut_points(fact, findings, "") for step in (-1, 0, 1)}
    return sorted(number for number in {*near, lowest} if lowest <= number <= highest)
