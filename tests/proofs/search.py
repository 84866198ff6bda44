"""Looking for a patient of whom something holds: every combination of cells where they are few, else by the solver."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import z3

from rules.model import Finding, RuleSet
from rules.truth import Truth
from tests.proofs.clusters import Cluster, all_lines, clusters
from tests.proofs.patients import Fragment
from tests.proofs.worlds import World, plain, symbolic

MOST_COMBINATIONS = 5_000
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
        wanted = frozenset(all_lines(about))
        cells = self._free(all_lines(about).values()) if by_logic else self._onto(wanted)
        if prod(len(cluster.rows) for cluster in cells) <= MOST_COMBINATIONS:
            return _try_all(statement, cells)
        return _solve(statement, cells)

    def solve(self, statement: Statement, about: Iterable[Finding]) -> Searched:
        """The same by the solver, however few the cells."""
        return _solve(statement, self._onto(frozenset(all_lines(about))))

    def _onto(self, wanted: frozenset[str]) -> list[Cluster]:
        return [cluster.onto(wanted) for cluster in self.clusters if any(line.id in wanted for line in cluster.lines)]

    def _free(self, lines: Iterable[Finding]) -> list[Cluster]:
        rows = {(truth,): Fragment() for truth in Truth}
        return [Cluster((line,), rows) for line in lines]


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
    choices = [[(is_row(world, cluster, row), fragment) for row, fragment in cluster.rows.items()] for cluster in cells]
    for choice in choices:
        solver.add(z3.Or(*(chosen for chosen, _ in choice)))
    solver.add(statement(world))
    if solver.check() == z3.unsat:
        return Searched(None, "solver")
    model = solver.model()
    return Searched(tuple(_chosen(model, choices)), "solver")


def is_row(world: World, cluster: Cluster, row: tuple[Truth, ...]) -> Any:
    """That the lines of a cluster stand as in one of its rows."""
    parts = []
    for line, truth in cluster.named(row):
        pair = world.truth(line)
        parts += [pair.true if truth is Truth.TRUE else z3.Not(pair.true)]
        parts += [pair.false if truth is Truth.FALSE else z3.Not(pair.false)]
    return z3.And(*parts)


def _chosen(model: Any, choices: list[list[tuple[Any, Fragment]]]) -> Iterator[Fragment]:
    for choice in choices:
        yield next(fragment for chosen, fragment in choice if z3.is_true(model.eval(chosen, model_completion=True)))
