"""Why each rule fired or did not: which finding was false, by how much, and which was unknown."""

from collections.abc import Iterator

from rules.assessment import TracedFinding, TracedRule
from rules.evaluation import Evaluation
from rules.model import WHEN_WORDS, AnyRule, Finding, RuleSet
from rules.truth import Truth
from rules.verdicts import judge_rules

OUTCOMES = {Truth.TRUE: "fired", Truth.FALSE: "silent", Truth.UNKNOWN: "undecided"}


def trace_rules(rule_set: RuleSet, evaluation: Evaluation, in_scope: bool) -> tuple[TracedRule, ...]:
    """Every rule of the set with how each of its findings stood; rules meant for others are out of scope."""
    verdicts = judge_rules(rule_set.rules.values(), evaluation, in_scope)
    outcomes = {verdict.rule.id: OUTCOMES[verdict.truth] for verdict in verdicts}
    return tuple(
        TracedRule(rule.id, rule.title, outcomes.get(rule.id, "out_of_scope"), tuple(_findings(rule, evaluation)))
        for rule in rule_set.rules.values()
    )


def _findings(rule: AnyRule, evaluation: Evaluation) -> Iterator[TracedFinding]:
    for word in WHEN_WORDS:
        for finding in getattr(rule.when, word):
            yield _traced(word, finding, evaluation)


def _traced(word: str, finding: Finding, evaluation: Evaluation) -> TracedFinding:
    judged = evaluation.judge(finding)
    return TracedFinding(
        finding=finding.id,
        label=finding.label,
        word=word,
        truth=judged.truth.word,
        value=judged.value,
        limit=judged.limit,
        distance=judged.distance,
        unknown=tuple(evaluation.unknown_facts(finding)),
    )
