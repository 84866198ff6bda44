"""The limits that a result is judged by, those of the rule set and those of the laboratory, laid along a scale."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rules.fact_types import FactType
from rules.facts import Result
from rules.limits import Comparison, Limit
from rules.model import RuleSet
from rules.quantities import plain, trimmed
from schemas.wording import readable
from service.people.scale import Scale, limit_in

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


Placed = tuple[str | None, Decimal, str | None]


def guideline_limits(fact: FactType, rule_set: RuleSet, unit: str) -> list[Placed]:
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


def own_limits(result: Result) -> list[Placed]:
    """What the laboratory sent with a result."""
    own: dict[str, Decimal | None] = {
        "deficient_below": result.deficient_below,
        "unlikely_above": result.unlikely_above,
        "low": result.low or None,
        "high": result.high,
    }
    return sorted(((kind, value, None) for kind, value in own.items() if value is not None), key=lambda mark: mark[1])


def marks(limits: Iterable[Placed], scale: Scale) -> tuple[Mark, ...]:
    """Limits laid along a scale."""
    return tuple(Mark(kind, value, scale.at(value), plain(trimmed(value)), other) for kind, value, other in limits)


def _word(left: str | None, right: str | None) -> str:
    return BETWEEN.get((left or "", right or "")) or ABOVE.get(left or "") or BELOW.get(right or "") or ""
