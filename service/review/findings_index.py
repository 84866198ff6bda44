"""The findings of a rule set that are in use, by kind, as the review sheet and the pages list them."""

from dataclasses import dataclass
from itertools import groupby

from rules.facts_file import GROUPS
from rules.model import Finding, RuleSet
from service.review import tables


@dataclass(frozen=True, slots=True)
class Index:
    """The findings in use: those with a limit or a word, groups, computed ones, and what is simply said."""

    lines: list[Finding]
    groups: list[Finding]
    computed: list[Finding]
    said: list[tuple[str, list[Finding]]]


def index_of(rule_set: RuleSet) -> Index:
    """The index of one rule set."""
    used = tables.used_findings(rule_set)
    plainly = [(finding.line.fact, finding) for finding in used if finding.line and finding.line.form == "present"]
    by_group = sorted(plainly, key=lambda pair: (GROUPS.index(pair[0].group), pair[1].label))
    said = [(group, [finding for _, finding in pairs]) for group, pairs in groupby(by_group, lambda p: p[0].group)]
    return Index(
        lines=[finding for finding in used if finding.line and finding.line.form != "present"],
        groups=[finding for finding in used if not finding.line],
        computed=[finding for fact, finding in plainly if fact.group == "derived"],
        said=[(group, findings) for group, findings in said if group != "derived"],
    )
