"""Why each rule fired, stayed silent or could not be decided."""

from typing import Any

from marshmallow import Schema

from rules.assessment import TracedRule
from rules.model import WHEN_WORDS
from rules.truth import TRUTHS
from schemas import wire

OUTCOMES = ("fired", "silent", "undecided", "out_of_scope")


class TracedFindingSchema(Schema):
    """How one finding of a rule stood."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    word = wire.word(WHEN_WORDS, "The word of the rule that names it")
    truth = wire.word(TRUTHS, "How it stood")
    value = wire.text("The value it was judged by", nullable=True)
    limit = wire.text("The limit it was judged by", nullable=True)
    distance = wire.text("How far the value is from the limit", nullable=True)
    unknown_ = wire.texts("The unknown facts behind it", data_key="unknown")


class TracedRuleSchema(Schema):
    """Why one rule fired, stayed silent or could not be decided."""

    rule = wire.text("The rule")
    title = wire.text("The rule in one sentence")
    outcome = wire.word(OUTCOMES, "What became of it")
    findings = wire.many(TracedFindingSchema, "Its findings")


def render_traced(rule: TracedRule) -> dict[str, Any]:
    """One rule with its outcome and how each of its findings stood."""
    findings = [
        {
            "finding": finding.finding,
            "label": finding.label,
            "word": finding.word,
            "truth": finding.truth,
            "value": finding.value,
            "limit": finding.limit,
            "distance": finding.distance,
            "unknown": list(finding.unknown),
        }
        for finding in rule.findings
    ]
    return {"rule": rule.rule, "title": rule.title, "outcome": rule.outcome, "findings": findings}
