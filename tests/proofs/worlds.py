"""The four words over truths that are known (plain booleans) or open (the solver's): one definition for both proofs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import z3  # type: ignore[import-untyped]

from rules.model import Finding, When
from rules.truth import Truth

Bool = Any


@dataclass(frozen=True, slots=True)
class Pair:
    """A three-valued truth as two booleans: surely true, surely false; unknown when neither."""

    true: Bool
    false: Bool


@dataclass(frozen=True)
class World:
    """How findings stand, given how the single lines stand, and the booleans they are made of."""

    line: Callable[[Finding], Pair]
    every: Callable[[Iterable[Bool]], Bool]
    some: Callable[[Iterable[Bool]], Bool]
    negation: Callable[[Bool], Bool]
    so_many: Callable[[list[Bool], int], Bool]
    name: str = ""
    found: dict[str, Pair] = field(default_factory=dict)

    def truth(self, finding: Finding) -> Pair:
        """How a finding stands."""
        if finding.id not in self.found:
            self.found[finding.id] = self.line(finding) if finding.line else self._group(finding)
        return self.found[finding.id]

    def _group(self, finding: Finding) -> Pair:
        members = [self.truth(member) for member in finding.members]
        if finding.group == "any":
            return self.at_least(finding.at_least, members)
        if finding.group == "all":
            return self.all_of(members)
        present = self.at_least(1, members)
        return Pair(present.false, present.true)

    def all_of(self, parts: list[Pair]) -> Pair:
        """And."""
        return Pair(self.every(part.true for part in parts), self.some(part.false for part in parts))

    def at_least(self, count: int, parts: list[Pair]) -> Pair:
        """At least so many."""
        still_open = [self.negation(part.false) for part in parts]
        enough = self.so_many([part.true for part in parts], count)
        return Pair(enough, self.negation(self.so_many(still_open, count)))

    def core(self, when: When) -> Pair:
        """A block without its `unless`."""
        denied = [self.truth(finding) for finding in when.none]
        parts = [self.truth(finding) for finding in when.all] + [Pair(one.false, one.true) for one in denied]
        if when.any:
            parts.append(self.at_least(when.at_least, [self.truth(finding) for finding in when.any]))
        return self.all_of(parts)

    def fires(self, when: When) -> Bool:
        """Whether a block fires, assumptions granted."""
        return self.every([self.core(when).true, self.negation(self.stopped(when))])

    def fires_surely(self, when: When) -> Bool:
        """Whether it fires with nothing taken for granted."""
        return self.every([self.core(when).true, *(self.truth(finding).false for finding in when.unless)])

    def can_fire(self, when: When) -> Bool:
        """Whether it fires or is undecided."""
        return self.every([self.negation(self.core(when).false), self.negation(self.stopped(when))])

    def stopped(self, when: When) -> Bool:
        """Whether an `unless` finding is known to be present."""
        return self.some(self.truth(finding).true for finding in when.unless)


def plain(truths: Mapping[str, Truth]) -> World:
    """A world in which every line is settled."""
    pairs = {name: Pair(truth is Truth.TRUE, truth is Truth.FALSE) for name, truth in truths.items()}
    return World(lambda finding: pairs[finding.id], all, any, lambda one: not one, lambda ones, n: sum(ones) >= n)


@cache
def open_line(world: str, line: str) -> Pair:
    """The two booleans of an open line; the same whenever asked for."""
    return Pair(z3.Bool(f"{world}{line} true"), z3.Bool(f"{world}{line} false"))


def symbolic(name: str = "") -> World:
    """A world in which every line is open; `name` tells two worlds apart."""

    def every(parts: Iterable[Bool]) -> Bool:
        return z3.And(*parts)

    def some(parts: Iterable[Bool]) -> Bool:
        return z3.Or(*parts)

    def so_many(parts: list[Bool], count: int) -> Bool:
        if count <= 1:
            return z3.Or(*parts) if count == 1 else z3.BoolVal(True)
        return z3.AtLeast(*parts, count) if count <= len(parts) else z3.BoolVal(False)

    return World(lambda finding: open_line(name, finding.id), every, some, z3.Not, so_many, name)
