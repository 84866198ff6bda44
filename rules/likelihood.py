"""The likelihood of deficiency: the highest floor that holds, between the lowest and the highest it can become."""

from collections.abc import Iterable

from rules.assessment import Assumption, LikelihoodOutcome
from rules.evaluation import Evaluation
from rules.model import LEVELS, Likelihood, RuleSet
from rules.truth import Truth
from rules.verdicts import Verdict, assumptions, reasons

UNDETERMINED = LEVELS[0]
OUT_OF_SCOPE = LikelihoodOutcome(UNDETERMINED, "none", "out_of_scope", UNDETERMINED, UNDETERMINED, (), ())


def level_of(verdict: Verdict) -> str:
    """The level that a likelihood rule puts a floor under."""
    then = verdict.rule.then
    assert isinstance(then, Likelihood)
    return then.level


def highest_level(verdicts: Iterable[Verdict]) -> str:
    """The highest level among rules; undetermined when there is none."""
    return max((level_of(verdict) for verdict in verdicts), key=LEVELS.index, default=UNDETERMINED)


def conclude(rule_set: RuleSet, verdicts: tuple[Verdict, ...], evaluation: Evaluation) -> LikelihoodOutcome:
    """The level with its reasons and assumptions, from the verdicts of the likelihood rules."""
    fired = [verdict for verdict in verdicts if verdict.fired]
    level = highest_level(fired)
    deciding = [verdict for verdict in fired if level_of(verdict) == level]
    return LikelihoodOutcome(
        level=level,
        basis=_basis(deciding),
        reason=None if deciding else _why_undetermined(rule_set, evaluation),
        lowest=highest_level(verdict for verdict in fired if not verdict.assumed),
        highest=highest_level(verdict for verdict in verdicts if verdict.truth is not Truth.FALSE),
        because=reasons(deciding, evaluation),
        assumes=_needed_assumptions(deciding),
    )


def _basis(deciding: list[Verdict]) -> str:
    bases = {verdict.rule.then.basis for verdict in deciding if isinstance(verdict.rule.then, Likelihood)}
    if not bases:
        return "none"
    return "laboratory" if "laboratory" in bases else "clinical"


def _needed_assumptions(deciding: list[Verdict]) -> tuple[Assumption, ...]:
    """None when some rule reaches the level without any."""
    if any(not verdict.assumed for verdict in deciding):
        return ()
    return assumptions(deciding)


def _why_undetermined(rule_set: RuleSet, evaluation: Evaluation) -> str:
    reported = evaluation.truth(rule_set.uninterpretable)
    return "uninterpretable" if reported is Truth.TRUE else "insufficient_data"
