"""What changed in a finding: above all its limit."""

from collections.abc import Iterator

from rules.differences.changes import Aspect, became, names, recited, relisted, reworded, shown
from rules.limits import Comparison
from rules.model import Finding, Line
from rules.versions import MINOR


def describe_finding(old: Finding, new: Finding) -> Iterator[Aspect]:
    """Each property of a finding that is not as it was."""
    yield from reworded("label", old.label, new.label)
    if old.line is not None and new.line is not None:
        yield from _lines(old, new, old.line, new.line)
    elif old.group is not None and old.group == new.group:
        yield from relisted(old.group, names(old.members), names(new.members), MINOR)
        yield from became("at_least", old.at_least, new.at_least, MINOR)
    else:
        yield f"'{old.judged_by}' became '{new.judged_by}'", MINOR
    yield from recited(old.citations, new.citations)


def _lines(old: Finding, new: Finding, before: Line, after: Line) -> Iterator[Aspect]:
    if _shape(before) != _shape(after):
        yield f"'{old.judged_by}' became '{new.judged_by}'", MINOR
        return
    for was, now in zip(before.comparisons, after.comparisons, strict=True):
        yield from became("limit", _limit(was), _limit(now), MINOR)
        yield from became("the laboratory's own limit", was.laboratory_limit, now.laboratory_limit, MINOR)
        yield from became("uncertain from", was.uncertain_from, now.uncertain_from, MINOR)


def _shape(line: Line) -> tuple[object, ...]:
    """What a line asks, its limits aside."""
    return line.fact.code, line.form, line.word, *(comparison.sign for comparison in line.comparisons)


def _limit(comparison: Comparison) -> str:
    """`180 ng/L (133 pmol/L)`."""
    first, *others = comparison.limits
    return f"{first} ({shown(tuple(others))})" if others else str(first)
