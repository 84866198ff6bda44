"""What is still unknown and could change the answer, the most telling first."""

from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from rules.assessment import Advice, LikelihoodOutcome, MissingFact
from rules.evaluation import Evaluation
from rules.likelihood import highest_level
from rules.model import LEVELS, Finding, Likelihood
from rules.truth import Truth
from rules.verdicts import Verdict

MOST = 8


def missing_facts(
    outcome: LikelihoodOutcome, verdicts: tuple[Verdict, ...], advice: tuple[Advice, ...], evaluation: Evaluation
) -> tuple[MissingFact, ...]:
    """At most eight unknown facts that could change a level, flag or recommendation already half-true.

    These are tests that were recommended, facts that a fired likelihood rule had to assume, and facts of undecided
    rules of which at least half is true. Empty for a well person without complaints.
    """
    if not _is_of_concern(outcome, verdicts, evaluation):
        return ()
    labels = dict(_untested(advice, evaluation))
    for finding in _worth_asking(outcome, verdicts, evaluation):
        for fact in unknown_facts(finding, evaluation):
            labels.setdefault(fact, evaluation.describe(fact))
    found = [MissingFact(fact, label, _reach(fact, outcome, verdicts)) for fact, label in labels.items()]
    return tuple(sorted(found, key=lambda missing: -LEVELS.index(missing.could_reach))[:MOST])


def unknown_facts(finding: Finding, evaluation: Evaluation) -> Iterator[str]:
    """The facts that would settle an unknown finding, one of each member of a group before the second of any."""
    if evaluation.truth(finding) is not Truth.UNKNOWN:
        return
    if finding.line is not None:
        yield from evaluation.open_facts(finding.line.fact)
    columns = [list(unknown_facts(member, evaluation)) for member in finding.members]
    yield from dict.fromkeys(fact for row in zip_longest(*columns) for fact in row if fact is not None)


def half_true(verdict: Verdict, evaluation: Evaluation) -> bool:
    """Whether an undecided rule has at least half of what it needs."""
    when = verdict.rule.when
    if verdict.truth is not Truth.UNKNOWN:
        return False
    holding = sum(evaluation.truth(finding) is Truth.TRUE for finding in (*when.all, *when.any))
    needed = len(when.all) + len(when.none) + (when.at_least if when.any else 0)
    return holding > 0 and 2 * holding >= needed


def _is_of_concern(outcome: LikelihoodOutcome, verdicts: tuple[Verdict, ...], evaluation: Evaluation) -> bool:
    if outcome.reason == "out_of_scope":
        return False
    concluded = any(verdict.fired and not isinstance(verdict.rule.then, Likelihood) for verdict in verdicts)
    return bool(outcome.flagged) or concluded or evaluation.has_complaint()


def _worth_asking(
    outcome: LikelihoodOutcome, verdicts: tuple[Verdict, ...], evaluation: Evaluation
) -> Iterator[Finding]:
    if outcome.flagged:
        levels = (verdict for verdict in verdicts if isinstance(verdict.rule.then, Likelihood))
        yield from chain.from_iterable(verdict.assumed for verdict in levels)
    for verdict in verdicts:
        if half_true(verdict, evaluation):
            when = verdict.rule.when
            yield from (*when.all, *when.any, *when.none)


def _untested(advice: Iterable[Advice], evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    for given in advice:
        for test in given.recommendation.tests:
            if evaluation.facts.result(test) is None:
                yield test, evaluation.describe(test)


def _reach(fact: str, outcome: LikelihoodOutcome, verdicts: Iterable[Verdict]) -> str:
    undecided = (
        verdict
        for verdict in verdicts
        if isinstance(verdict.rule.then, Likelihood)
        and verdict.truth is Truth.UNKNOWN
        and any(fact in finding.reads for finding in verdict.rule.when.findings())
    )
    return max(outcome.level, highest_level(undecided), key=LEVELS.index)
