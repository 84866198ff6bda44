"""The order in which the rules of a set are read."""

from rules.model import ACTIONS, SEVERITIES, AnyRule, RuleSet

Chapter = tuple[str, str, list[AnyRule]]


def by_conclusion(rule_set: RuleSet) -> list[Chapter]:
    """The likelihood, then flags by severity, then recommendations by action: kind, word and rules, none empty."""
    flags, options = rule_set.flags, rule_set.recommendations
    chapters: list[Chapter] = [("level", "", list(rule_set.likelihood))]
    chapters += [("severity", word, [rule for rule in flags if rule.then.severity == word]) for word in SEVERITIES]
    chapters += [("action", word, [rule for rule in options if rule.then.action == word]) for word in ACTIONS]
    return [(kind, word, rules) for kind, word, rules in chapters if rules]
