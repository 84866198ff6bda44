"""Computed facts that are left free: they may stand in any way, whatever is known of what they are computed from.

Where it can, each row carries a piece of a patient that would have it; the row holds with or without one.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import product

from rules.dates import Period
from rules.facts import Item
from rules.judgement import judge_number
from rules.model import Finding, Line
from rules.quantities import Interval
from rules.truth import Truth, all_of
from tests.proofs.cells import intervals, values
from tests.proofs.patients import NOTHING, Fragment

Lines = tuple[Finding, ...]
Rows = Iterator[tuple[tuple[Truth, ...], Fragment]]
EVERY_TRUTH = (Truth.UNKNOWN, Truth.FALSE, Truth.TRUE)
STABLE = Item("urinary_incontinence", "", since=Period.parse("2015"), course="stable")
WORSE = Item("urinary_incontinence", "", since=Period.parse("2015"), course="worsening")
PIECES: Mapping[str, Mapping[Truth, Fragment]] = {
    "symmetric_joints": {
        truth: Fragment(statements=(("symmetric", truth is Truth.TRUE),)) for truth in EVERY_TRUTH[1:]
    },
    "longstanding_stable_sphincter_symptom": {
        Truth.TRUE: Fragment(items=(STABLE,)),
        Truth.FALSE: Fragment(items=(WORSE,)),
    },
}
MONTHS: Mapping[str, Callable[[str], Fragment]] = {
    "metformin_months": lambda since: Fragment(items=(Item("metformin", "", since=Period.parse(since)),)),
    "acid_suppressant_months": lambda since: Fragment(items=(Item("omeprazole", "", since=Period.parse(since)),)),
    "joint_complaint_months": lambda since: Fragment(items=(Item("joint_pain", "", since=Period.parse(since)),)),
}
BEGINNINGS = (("2026-01", Decimal(1) / 2), ("2025-06", Decimal(8)), ("2015", Decimal(130)))


def any_truth(lines: Lines) -> Rows:
    """Each line in each of the three ways."""
    for row in product(EVERY_TRUTH, repeat=len(lines)):
        pieces = PIECES.get(lines[0].line.fact.code if lines[0].line else "", {})
        yield row, pieces.get(row[0], NOTHING)


def any_number(lines: Lines) -> Rows:
    """Any number or range of numbers, or none."""
    yield (Truth.UNKNOWN,) * len(lines), NOTHING
    line = lines[0].line
    assert line is not None
    for since, months in BEGINNINGS if line.fact.code in MONTHS else ():
        yield _judged(lines, Interval.exactly(months)), MONTHS[line.fact.code](since)
    for interval in _ranges(line, lines):
        yield _judged(lines, interval), NOTHING


def _ranges(line: Line, lines: Lines) -> Iterator[Interval]:
    cells = values(line.fact, lines, "")
    yield from intervals(cells)
    yield from (Interval(low, high) for low, high in product(cells, cells) if low < high)


def _judged(lines: Lines, interval: Interval) -> tuple[Truth, ...]:
    compared = [(line.line.comparisons if line.line else ()) for line in lines]
    return tuple(all_of(judge_number(one, interval, "").truth for one in comparisons) for comparisons in compared)


def rows(lines: Lines) -> dict[tuple[Truth, ...], Fragment]:
    """The rows of a computed fact that is left free; the first piece of a patient found for a row is kept."""
    assert lines[0].line is not None
    found: dict[tuple[Truth, ...], Fragment] = {}
    for row, fragment in (any_number if lines[0].line.fact.kind == "number" else any_truth)(lines):
        found.setdefault(row, fragment)
    return found
