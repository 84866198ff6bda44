"""What is still unknown and could change the answer, the most telling first."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from rules.assessment import Advice, LikelihoodOutcome, MissingFact
from rules.evaluation import Evaluation, unknown_facts
from rules.likelihood import LevelVerdict, highest_level
from rules.model import LEVELS, Finding
from rules.truth import Truth
from rules.verdicts import AnyVerdict

MOST = 8


def missing_facts(
    outcome: LikelihoodOutcome,
    levels: tuple[LevelVerdict, ...],
    others: tuple[AnyVerdict, ...],
    advice: tuple[Advice, ...],
    evaluation: Evaluation,
) -> tuple[MissingFact, ...]:
    """At most eight unknown facts that could change a level, flag or recommendation already half-true.

    These are tests that were recommended, facts that a fired likelihood rule had to assume, and facts of undecided
    rules of which at least half is true. Empty for a well person without complaints.
    """
    if not _is_of_concern(outcome, others, evaluation):
        return ()
    labels = dict(_untested(advice, evaluation))
    for finding in _worth_asking(outcome, levels, others, evaluation):
        for fact in unknown_facts(finding, evaluation):
            labels.setdefault(fact, evaluation.describe(fact))
    rank = partial(_rank, assumed=_read_by(_assumed(levels)), undecided=_read_by(_undecided(levels)))
    found = [MissingFact(fact, label, _reach(fact, outcome, levels)) for fact, label in labels.items()]
    found.sort(key=lambda missing: (-LEVELS.index(missing.could_reach), rank(missing.fact)))
    return tuple(found[:MOST])


def half_true(verdict: AnyVerdict, evaluation: Evaluation) -> bool:
    """Whether an undecided rule has at least half of what it needs."""
    when = verdict.rule.when
    if verdict.truth is not Truth.UNKNOWN:
        return False
    holding = sum(evaluation.truth(finding) is Truth.TRUE for finding in (*when.all, *when.any))
    needed = len(when.all) + len(when.none) + (when.at_least if when.any else 0)
    return holding > 0 and 2 * holding >= needed


def _is_of_concern(outcome: LikelihoodOutcome, others: Iterable[AnyVerdict], evaluation: Evaluation) -> bool:
    if outcome.reason == "out_of_scope":
        return False
    alerted = any(verdict.fired and getattr(verdict.rule.then, "severity", None) != "info" for verdict in others)
    return bool(outcome.flagged) or alerted or evaluation.has_complaint()


def _worth_asking(
    outcome: LikelihoodOutcome,
    levels: tuple[LevelVerdict, ...],
    others: tuple[AnyVerdict, ...],
    evaluation: Evaluation,
) -> Iterator[Finding]:
    if outcome.flagged:
        yield from _assumed(levels)
    for verdict in (*levels, *others):
        if half_true(verdict, evaluation):
            when = verdict.rule.when
            yield from (*when.all, *when.any, *when.none)


def _untested(advice: Iterable[Advice], evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    for given in advice:
        for test in given.recommendation.tests:
            if evaluation.facts.result(test) is None:
                yield test, evaluation.describe(test)


def _rank(fact: str, *, assumed: frozenset[str], undecided: frozenset[str]) -> int:
    """What the level already took for granted comes before what could raise it, and that before the rest."""
    if fact in assumed:
        return 0
    return 1 if fact in undecided else 2


def _assumed(levels: Iterable[LevelVerdict]) -> Iterator[Finding]:
    return chain.from_iterable(verdict.assumed for verdict in levels)


def _undecided(levels: Iterable[LevelVerdict]) -> Iterator[Finding]:
    open_rules = (verdict.rule.when for verdict in levels if verdict.truth is Truth.UNKNOWN)
    return chain.from_iterable(when.findings() for when in open_rules)


def _read_by(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset().union(*(finding.reads for finding in findings))


def _reach(fact: str, outcome: LikelihoodOutcome, levels: Iterable[LevelVerdict]) -> str:
    undecided = (
        verdict
        for verdict in levels
        if verdict.truth is Truth.UNKNOWN and any(fact in finding.reads for finding in verdict.rule.when.findings())
    )
    return max(outcome.level, highest_level(undecided), key=LEVELS.index)
