"""Patients whose value lies at a limit, or one printed digit beside it, with and without the laboratory's own limit."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rules.catalogue import catalogue
from rules.derived.timing import MONTH_DAYS
from rules.fact_types import FactType
from rules.facts import Result as LabResult
from rules.model import Finding
from rules.quantities import Interval, Quantity
from tests.mutants.changes import Mutant
from tests.proofs.free import MONTHS
from tests.proofs.patients import AS_OF, Fragment


def candidates(pieces: tuple[Fragment, ...], mutant: Mutant) -> Iterator[tuple[Fragment, ...]]:
    """The patient itself; for a line, the same patient with each value at and beside the limit."""
    yield pieces
    finding = mutant.before
    if isinstance(finding, Finding) and finding.line is not None:
        fact = finding.line.fact
        rest = tuple(piece for piece in pieces if not any(one.test == fact.code for one in piece.results))
        for own in _at_the_limit(finding):
            yield (*rest, own)


def _at_the_limit(finding: Finding) -> Iterator[Fragment]:
    line = finding.line
    assert line is not None
    for comparison in line.comparisons:
        uncertain = [comparison.uncertain_from] if comparison.uncertain_from else []
        for limit in (*comparison.limits, *uncertain):
            step = Decimal(1).scaleb(int(limit.value.as_tuple().exponent))
            for value in (limit.value, limit.value - step, limit.value + step, *_halves(limit.value, step)):
                yield from _with_value(line.fact, value, limit.unit, comparison.laboratory_limit, step)


def _halves(value: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    return value - step / 2, value + step / 2


def _with_value(fact: FactType, value: Decimal, unit: str, own: str | None, step: Decimal) -> Iterator[Fragment]:
    if fact.code in MONTHS:
        yield MONTHS[fact.code]((AS_OF - timedelta(days=int(value * MONTH_DAYS))).isoformat())
    elif fact.group == "labs":
        yield from _with_result(fact.code, Quantity(Interval.exactly(value), unit), own, step)
    elif value == int(value):
        stated = ((fact.code, int(value)),)
        yield Fragment(age=int(value)) if fact.code == "age" else Fragment(statements=stated)


def _with_result(test: str, quantity: Quantity, own: str | None, step: Decimal) -> Iterator[Fragment]:
    yield Fragment((LabResult(test, "", quantity),))
    near = (quantity.interval.low + 10 * step, quantity.interval.low - 10 * step, quantity.interval.low - 2 * step)
    for bound in near if own else ():
        if not catalogue().fact(test).is_plausible(Interval.exactly(bound), quantity.unit) or bound <= 0:
            continue
        limits: dict[str, Any] = {own or "low": bound}
        yield Fragment((LabResult(test, "", quantity, **limits),))
