"""What is still unknown and could change the answer, the most telling first."""

from collections.abc import Iterable, Iterator, Mapping

from rules.assessment import Advice, LikelihoodOutcome, MissingFact
from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Facts
from rules.likelihood import LevelVerdict
from rules.marks import marks
from rules.model import LEVELS, AnyRule, Finding, Likelihood, Rule
from rules.questions import describe, in_turn
from rules.settling import Settling
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
    rules of which at least half is true, likelihood rules only where they would raise the level. They could reach the
    highest level that one answer alone could lead to: a rule that waits for two counts for neither. Empty for a well
    person without complaints.
    """
    if not _is_of_concern(outcome, others, evaluation):
        return ()
    least = LEVELS.index(outcome.level)
    assumed = [finding for verdict in levels for finding in verdict.assumed]
    higher = [verdict.rule for verdict in levels if verdict.truth is Truth.UNKNOWN and _rank(verdict.rule) > least]
    halves = [*higher, *(verdict.rule for verdict in others if verdict.truth is Truth.UNKNOWN)]
    open_ones = _worth_asking(assumed if outcome.flagged else (), halves, evaluation)
    asked = [*_untested(advice, evaluation.facts), *map(evaluation.unknown_facts, open_ones)]
    facts = in_turn(asked)
    reach = _reach(facts, least, higher, Settling(evaluation))
    worth = [fact for fact in facts if reach[fact] > least or not _has_figure(fact, evaluation.facts)]
    ranked = _most_telling_first(worth, reach, assumed, evaluation.facts)[:MOST]
    return tuple(MissingFact(fact, describe(fact, evaluation.facts), LEVELS[reach[fact]]) for fact in ranked)


def _most_telling_first(
    facts: Iterable[str], reach: Mapping[str, int], assumed: Iterable[Finding], known: Facts
) -> list[str]:
    """By the level they could lead to, then what was assumed, then more about a complaint that is there."""
    behind_level = frozenset().union(*(finding.reads for finding in assumed))
    return sorted(facts, key=lambda fact: (-reach[fact], fact not in behind_level, not _is_complaint(fact, known)))


def _is_of_concern(outcome: LikelihoodOutcome, others: Iterable[AnyVerdict], evaluation: Evaluation) -> bool:
    if outcome.reason == "out_of_scope":
        return False
    return bool(outcome.flagged) or _is_alerted(others) or _has_complaint(evaluation.facts)


def _is_alerted(others: Iterable[AnyVerdict]) -> bool:
    """Whether a recommendation is given, or a flag that is more than information."""
    return any(verdict.fired and getattr(verdict.rule.then, "severity", None) != "info" for verdict in others)


def _has_complaint(facts: Facts) -> bool:
    """Whether any symptom or sign is present."""
    return any(_is_complaint(code, facts) for code in facts.items)


def _is_complaint(code: str, facts: Facts) -> bool:
    """Whether it is a symptom or sign that is there."""
    return catalogue().fact(code).group in COMPLAINTS and facts.presence(code) is Truth.TRUE


def _worth_asking(assumed: Iterable[Finding], undecided: Iterable[AnyRule], evaluation: Evaluation) -> list[Finding]:
    """The unknown findings that were assumed, then those that rules which are half-true need; each once."""
    open_ones = list(assumed)
    left = evaluation.unknown & ~marks(open_ones)
    for when in (rule.when for rule in undecided):
        if when.required_marks & left and when.is_half_true(evaluation.true):
            open_ones += [finding for finding in when.required if finding.mark & left]
            left &= ~when.required_marks
    return open_ones


def _untested(advice: Iterable[Advice], facts: Facts) -> Iterator[Iterable[str]]:
    """The tests of each recommendation that have no result."""
    return ([test for test in given.recommendation.tests if facts.result(test) is None] for given in advice)


def _has_figure(test: str, facts: Facts) -> bool:
    """Whether a result has an exact figure, so that only the limits of its laboratory are not known."""
    result = facts.result(test)
    return result is not None and result.quantity is not None and result.quantity.interval.is_exact


def _rank(rule: Rule[Likelihood]) -> int:
    return LEVELS.index(rule.then.level)


def _reach(
    facts: Iterable[str], least: int, undecided: Iterable[Rule[Likelihood]], settling: Settling
) -> dict[str, int]:
    """For each fact the rank of the highest level that one answer to it alone could lead to."""
    reach = dict.fromkeys(facts, least)
    for rule in undecided:
        rank = _rank(rule)
        reach.update({fact: rank for fact in settling.one_answer_from(rule.when) if rank > reach.get(fact, rank)})
    return reach
