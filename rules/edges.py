"""The two neighboring values that can be reported on either side of a limit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from rules.derived.timing import MONTH_DAYS
from rules.fact_types import FactType
from rules.limits import Comparison, Limit
from rules.model import Finding


@dataclass(frozen=True, slots=True)
class Edge:
    """Two neighboring values of one fact, `inside` and `outside` what a finding describes."""

    finding: Finding
    fact: FactType
    sign: str
    limit: Limit
    unit: str
    inside: Decimal
    outside: Decimal


def edges(findings: Iterable[Finding]) -> list[Edge]:
    """Both sides of every limit behind some findings, each limit once."""
    return list({(edge.fact.code, edge.sign, edge.limit): edge for edge in _edges(findings)}.values())


def _edges(findings: Iterable[Finding]) -> Iterator[Edge]:
    for finding in findings:
        yield from _edges(finding.members)
        if finding.line is not None:
            for comparison in finding.line.comparisons:
                yield from _edges_of(finding, finding.line.fact, comparison)


def _edges_of(finding: Finding, fact: FactType, comparison: Comparison) -> Iterator[Edge]:
    """The same limit in a second unit is tried a tenth apart, where converting it would show."""
    first, *others = comparison.limits
    undecided = [comparison.uncertain_from] if comparison.uncertain_from else []
    for limit, finer in [(first, 0), *((other, 1) for other in others), *((limit, 0) for limit in undecided)]:
        if fact.group == "derived" and fact.unit == "months":
            values = _neighbors(comparison.sign, limit.value * MONTH_DAYS, Decimal(1))
            yield Edge(finding, fact, comparison.sign, limit, "days", *values)
        else:
            values = _neighbors(comparison.sign, limit.value, _step(limit, finer))
            yield Edge(finding, fact, comparison.sign, limit, limit.unit, *values)


def _step(limit: Limit, finer: int) -> Decimal:
    """One in the last place that the limit is printed with, or in the one after it."""
    return Decimal(1).scaleb(min(int(limit.value.as_tuple().exponent), 0) - finer)


def _neighbors(sign: str, limit: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """The last reported value on the described side and the first on the other."""
    up, down = ((limit / step).to_integral_value(rounding) * step for rounding in (ROUND_CEILING, ROUND_FLOOR))
    match sign:
        case "<":
            return up - step, up
        case "<=":
            return down, down + step
        case ">":
            return down + step, down
        case _:
            return up, up - step
