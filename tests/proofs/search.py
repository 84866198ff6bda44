"""Looking for a patient of whom something holds: every combination of cells where they are few, else by the solver."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod
from typing import Any

import z3  # type: ignore[import-untyped]

from rules.model import Finding, RuleSet
from rules.truth import Truth
from tests.proofs.bonds import holding
from tests.proofs.clusters import Cluster, all_lines, clusters
from tests.proofs.patients import Fragment
from tests.proofs.worlds import Pair, World, open_line, plain, symbolic

MOST_COMBINATIONS = 5_000
POSSIBLE: dict[object, Any] = {}
Statement = Callable[[World], Any]


@dataclass(frozen=True)
class Searched:
    """The pieces of a patient of whom it holds, none when there is no such patient, and how that was proved."""

    patient: tuple[Fragment, ...] | None
    method: str

    @property
    def found(self) -> bool:
        """Whether there is such a patient."""
        return self.patient is not None


class Patients:
    """All patients that a rule set could tell apart."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.clusters = clusters(rule_set)

    def search(self, statement: Statement, about: Iterable[Finding], *, by_logic: bool = False) -> Searched:
        """A patient of whom the statement about these findings holds.

        `by_logic` leaves every line free, whatever its numbers: what no patient can be even then contradicts itself.
        """
        lines = all_lines(about)
        cells = self._free(lines.values()) if by_logic else self._onto(frozenset(lines))
        statement = statement if by_logic else _bound(statement, lines.values())
        if prod(len(cluster.rows) for cluster in cells) <= MOST_COMBINATIONS:
            return _try_all(statement, cells)
        return _solve(statement, cells)

    def solve(self, statement: Statement, about: Iterable[Finding]) -> Searched:
        """The same by the solver, however few the cells."""
        lines = all_lines(about)
        return _solve(_bound(statement, lines.values()), self._onto(frozenset(lines)))

    def _onto(self, wanted: frozenset[str]) -> list[Cluster]:
        return [cluster.onto(wanted) for cluster in self.clusters if any(line.id in wanted for line in cluster.lines)]

    def _free(self, lines: Iterable[Finding]) -> list[Cluster]:
        rows = {(truth,): Fragment() for truth in Truth}
        return [Cluster((line,), rows) for line in lines]


def _bound(statement: Statement, lines: Iterable[Finding]) -> Statement:
    """The statement, of a patient whose computed facts have something to be computed from."""
    return lambda world: world.every([statement(world), *holding(world, lines)])


def _try_all(statement: Statement, cells: list[Cluster]) -> Searched:
    tried = 0
    for rows in product(*(cluster.rows.items() for cluster in cells)):
        tried += 1
        truths = {
            line.id: truth for cluster, (row, _) in zip(cells, rows, strict=True) for line, truth in cluster.named(row)
        }
        if statement(plain(truths)):
            return Searched(tuple(fragment for _, fragment in rows), f"exhaustive, {tried} cells")
    return Searched(None, f"exhaustive, {tried} cells")


def _solve(statement: Statement, cells: list[Cluster]) -> Searched:
    world, solver = symbolic(), z3.Solver()
    solver.add(*(is_possible(world, cluster) for cluster in cells), statement(world))
    if solver.check() == z3.unsat:
        return Searched(None, "solver")
    model = solver.model()
    return Searched(tuple(_chosen(model, world, cluster) for cluster in cells), "solver")


def is_row(world: World, cluster: Cluster, row: tuple[Truth, ...]) -> Any:
    """That the lines of a cluster stand as in one of its rows."""
    return z3.And(*(_stands(world.name, line.id, truth) for line, truth in cluster.named(row)))


def is_possible(world: World, cluster: Cluster) -> Any:
    """That the lines of a cluster stand as in any of its rows."""
    key = (world.name, tuple(line.id for line in cluster.lines), frozenset(cluster.rows))
    if key not in POSSIBLE:
        POSSIBLE[key] = z3.Or(*(is_row(world, cluster, row) for row in cluster.rows))
    return POSSIBLE[key]


@cache
def _stands(world: str, line: str, truth: Truth) -> Any:
    pair = open_line(world, line)
    sure = {Truth.TRUE: pair.true, Truth.FALSE: pair.false}
    return z3.And(*(part if sure.get(truth) is part else z3.Not(part) for part in (pair.true, pair.false)))


def _chosen(model: Any, world: World, cluster: Cluster) -> Fragment:
    """The piece of a patient whose row the solver chose."""
    pairs = [world.truth(line) for line in cluster.lines]
    row = tuple(_valued(model, pair) for pair in pairs)
    return cluster.rows[row]


def _valued(model: Any, pair: Pair) -> Truth:
    true, false = (z3.is_true(model.eval(part, model_completion=True)) for part in (pair.true, pair.false))
    return Truth.TRUE if true else Truth.FALSE if false else Truth.UNKNOWN
