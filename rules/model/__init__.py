"""What a rule set is made of: sources, findings, rules and explanations, all frozen."""

from rules.model.conclusions import (
    ACTIONS,
    BASES,
    CERTAINTIES,
    LEVELS,
    REASONS,
    SCOPES,
    SEVERITIES,
    STANCES,
    STRENGTHS,
    URGENCIES,
    AnyRule,
    Conclusion,
    Example,
    Explanation,
    Flag,
    Likelihood,
    Recommendation,
    Rule,
)
from rules.model.findings import Finding, Line
from rules.model.grounds import Ground, Reason
from rules.model.rule_set import STATUSES, Manifest, RuleSet
from rules.model.sources import READ, VERIFICATIONS, Citation, Passage, Source
from rules.model.when import WHEN_WORDS, When

__all__ = [
    "ACTIONS",
    "BASES",
    "CERTAINTIES",
    "LEVELS",
    "READ",
    "REASONS",
    "SCOPES",
    "SEVERITIES",
    "STANCES",
    "STATUSES",
    "STRENGTHS",
    "URGENCIES",
    "VERIFICATIONS",
    "WHEN_WORDS",
    "AnyRule",
    "Citation",
    "Conclusion",
    "Example",
    "Explanation",
    "Finding",
    "Flag",
    "Ground",
    "Likelihood",
    "Line",
    "Manifest",
    "Passage",
    "Reason",
    "Recommendation",
    "Rule",
    "RuleSet",
    "Source",
    "When",
]
