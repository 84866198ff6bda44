"""What each rule concludes for one patient, and the findings behind it."""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple

from rules.assessment import Assumption, Reason
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
    if when.marks | evaluation.judged != evaluation.judged:
        evaluation.look_at(when.findings())
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
    judged = ((rule, weigh(rule.when, evaluation)) for rule in rules if rule.scope in (scope, "everyone"))
    return tuple(Verdict(rule, *verdict) for rule, verdict in judged)


def reasons(verdicts: Iterable[AnyVerdict], evaluation: Evaluation) -> tuple[Reason, ...]:
    """The findings that made rules fire, each once."""
    found = (reason for verdict in verdicts for reason in reasons_of(verdict.rule.when, evaluation))
    return tuple({reason.finding: reason for reason in found}.values())


def reasons_of(when: When, evaluation: Evaluation) -> Iterator[Reason]:
    """What holds in one block: the true findings, and those whose absence was required."""
    for finding in (*when.all, *when.any):
        yield from true_reasons(finding, evaluation)
    for finding in when.none:
        judged = evaluation.judge(finding)
        yield Reason(finding.id, f"Not: {finding.label}", judged.value or "absent", judged.limit, finding.citations)


def true_reasons(finding: Finding, evaluation: Evaluation, citations: tuple[Citation, ...] = ()) -> Iterator[Reason]:
    """A finding that holds, or the members that make a group hold; a member without a source has its group's."""
    judged = evaluation.judge(finding)
    if judged.truth is not Truth.TRUE:
        return
    sources = finding.citations or citations
    if not finding.members or finding.group == "none":
        yield Reason(finding.id, finding.label, judged.value, judged.limit, sources)
    for member in finding.members if finding.group != "none" else ():
        yield from true_reasons(member, evaluation, sources)


def assumptions(verdicts: Iterable[AnyVerdict]) -> tuple[Assumption, ...]:
    """What rules took as absent to fire, each once."""
    assumed = (finding for verdict in verdicts for finding in verdict.assumed)
    return tuple({finding.id: Assumption(finding.id, finding.label) for finding in assumed}.values())


def citations(verdicts: Iterable[AnyVerdict]) -> tuple[Citation, ...]:
    """The sources of rules, each passage once."""
    cited = (citation for verdict in verdicts for citation in verdict.rule.citations)
    return tuple({(citation.source.id, citation.passage.id): citation for citation in cited}.values())
