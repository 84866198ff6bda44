"""What is still unknown and could change the answer, the most telling first."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from rules.assessment import Advice, LikelihoodOutcome, MissingFact
from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Facts
from rules.likelihood import LevelVerdict
from rules.marks import marks
from rules.model import LEVELS, AnyRule, Finding, Likelihood, Rule
from rules.questions import describe
from rules.truth import Truth
from rules.verdicts import AnyVerdict

MOST = 8
COMPLAINTS = ("symptoms", "signs")


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
    assumed = [finding for verdict in levels for finding in verdict.assumed]
    undecided = [verdict.rule for verdict in levels if verdict.truth is Truth.UNKNOWN]
    halves = [*undecided, *(verdict.rule for verdict in others if verdict.truth is Truth.UNKNOWN)]
    open_ones = _worth_asking(assumed if outcome.flagged else (), halves, evaluation)
    asked = chain.from_iterable(map(evaluation.unknown_facts, open_ones))
    facts = dict.fromkeys([*_untested(advice, evaluation), *asked])
    reach = _reach(facts, outcome.level, undecided)
    ranked = _most_telling_first(facts, reach, assumed, undecided)[:MOST]
    return tuple(MissingFact(fact, describe(fact, evaluation.facts), LEVELS[reach[fact]]) for fact in ranked)


def _most_telling_first(
    facts: Iterable[str],
    reach: Mapping[str, int],
    assumed: Iterable[Finding],
    undecided: Iterable[Rule[Likelihood]],
) -> list[str]:
    """By the level they could lead to, then what was assumed, then what an undecided likelihood rule reads."""
    behind_level = frozenset().union(*(finding.reads for finding in assumed))
    decisive = frozenset().union(*(rule.reads for rule in undecided))
    return sorted(facts, key=lambda fact: (-reach[fact], fact not in behind_level, fact not in decisive))


def _is_of_concern(outcome: LikelihoodOutcome, others: Iterable[AnyVerdict], evaluation: Evaluation) -> bool:
    if outcome.reason == "out_of_scope":
        return False
    alerted = any(verdict.fired and getattr(verdict.rule.then, "severity", None) != "info" for verdict in others)
    return bool(outcome.flagged) or alerted or _has_complaint(evaluation.facts)


def _has_complaint(facts: Facts) -> bool:
    """Whether any symptom or sign is present."""
    items = chain.from_iterable(facts.items.values())
    present = (item.code for item in items if item.holds(facts.as_of) is Truth.TRUE)
    return any(catalogue().fact(code).group in COMPLAINTS for code in present)


def _worth_asking(assumed: Iterable[Finding], undecided: Iterable[AnyRule], evaluation: Evaluation) -> list[Finding]:
    """The unknown findings that were assumed, then those that rules which are half-true need; each once."""
    open_ones = list(assumed)
    left = evaluation.unknown & ~marks(open_ones)
    for when in (rule.when for rule in undecided):
        if when.required_marks & left and when.is_half_true(evaluation.true):
            open_ones += [finding for finding in when.required if finding.mark & left]
            left &= ~when.required_marks
    return open_ones


def _untested(advice: Iterable[Advice], evaluation: Evaluation) -> Iterator[str]:
    tests = (test for given in advice for test in given.recommendation.tests)
    yield from (test for test in tests if evaluation.facts.result(test) is None)


def _reach(facts: Iterable[str], level: str, undecided: Iterable[Rule[Likelihood]]) -> dict[str, int]:
    """For each fact the rank of the highest level of an undecided rule that reads it, when that is above the level."""
    reach = dict.fromkeys(facts, LEVELS.index(level))
    for rule in undecided:
        rank = LEVELS.index(rule.then.level)
        reach.update({fact: rank for fact in rule.reads & reach.keys() if rank > reach[fact]})
    return reach
