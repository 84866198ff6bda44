"""The likelihood of deficiency: the highest floor that holds, between the lowest and the highest it can become."""

from collections.abc import Iterable

from rules.assessment import Assumption, LikelihoodOutcome
from rules.evaluation import Evaluation
from rules.model import LEVELS, Likelihood, RuleSet
from rules.truth import Truth
from rules.verdicts import Verdict, assumptions, reasons

LevelVerdict = Verdict[Likelihood]
UNDETERMINED = LEVELS[0]
OUT_OF_SCOPE = LikelihoodOutcome(UNDETERMINED, "none", "out_of_scope", UNDETERMINED, UNDETERMINED, (), ())


def highest_level(verdicts: Iterable[LevelVerdict]) -> str:
    """The highest level among rules; undetermined when there is none."""
    return max((verdict.rule.then.level for verdict in verdicts), key=LEVELS.index, default=UNDETERMINED)


def conclude(rule_set: RuleSet, verdicts: tuple[LevelVerdict, ...], evaluation: Evaluation) -> LikelihoodOutcome:
    """The level with its reasons and assumptions, from the verdicts of the likelihood rules."""
    fired = [verdict for verdict in verdicts if verdict.fired]
    level = highest_level(fired)
    deciding = [verdict for verdict in fired if verdict.rule.then.level == level]
    return LikelihoodOutcome(
        level=level,
        basis=_basis(deciding),
        reason=None if deciding else _why_undetermined(rule_set, evaluation),
        lowest=highest_level(verdict for verdict in fired if not verdict.assumed),
        highest=highest_level(verdict for verdict in verdicts if verdict.truth is not Truth.FALSE),
        because=reasons(deciding, evaluation),
        assumes=_needed_assumptions(deciding),
    )


def _basis(deciding: list[LevelVerdict]) -> str:
    bases = {verdict.rule.then.basis for verdict in deciding}
    if not bases:
        return "none"
    return "laboratory" if "laboratory" in bases else "clinical"


def _needed_assumptions(deciding: list[LevelVerdict]) -> tuple[Assumption, ...]:
    """None when some rule reaches the level without any."""
    if any(not verdict.assumed for verdict in deciding):
        return ()
    return assumptions(deciding)


def _why_undetermined(rule_set: RuleSet, evaluation: Evaluation) -> str:
    reported = evaluation.truth(rule_set.uninterpretable)
    return "uninterpretable" if reported is Truth.TRUE else "insufficient_data"
