"""Laboratory results drawn on the bands they are judged by, in both units, with the results before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Facts, Result
from rules.model import RuleSet
from rules.quantities import Quantity
from schemas.account import in_unit
from schemas.wording import readable
from service.people.rulers import Ruler, guideline_limits, marks, own_limits
from service.people.scale import Scale, Spot

SHOWN = Context(prec=3)


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
    limits = guideline_limits(fact, rule_set, quantity.unit)
    own = own_limits(results[0])
    if not limits and not own:
        return None
    scale = Scale.around([value for _, value, _ in (*limits, *own)], quantity.interval)
    rulers = [
        Ruler(owner, marks(given, scale)) for owner, given in (("rule_set", limits), ("laboratory", own)) if given
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


def other_unit(fact: FactType, quantity: Quantity) -> str | None:
    """A result in the unit that the other half of the world uses; none where all use one."""
    reported = fact.units[quantity.unit]
    others = [unit for unit, known in fact.units.items() if not known.measures_as(reported)]
    unlike = [unit for unit in others if not fact.same_kind(unit, quantity.unit)]
    unit = next(iter((*unlike, *others)), None)
    return readable(str(in_unit(fact.code, quantity, unit, SHOWN))) if unit else None


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
