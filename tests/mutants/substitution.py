"""A rule set in which one finding, rule or disease is another."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from rules.model import BLOCKS, AnyRule, Explanation, Finding, RuleSet, When
from tests.mutants.changes import Part

LISTS = ("appears", "speaks_for", "speaks_against", "ask")
RULES = ("likelihood", "flags", "recommendations")
DISEASES = ("differential", "causes")


def with_part(rule_set: RuleSet, part: Part) -> RuleSet:
    """The rule set with another rule, disease or finding of the same name."""
    if isinstance(part, Finding):
        return _with_finding(rule_set, part)
    rules: dict[str, Any] = {name: _put(getattr(rule_set, name), part) for name in RULES}
    diseases: dict[str, Any] = {
        name: dict(zip(each, _put(each.values(), part), strict=True))
        for name in DISEASES
        for each in [getattr(rule_set, name)]
    }
    return replace(rule_set, **rules, **diseases)


def _put(parts: Iterable[Any], part: Any) -> tuple[Any, ...]:
    return tuple(part if one.id == part.id and type(one) is type(part) else one for one in parts)


def _with_finding(rule_set: RuleSet, new: Finding) -> RuleSet:
    rules: dict[str, Any] = {name: tuple(_rule(rule, new) for rule in getattr(rule_set, name)) for name in RULES}
    diseases: dict[str, Any] = {
        name: {id_: _disease(one, new) for id_, one in getattr(rule_set, name).items()} for name in DISEASES
    }
    named: dict[str, Any] = {name: _finding(getattr(rule_set, name), new) for name in ("scope", "uninterpretable")}
    findings = {id_: _finding(one, new) for id_, one in rule_set.findings.items()}
    return replace(rule_set, **rules, **diseases, **named, findings=findings)


def _finding(finding: Finding, new: Finding) -> Finding:
    if finding.id == new.id:
        return new
    members = _findings(finding.members, new)
    unchanged = all(one is other for one, other in zip(members, finding.members, strict=True))
    return finding if unchanged else replace(finding, members=members)


def _findings(findings: tuple[Finding, ...], new: Finding) -> tuple[Finding, ...]:
    return tuple(_finding(finding, new) for finding in findings)


def _when(when: When, new: Finding) -> When:
    parts: dict[str, Any] = {word: _findings(getattr(when, word), new) for word in ("all", "any", "none", "unless")}
    return replace(when, **parts)


def _rule(rule: AnyRule, new: Finding) -> AnyRule:
    return replace(rule, when=_when(rule.when, new)) if reads(rule, new) else rule


def _disease(disease: Explanation, new: Finding) -> Explanation:
    if not reads(disease, new):
        return disease
    lists: dict[str, Any] = {name: _findings(getattr(disease, name), new) for name in LISTS}
    blocks: dict[str, Any] = {name: _when(block, new) for name in BLOCKS if (block := getattr(disease, name))}
    known = _finding(disease.known, new) if disease.known else None
    return replace(disease, known=known, **lists, **blocks)


def reads(part: AnyRule | Explanation, finding: Finding) -> bool:
    """Whether a rule or a disease names a finding, itself or through a group."""
    return any(_names(named, finding.id) for named in part.named_findings())


def _names(finding: Finding, name: str) -> bool:
    return finding.id == name or any(_names(member, name) for member in finding.members)


def renamed_above(part: Any, name: str, new: Finding) -> Any:
    """A rule or disease with `new` in the place of what `name` stood for, every group above it under a new name."""
    named = _with_finding_renamed(name, new)
    if isinstance(part, Explanation):
        lists: dict[str, Any] = {each: tuple(map(named, getattr(part, each))) for each in LISTS}
        blocks: dict[str, Any] = {each: _mapped(block, named) for each in BLOCKS if (block := getattr(part, each))}
        return replace(part, known=named(part.known) if part.known else None, **lists, **blocks)
    return replace(part, when=_mapped(part.when, named))


def _with_finding_renamed(name: str, new: Finding) -> Callable[[Finding], Finding]:
    def named(finding: Finding) -> Finding:
        if finding.id == name:
            return new
        if not _names(finding, name):
            return finding
        return replace(finding, id=f"{finding.id} changed", members=tuple(map(named, finding.members)))

    return named


def _mapped(when: When, named: Callable[[Finding], Finding]) -> When:
    parts: dict[str, Any] = {word: tuple(map(named, getattr(when, word))) for word in ("all", "any", "none", "unless")}
    return replace(when, **parts)
