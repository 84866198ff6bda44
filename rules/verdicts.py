"""What each rule concludes for one patient, and the findings behind it."""

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple

from rules.assessment import Assumption
from rules.model import Reason
from rules.evaluation import Evaluation
from rules.model import Citation, Conclusion, Finding, Rule, When
from rules.truth import Truth


class Verdict(NamedTuple, Generic[Conclusion]):
    """Whether a rule fires (TRUE), is silent (FALSE) or undecided, and what it took for granted to fire."""

    rule: Rule[Conclusion]
    truth: Truth
    assumed: tuple[Finding, ...] = ()

    @property
    def fired(self) -> bool:
        """Whether it fires, assumptions granted."""
        return self.truth is Truth.TRUE


AnyVerdict = Verdict[Any]
CERTAIN: tuple[Truth, tuple[Finding, ...]] = (Truth.TRUE, ())
SILENT: tuple[Truth, tuple[Finding, ...]] = (Truth.FALSE, ())
UNDECIDED: tuple[Truth, tuple[Finding, ...]] = (Truth.UNKNOWN, ())


def weigh(when: When, evaluation: Evaluation) -> tuple[Truth, tuple[Finding, ...]]:
    """The truth of a block of the four words, and the `unless` findings it took as absent."""
    evaluation.need(when.marks, when.findings)
    true, possible = evaluation.true, evaluation.possible
    if true & when.unless_marks or not when.holds(possible, true):
        return SILENT
    if not when.holds(true, possible):
        return UNDECIDED
    assumed = possible & when.unless_marks
    return (Truth.TRUE, tuple(finding for finding in when.unless if finding.mark & assumed)) if assumed else CERTAIN


def judge_rules(
    rules: Iterable[Rule[Conclusion]], evaluation: Evaluation, in_scope: bool
) -> tuple[Verdict[Conclusion], ...]:
    """The verdict of every rule that is meant for this person."""
    scope = "adult" if in_scope else "child"
    meant = {scope, "everyone"}
    return tuple(Verdict(rule, *weigh(rule.when, evaluation)) for rule in rules if rule.scope in meant)


def telling_verdicts(
    rules: Iterable[Rule[Conclusion]], evaluation: Evaluation, in_scope: bool
) -> tuple[Verdict[Conclusion], ...]:
    """The verdicts that can matter to an answer: rules that fire, and undecided ones of which something holds."""
    true, impossible = evaluation.true, ~evaluation.possible
    asked = [rule for rule in rules if rule.when.asked & true or not rule.when.asked]
    asked = [rule for rule in asked if not rule.when.all_marks & impossible]
    return tuple(verdict for verdict in judge_rules(asked, evaluation, in_scope) if verdict.truth is not Truth.FALSE)


def reasons(verdicts: Iterable[AnyVerdict], evaluation: Evaluation) -> tuple[Reason, ...]:
    """The findings that made rules fire, each once: those that hold, and those whose absence was required."""
    found: dict[str, Reason] = {}
    for verdict in verdicts:
        when = verdict.rule.when
        found |= evaluation.reasons(when.wanted)
        found |= {absence.reason.finding: evaluation.reason(absence) for absence in when.absences}
    return tuple(found.values())


def assumptions(verdicts: Iterable[AnyVerdict]) -> tuple[Assumption, ...]:
    """What rules took as absent to fire, each once."""
    assumed = (finding for verdict in verdicts for finding in verdict.assumed)
    return tuple({finding.id: Assumption(finding.id, finding.label) for finding in assumed}.values())


def citations(verdicts: Iterable[AnyVerdict]) -> tuple[Citation, ...]:
    """The sources of rules, each passage once."""
    cited: dict[tuple[str, str], Citation] = {}
    for verdict in verdicts:
        cited |= verdict.rule.cited
    return tuple(cited.values())
