"""Laboratory results drawn on the bands they are judged by, in both units, with the results before them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import pairwise

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Facts, Result
from rules.limits import Comparison, Limit
from rules.model import RuleSet
from rules.quantities import Interval, Quantity, plain
from service.people.scale import Scale, Spot, limit_in
from service.review_language import readable

SHOWN = Context(prec=3)

# What a stretch of the scale is called, by the limits that it lies between.
ABOVE = {"unlikely_above": "unlikely", "high": "high"}
BELOW = {"deficient_below": "deficient", "low": "low"}
BETWEEN = {("deficient_below", "unlikely_above"): "indeterminate", ("uncertain_from", "high"): "uncertain"}


@dataclass(frozen=True)
class Mark:
    """A limit on a scale: what it bounds, where, and as it is printed in the unit of the result and in the other."""

    kind: str | None
    value: Decimal
    at: float
    text: str
    other: str | None


@dataclass(frozen=True)
class Band:
    """A stretch of a scale with the word for a result in it, if there is one."""

    start: float
    width: float
    word: str


@dataclass(frozen=True)
class Ruler:
    """The limits of the rule set, or those of the laboratory."""

    owner: str
    marks: tuple[Mark, ...]

    @property
    def bands(self) -> list[Band]:
        """The stretches between the limits."""
        edges: list[tuple[float, str | None]] = [(0.0, None), *((mark.at, mark.kind) for mark in self.marks)]
        return [
            Band(start, round(end - start, 2), _word(left, right))
            for (start, left), (end, right) in pairwise([*edges, (100.0, None)])
        ]


@dataclass(frozen=True)
class Dot:
    """One result of a trend, placed in per cent."""

    x: float
    y: float
    date: str
    text: str


@dataclass(frozen=True)
class Chart:
    """One test: its newest result on the bands, and those before it."""

    fact: FactType
    value: str
    other: str | None
    unit: str
    date: str | None
    spot: Spot
    rulers: tuple[Ruler, ...]
    trend: tuple[Dot, ...]


def charts(facts: Facts, rule_set: RuleSet) -> list[Chart]:
    """A chart for every test with a figure and a limit, in the order of the catalogue."""
    tests = (fact for fact in catalogue().groups["labs"].values() if fact.code in facts.results)
    drawn = (_chart(fact, facts.results[fact.code], rule_set) for fact in tests)
    return [chart for chart in drawn if chart]


def _chart(fact: FactType, results: tuple[Result, ...], rule_set: RuleSet) -> Chart | None:
    quantity = results[0].quantity
    if quantity is None:
        return None
    limits = _guideline_limits(fact, rule_set, quantity.unit)
    own = _own_limits(results[0])
    if not limits and not own:
        return None
    scale = Scale.around([value for _, value, _ in (*limits, *own)], quantity.interval)
    rulers = [
        Ruler(owner, _marks(given, scale)) for owner, given in (("rule_set", limits), ("laboratory", own)) if given
    ]
    return Chart(
        fact=fact,
        value=readable(str(quantity)),
        other=other_unit(fact, quantity),
        unit=readable(f" {quantity.unit}").strip(),
        date=str(results[0].date) if results[0].date else None,
        spot=scale.spot(quantity.interval),
        rulers=tuple(rulers),
        trend=_trend(fact, results, quantity.unit),
    )


Placed = tuple[str | None, Decimal, str | None]


def _guideline_limits(fact: FactType, rule_set: RuleSet, unit: str) -> list[Placed]:
    """What the findings of the set ask of a test: the limits a laboratory could replace, else all there are."""
    asked = list(_comparisons(fact, rule_set))
    replaceable = [comparison for comparison in asked if comparison.laboratory_limit]
    found: dict[Decimal, Placed] = {}
    for comparison in replaceable or asked:
        value = limit_in(fact, comparison.limits, unit)
        found.setdefault(value, (comparison.laboratory_limit, value, _printed_otherwise(comparison.limits, fact, unit)))
        if comparison.uncertain_from:
            start = limit_in(fact, (comparison.uncertain_from,), unit)
            found[start] = ("uncertain_from", start, None)
    return [found[value] for value in sorted(found)]


def _comparisons(fact: FactType, rule_set: RuleSet) -> Iterator[Comparison]:
    for finding in rule_set.findings.values():
        if finding.line and finding.line.fact.code == fact.code:
            yield from finding.line.comparisons


def _printed_otherwise(limits: Iterable[Limit], fact: FactType, unit: str) -> str | None:
    other = next((limit for limit in limits if not fact.same_kind(unit, limit.unit)), None)
    return readable(str(other)) if other else None


def _own_limits(result: Result) -> list[Placed]:
    own: dict[str, Decimal | None] = {
        "deficient_below": result.deficient_below,
        "unlikely_above": result.unlikely_above,
        "low": result.low or None,
        "high": result.high,
    }
    return sorted(((kind, value, None) for kind, value in own.items() if value is not None), key=lambda mark: mark[1])


def _marks(limits: Iterable[Placed], scale: Scale) -> tuple[Mark, ...]:
    return tuple(
        Mark(kind, value, scale.at(value), plain(value.normalize() + 0), other) for kind, value, other in limits
    )


def _word(left: str | None, right: str | None) -> str:
    return BETWEEN.get((left or "", right or "")) or ABOVE.get(left or "") or BELOW.get(right or "") or ""


def other_unit(fact: FactType, quantity: Quantity) -> str | None:
    """A result in the unit that the other half of the world uses; none where all use one."""
    reported = fact.units[quantity.unit]
    others = [unit for unit, known in fact.units.items() if not known.measures_as(reported)]
    unlike = [unit for unit in others if not fact.same_kind(unit, quantity.unit)]
    unit = next(iter((*unlike, *others)), None)
    return (
        readable(str(Quantity(_rounded(fact.convert(quantity.interval, quantity.unit, unit)), unit))) if unit else None
    )


def _rounded(exact: Interval) -> Interval:
    return Interval(SHOWN.plus(exact.low), SHOWN.plus(exact.high), exact.low_open, exact.high_open)


def _trend(fact: FactType, results: Iterable[Result], unit: str) -> tuple[Dot, ...]:
    """The dated results of a test, oldest first; one alone is no trend."""
    known = [(result.date.first, result) for result in results if result.quantity and result.date]
    dated = sorted(known, key=lambda dated: dated[0])
    if len(dated) <= 1:
        return ()
    first, last = dated[0][0], dated[-1][0]
    days = max((last - first).days, 1)
    values = [_figure(fact, result, unit) for _, result in dated]
    scale = Scale(max(values) * Decimal("1.2") or Decimal(1))
    return tuple(
        Dot(round(8 + 84 * (day - first).days / days, 2), round(100 - scale.at(value), 2), str(result.date), text)
        for (day, result), value in zip(dated, values, strict=True)
        for text in [readable(str(result.quantity))]
    )


def _figure(fact: FactType, result: Result, unit: str) -> Decimal:
    if result.quantity is None:
        return Decimal(0)
    return fact.convert(result.quantity.interval, result.quantity.unit, unit).bound
