"""The limits of one test in one unit side by side, so that a result is placed among them once, not beside each."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from rules.fact_types import FactType
from rules.facts import Facts, Result
from rules.judging import line_truth
from rules.limits import Limit
from rules.marks import marks
from rules.model import Finding, Line
from rules.quantities import Interval, Quantity
from rules.truth import Truth

# A limit converted to another unit is rounded in its last digits; what is as near to it as that is not placed.
NEARNESS = Decimal("1e-20")


class Standing(NamedTuple):
    """How some findings stand: the bits of those that hold, and of those that hold or may."""

    true: int
    possible: int


class Scale:
    """The limits of some findings in order, with how the findings stand at each and between neighbours.

    `stand` says that for one value. It is asked once for every limit and once for every gap, since within a gap
    nothing can change. `marks` are the bits of the findings, `unmoved` of those that nothing beside the number moves.
    """

    def __init__(self, limits: Iterable[Decimal], findings: Sequence[Finding], stand: Callable[[Decimal], Standing]):
        self.marks = marks(findings)
        self.unmoved = marks(finding for finding in findings if finding.line and _is_unmoved(finding.line))
        self._ends = sorted({end for limit in limits for end in _around(limit)})
        self._at = [stand(end) for end in self._ends]
        self._between = [stand(value) if value is not None else None for value in _gaps(self._ends)]

    def standing(self, value: Decimal) -> Standing | None:
        """How the findings stand at that value; None where it is too near to a limit to be placed."""
        place = bisect_left(self._ends, value)
        at_an_end = place < len(self._ends) and self._ends[place] == value
        return self._at[place] if at_an_end else self._between[place]


def stand(findings: Iterable[Finding], facts: Facts) -> Standing:
    """How findings that are lines stand for one patient."""
    true = possible = 0
    for finding in findings:
        truth = Truth.UNKNOWN if finding.line is None else line_truth(finding.line, facts)
        true |= finding.mark if truth is Truth.TRUE else 0
        possible |= finding.mark if truth is not Truth.FALSE else 0
    return Standing(true, possible)


def scale_of(fact: FactType, unit: str, findings: Sequence[Finding]) -> Scale:
    """The scale of a test in a unit it takes, for findings that are lines about that test."""
    limits = [_in_unit(fact, limit, unit) for finding in findings if finding.line for limit in _limits(finding.line)]

    def standing(value: Decimal) -> Standing:
        result = Result(fact.code, "", Quantity(Interval.exactly(value), unit))
        return stand(findings, Facts(date.min, 0, "unknown", results={fact.code: (result,)}))

    return Scale(limits, findings, standing)


def _limits(line: Line) -> Iterator[Limit]:
    for comparison in line.comparisons:
        yield from comparison.limits
        if comparison.uncertain_from is not None:
            yield comparison.uncertain_from


def _in_unit(fact: FactType, limit: Limit, unit: str) -> Decimal:
    return fact.convert(Interval.exactly(limit.value), limit.unit, unit).low


def _is_unmoved(line: Line) -> bool:
    """Whether the laboratory's own limits and flag say nothing to a line."""
    if line.form == "compare":
        return all(comparison.laboratory_limit is None for comparison in line.comparisons)
    return line.form in ("known", "measured")


def _around(limit: Decimal) -> tuple[Decimal, ...]:
    near = abs(limit) * NEARNESS
    return limit - near, limit, limit + near


def _gaps(ends: Sequence[Decimal]) -> Iterator[Decimal | None]:
    """A value in every gap, the two outermost included; None for a gap that only surrounds a limit."""
    yield ends[0] - 1 if ends else Decimal(0)
    for lower, upper in pairwise(ends):
        yield (lower + upper) / 2 if upper - lower > upper.copy_abs() * NEARNESS * 2 else None
    if ends:
        yield ends[-1] + 1
