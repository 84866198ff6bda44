"""One patient's facts in, one cited assessment out: pure, total, and without a clock."""

from collections.abc import Iterable

from rules.assessment import Advice, Assessment, RaisedFlag
from rules.evaluation import Evaluation
from rules.explanations import weigh_explanations
from rules.facts import Facts
from rules.likelihood import OUT_OF_SCOPE, conclude
from rules.missing import missing_facts
from rules.model import SEVERITIES, STRENGTHS, URGENCIES, Flag, Recommendation, RuleSet
from rules.outset import evaluate
from rules.trace import trace_rules
from rules.truth import Truth
from rules.verdicts import AnyVerdict, Verdict, assumptions, citations, judge_rules, reasons, telling_verdicts

ENGINE_VERSION = "1.1.0"


def assess(rule_set: RuleSet, facts: Facts, *, trace: bool = False) -> Assessment:
    """What the rule set says about this patient; the same facts and set always give the same assessment."""
    evaluation = evaluate(rule_set, facts)
    in_scope = evaluation.truth(rule_set.scope) is Truth.TRUE
    levels = judge_rules(rule_set.likelihood, evaluation, in_scope)
    flags = telling_verdicts(rule_set.flags, evaluation, in_scope)
    advice = telling_verdicts(rule_set.recommendations, evaluation, in_scope)
    judged: tuple[AnyVerdict, ...] = (*levels, *flags, *advice)
    outcome = conclude(rule_set, levels, evaluation) if in_scope else OUT_OF_SCOPE
    given = advise(advice, evaluation)
    return Assessment(
        rule_set=rule_set,
        likelihood=outcome,
        flags=raise_flags(flags, evaluation),
        differential=weigh_explanations(rule_set.differential, evaluation) if in_scope else (),
        causes=weigh_explanations(rule_set.causes, evaluation) if outcome.flagged else (),
        recommendations=given,
        missing=missing_facts(outcome, levels, (*flags, *advice), given, evaluation),
        fired=tuple(verdict.rule.id for verdict in judged if verdict.fired),
        trace=trace_rules(rule_set, evaluation, in_scope) if trace else (),
    )


def raise_flags(verdicts: Iterable[Verdict[Flag]], evaluation: Evaluation) -> tuple[RaisedFlag, ...]:
    """The flags of the rules that fired, the gravest first; of several rules for one flag the gravest speaks."""
    by_flag: dict[str, list[Verdict[Flag]]] = {}
    for verdict in verdicts:
        if verdict.fired:
            by_flag.setdefault(verdict.rule.then.id, []).append(verdict)
    raised = [_flag(fired, evaluation) for fired in by_flag.values()]
    return tuple(sorted(raised, key=lambda raised: SEVERITIES.index(raised.flag.severity)))


def _flag(fired: list[Verdict[Flag]], evaluation: Evaluation) -> RaisedFlag:
    gravest = min((verdict.rule.then for verdict in fired), key=lambda flag: SEVERITIES.index(flag.severity))
    speaking = [verdict for verdict in fired if verdict.rule.then is gravest]
    return RaisedFlag(gravest, reasons(fired, evaluation), assumptions(speaking), citations(fired))


def advise(verdicts: Iterable[Verdict[Recommendation]], evaluation: Evaluation) -> tuple[Advice, ...]:
    """The recommendations of the rules that fired, the most urgent first; the strongest rule for each speaks."""
    by_advice: dict[str, list[Verdict[Recommendation]]] = {}
    for verdict in verdicts:
        if verdict.fired:
            by_advice.setdefault(verdict.rule.then.id, []).append(verdict)
    given = [_advice(fired, evaluation) for fired in by_advice.values()]
    return tuple(sorted(given, key=lambda advice: URGENCIES.index(advice.urgency)))


def _advice(fired: list[Verdict[Recommendation]], evaluation: Evaluation) -> Advice:
    options = [verdict.rule.then for verdict in fired]
    strongest = min(options, key=lambda option: STRENGTHS.index(option.strength))
    speaking = [verdict for verdict in fired if verdict.rule.then is strongest]
    return Advice(
        recommendation=strongest,
        urgency=min((option.urgency for option in options), key=URGENCIES.index),
        rules=tuple(verdict.rule.id for verdict in fired),
        because=reasons(fired, evaluation),
        assumes=assumptions(speaking),
        citations=citations(fired),
    )
