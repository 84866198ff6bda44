"""The example that would notice a change no example notices: found by the solver, then made as small as it can be."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import z3

from rules.evaluation import Evaluation
from rules.explanations import stance
from rules.facts import Facts
from rules.model import Explanation, Finding, RuleSet
from rules.truth import Truth
from rules.verdicts import judge_rules
from tests.mutants.boundary import candidates
from tests.mutants.changes import Mutant
from tests.mutants.smallest import smallest
from tests.mutants.substitution import reads, renamed_above
from tests.proofs.patients import Fragment, facts_of, summary_of
from tests.proofs.reach import meant_for
from tests.proofs.search import Patients
from tests.proofs.worlds import World

Example = tuple[str, dict[str, Any], str]
Pieces = tuple[Fragment, ...]
MOST_PARTS = 4
OUTCOMES = {Truth.TRUE: "fires", Truth.FALSE: "silent", Truth.UNKNOWN: "undecided"}


def outcome(part: Any, rule_set: RuleSet, facts: Facts) -> str:
    """What a rule or a disease does with a patient, in the words of examples."""
    evaluation = Evaluation(facts)
    if isinstance(part, Explanation):
        shown = any(evaluation.truth(finding) is Truth.TRUE for finding in part.appears)
        return stance(part, evaluation) if shown else "absent"
    in_scope = evaluation.truth(rule_set.scope) is Truth.TRUE
    verdict = next(iter(judge_rules([part], evaluation, in_scope)), None)
    return OUTCOMES[verdict.truth if verdict else Truth.FALSE]


class Missing:
    """The examples that a rule set lacks; one that is already wanted serves for every change it would notice."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.patients = Patients(rule_set)
        self.wanted: dict[str, list[Pieces]] = {}

    def example(self, mutant: Mutant) -> Example | None:
        """The rule or disease, the summary and what must come of it; none when no patient tells the two apart."""
        after = mutant.after
        renamed = replace(after, id=f"{after.id} changed") if isinstance(after, Finding) else after
        pairs = list(_pairs(mutant, renamed, self.rule_set))
        for part, changed in pairs:
            for pieces in self.wanted.get(part.id, []):
                if len(set(_told(pieces, part, changed, self.rule_set))) > 1:
                    return self._as_example(part, pieces)
        for part, changed in pairs:
            found = _patient(part, changed, mutant, renamed, self.rule_set, self.patients)
            if found is not None:
                self.wanted.setdefault(part.id, []).append(found)
                return self._as_example(part, found)
        return None

    def _as_example(self, part: Any, pieces: Pieces) -> Example:
        return part.id, summary_of(pieces), outcome(part, self.rule_set, facts_of(pieces))


def _pairs(mutant: Mutant, renamed: Any, rule_set: RuleSet) -> Iterator[tuple[Any, Any]]:
    """The parts that the change reaches, the simplest first, each with what it would be after it."""
    if not isinstance(renamed, Finding):
        yield mutant.before, renamed
        return
    parts = (*rule_set.rules.values(), *rule_set.differential.values(), *rule_set.causes.values())
    reached = sorted((part for part in parts if reads(part, mutant.before)), key=lambda part: len(_all_reads(part)))
    yield from ((part, renamed_above(part, mutant.before.id, renamed)) for part in reached[:MOST_PARTS])


def _all_reads(part: Any) -> frozenset[str]:
    return frozenset().union(*(finding.reads for finding in part.named_findings()))


def _patient(
    part: Any, changed: Any, mutant: Mutant, renamed: Any, rule_set: RuleSet, patients: Patients
) -> tuple[Fragment, ...] | None:
    for decided in (True, False):

        def differs(world: World, decided: bool = decided) -> Any:
            pairs = zip(
                _outcomes(part, rule_set, world, decided), _outcomes(changed, rule_set, world, decided), strict=True
            )
            return world.some(z3.Xor(one, other) for one, other in pairs)

        def told_apart(world: World) -> Any:
            extra = (
                [z3.Not(z3.And(pair.true, pair.false)) for pair in [world.truth(renamed)]] if _is_line(renamed) else []
            )
            return z3.And(differs(world), *extra)

        found = patients.solve(told_apart, (*part.named_findings(), *changed.named_findings(), rule_set.scope))
        if found.patient is not None:
            for candidate in candidates(found.patient, mutant):
                told = _told(candidate, part, changed, rule_set)
                if told[0] != told[1]:
                    return smallest(candidate, lambda some, told=told: _told(some, part, changed, rule_set) == told)
    return None


def _is_line(part: Any) -> bool:
    return isinstance(part, Finding) and part.line is not None


def _told(pieces: Iterable[Fragment], part: Any, changed: Any, rule_set: RuleSet) -> tuple[str, str]:
    """The two outcomes for one patient."""
    facts = facts_of(pieces)
    return outcome(part, rule_set, facts), outcome(changed, rule_set, facts)


def _outcomes(part: Any, rule_set: RuleSet, world: World, decided: bool) -> list[Any]:
    if not isinstance(part, Explanation):
        ways = [world.fires(part.when)] if decided else [world.fires(part.when), world.can_fire(part.when)]
        return [world.every([meant_for(part, rule_set, world), way]) for way in ways]
    shown = world.some(world.truth(finding).true for finding in part.appears)
    known = [world.truth(part.known).true] if part.known else []
    ranked = [world.fires(block) for block in (part.supported, part.opposed, part.possible) if block]
    before = [
        world.every([shown, block, *map(world.negation, [*known, *ranked[:place]])])
        for place, block in enumerate(ranked)
    ]
    return [shown, *before]
