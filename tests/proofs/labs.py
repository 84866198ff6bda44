"""Every laboratory result that a set of lines could tell apart.

Lines that read the deficiency bands of the laboratory and lines that read its reference range or flag never look at
each other's limits, so at one value each kind is tried alone and only what differs is combined.
"""

from collections.abc import Iterable, Iterator

from rules.evaluation import Evaluation
from rules.fact_types import FactType
from rules.facts import Result
from rules.model import Finding
from tests.proofs.cells import quantities, with_limits, words
from tests.proofs.patients import Fragment, facts_of

BANDS = ("deficient_below", "unlikely_above")


def results(fact: FactType, lines: Iterable[Finding]) -> Iterator[Result]:
    """Values in every cell and unit, words and flags, each beside every limit of the laboratory that matters."""
    lines = list(lines)
    banded = [line for line in lines if _reads_bands(line)]
    ranged = [line for line in lines if not _reads_bands(line)]
    yield from words(fact)
    for quantity in quantities(fact, lines):
        for own in _distinct(with_limits(fact, quantity, banded), banded):
            for result in _distinct(with_limits(fact, quantity, ranged), ranged):
                yield result._replace(deficient_below=own.deficient_below, unlikely_above=own.unlikely_above)


def _reads_bands(line: Finding) -> bool:
    comparisons = line.line.comparisons if line.line else ()
    return any(one.laboratory_limit in BANDS for one in comparisons)


def _distinct(found: Iterable[Result], lines: list[Finding]) -> list[Result]:
    """One result for each way that these lines can stand."""
    kept: dict[object, Result] = {}
    for result in found:
        evaluation = Evaluation(facts_of([Fragment((result,))]))
        kept.setdefault(tuple(evaluation.truth(line) for line in lines), result)
    return list(kept.values())
