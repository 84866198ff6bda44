"""One step towards worse: how the lines of a cluster stand before and after, all else that was said unchanged."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from typing import Any

from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Result as LabResult
from rules.model import Finding
from rules.quantities import Interval, Quantity
from rules.truth import Truth
from tests.proofs.cells import values
from tests.proofs.clusters import Cluster, Row
from tests.proofs.functions import who_limits
from tests.proofs.patients import Fragment, facts_of

DANGER = {
    **dict.fromkeys(("hemoglobin", "platelets", "wbc", "neutrophils", "potassium"), "lower"),
    **dict.fromkeys(("b12_total", "b12_active"), "lower"),
    **dict.fromkeys(("mma", "homocysteine"), "higher"),
}
Step = tuple[Row, Row]
STEPS: dict[object, list[Step]] = {}


def appearing(cluster: Cluster, code: str) -> Iterator[Step]:
    """From not known or absent to present; all else that is said stays, what is computed may only rise."""
    own = next(index for index, line in enumerate(cluster.lines) if line.id == code)
    computed = {index for index, line in enumerate(cluster.lines) if line.line and line.line.fact.group == "derived"}
    said = set(range(len(cluster.lines))) - computed - {own}
    for before, after in product(cluster.rows, cluster.rows):
        appears = before[own] is not Truth.TRUE and after[own] is Truth.TRUE
        if appears and all(before[i] == after[i] for i in said) and all(before[i] <= after[i] for i in computed):
            yield before, after


def steps_of(cluster: Cluster, code: str, direction: str) -> list[Step]:
    """How the lines about a test move when its result moves one cell, with the same unit, limits and patient."""
    key = (code, *((line.id, line.text, line.line.comparisons if line.line else ()) for line in cluster.lines))
    if key not in STEPS:
        STEPS[key] = list(dict.fromkeys(_moves(cluster, code, direction)))
    return STEPS[key]


def _moves(cluster: Cluster, code: str, direction: str) -> Iterator[Step]:
    fact = catalogue().fact(code)
    read = [line for line in cluster.lines if line.line and line.line.fact.code == code]
    for unit in fact.units:
        cells = values(fact, [*read, *_more_lines(code)], unit)
        ordered = [Interval.exactly(cell) for cell in (cells if direction == "higher" else reversed(cells))]
        for limits, statements in product(_limits(code, cells), _people(cluster)):
            rows = [_row(cluster, LabResult(code, "", Quantity(one, unit), **limits), statements) for one in ordered]
            yield from ((before, after) for before, after in pairwise(rows) if before != after)


def _limits(code: str, cells: list[Any]) -> Iterator[Mapping[str, Any]]:
    yield {}
    name = {"lower": "low", "higher": "high"}[DANGER[code]]
    yield from ({name: cell} for cell in cells)
    if code in ("b12_total", "b12_active"):
        options = [None, *cells]
        for lower, upper in product(options, options):
            if lower is None or upper is None or lower <= upper:
                yield {"deficient_below": lower, "unlikely_above": upper}


def _people(cluster: Cluster) -> list[Fragment]:
    if not any(line.id == "pregnant" for line in cluster.lines):
        return [Fragment()]
    return [Fragment(), *(Fragment(statements=(("pregnant", said),)) for said in (False, True))]


def _more_lines(code: str) -> list[Finding]:
    return list(who_limits()) if code == "hemoglobin" else []


def _row(cluster: Cluster, result: LabResult, person: Fragment) -> Row:
    evaluation = Evaluation(facts_of([person, Fragment((result,))]))
    return tuple(evaluation.truth(line) for line in cluster.lines)
