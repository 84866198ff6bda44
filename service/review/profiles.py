"""The profiles of a rule set side by side: what each states its own way, and what that makes of a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.edges import edges
from rules.engine import assess
from rules.fact_types import FactType
from rules.model import Finding, RuleSet
from rules.quantities import plain
from rules.reported import with_value
from schemas.wording import short
from service.checking import UNREMARKABLE, read_summary


@dataclass(frozen=True, slots=True)
class Replaced:
    """A finding that is not the same under all profiles."""

    id: str
    under: Mapping[str, Finding]


def replaced_findings(rule_set: RuleSet) -> list[Replaced]:
    """The findings that a profile states its own way, side by side."""
    sets = rule_set.by_profile
    rows = ({profile: one.findings[id_] for profile, one in sets.items()} for id_ in rule_set.findings)
    return [Replaced(next(iter(row.values())).id, row) for row in rows if len(set(map(_stated, row.values()))) > 1]


def _stated(finding: Finding) -> object:
    members = tuple(member.id for member in finding.members)
    return (finding.label, finding.line and finding.line.comparisons, finding.text, members, finding.at_least)


def reworded(rule_set: RuleSet) -> list[tuple[str, Mapping[str, Any]]]:
    """The recommendations that a profile words its own way, side by side."""
    rows = {id_: {name: one.rules[id_].then for name, one in rule_set.by_profile.items()} for id_ in rule_set.rules}
    return [(id_, row) for id_, row in rows.items() if len({repr(then) for then in row.values()}) > 1]


def levels_by_profile(rule_set: RuleSet) -> list[tuple[str, list[str]]]:
    """The level under each profile at every edge of the findings that they state differently."""
    findings = [finding for row in replaced_findings(rule_set) for finding in row.under.values()]
    reported = {
        (edge.fact.code, edge.unit, value): edge.fact
        for edge in edges(findings)
        for value in (edge.inside, edge.outside)
        if edge.fact.group == "labs"
    }
    return [_levels(rule_set, fact, unit, value) for (_, unit, value), fact in sorted(reported.items(), key=_order)]


def _order(entry: tuple[tuple[str, str, Decimal], FactType]) -> tuple[str, str, Decimal]:
    return entry[0]


def _levels(rule_set: RuleSet, fact: FactType, unit: str, value: Decimal) -> tuple[str, list[str]]:
    facts = read_summary(with_value({**UNREMARKABLE, "pregnant": False}, fact, value, unit) or {})
    levels = [assess(one, facts).likelihood.level for one in rule_set.by_profile.values()]
    return f"{short(fact.label)} {plain(value)} {unit}", levels
