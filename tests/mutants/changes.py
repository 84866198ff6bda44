"""The small changes that a slip of the pen could make to a rule, a finding or a disease."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from rules.limits import Comparison, Limit
from rules.model import BLOCKS, LEVELS, AnyRule, Explanation, Finding, Likelihood, RuleSet, When

NEIGHBORS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
Part = AnyRule | Explanation | Finding


@dataclass(frozen=True)
class Mutant:
    """One change: of which kind, in plain words, and the rule, disease or finding as it is afterwards."""

    kind: str
    what: str
    before: Part
    after: Part


def mutants(rule_set: RuleSet) -> Iterator[Mutant]:
    """Every small change to a rule set."""
    for rule in rule_set.rules.values():
        yield from (Mutant(kind, what, rule, replace(rule, when=when)) for kind, what, when in _of_block(rule.when))
        yield from _levels(rule)
    for explanation in (*rule_set.differential.values(), *rule_set.causes.values()):
        yield from _of_explanation(explanation)
    for finding in rule_set.findings.values():
        if finding.text != finding.id:
            changed = _of_line(finding) if finding.line else _of_group(finding)
            yield from (Mutant(kind, what, finding, after) for kind, what, after in changed)


def _levels(rule: AnyRule) -> Iterator[Mutant]:
    if isinstance(rule.then, Likelihood):
        place = LEVELS.index(rule.then.level)
        for level in (level for level in LEVELS[1:] if abs(LEVELS.index(level) - place) == 1):
            yield Mutant(
                "level one step",
                f"{rule.then.level} -> {level}",
                rule,
                replace(rule, then=replace(rule.then, level=level)),
            )


def _of_explanation(explanation: Explanation) -> Iterator[Mutant]:
    for name in BLOCKS:
        block = getattr(explanation, name)
        for kind, what, when in _of_block(block) if block else ():
            changed: dict[str, Any] = {name: when}
            yield Mutant(kind, f"{name}: {what}", explanation, replace(explanation, **changed))
    for finding in explanation.appears if len(explanation.appears) > 1 else ():
        rest = _without(explanation.appears, finding)
        yield Mutant(
            "dropped finding", f"appears: without {finding.id}", explanation, replace(explanation, appears=rest)
        )


def _without(findings: tuple[Finding, ...], one: Finding) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding is not one)


def _of_block(when: When) -> Iterator[tuple[str, str, When]]:
    if len(when.all) > 1 or (when.all and when.any):
        yield "all -> any", "all -> any", replace(when, all=(), any=(*when.all, *when.any), at_least=1)
    for word in ("all", "any", "none"):
        named = getattr(when, word)
        alone = len(named) == 1 and (word == "any" or len(when.all) + len(when.any) + len(when.none) == 1)
        for finding in () if alone else named:
            yield "dropped finding", f"without {finding.id}", replace(when, **{word: _without(named, finding)})
    for finding in when.unless:
        rest = _without(when.unless, finding)
        yield "dropped unless", f"without unless {finding.id}", replace(when, unless=rest)
        yield "unless -> none", f"unless -> none {finding.id}", replace(when, unless=rest, none=(*when.none, finding))
    yield from (("at_least", f"at_least {n}", replace(when, at_least=n)) for n in _counts(when.at_least, len(when.any)))


def _counts(at_least: int, members: int) -> list[int]:
    return [n for n in (at_least - 1, at_least + 1) if at_least > 1 and n <= members]


def _of_group(finding: Finding) -> Iterator[tuple[str, str, Finding]]:
    if finding.group == "all" and len(finding.members) > 1:
        yield "all -> any", "all -> any", replace(finding, group="any", at_least=1)
    for member in finding.members if len(finding.members) > 1 else ():
        yield "dropped member", f"without {member.id}", replace(finding, members=_without(finding.members, member))
    for count in _counts(finding.at_least, len(finding.members)):
        yield "at_least", f"at_least {count}", replace(finding, at_least=count)


def _of_line(finding: Finding) -> Iterator[tuple[str, str, Finding]]:
    line = finding.line
    assert line is not None
    for place, comparison in enumerate(line.comparisons):
        for kind, what, after in _of_comparison(comparison):
            comparisons = (*line.comparisons[:place], after, *line.comparisons[place + 1 :])
            yield kind, what, replace(finding, line=replace(line, comparisons=comparisons))


def _of_comparison(comparison: Comparison) -> Iterator[tuple[str, str, Comparison]]:
    neighbor = NEIGHBORS[comparison.sign]
    yield "< or <=", f"{comparison.sign} -> {neighbor}", replace(comparison, sign=neighbor)
    for place, limit in enumerate(comparison.limits):
        for moved in _moved(limit):
            limits = (*comparison.limits[:place], moved, *comparison.limits[place + 1 :])
            yield "limit one unit", f"{limit} -> {moved}", replace(comparison, limits=limits)
    for moved in _moved(comparison.uncertain_from) if comparison.uncertain_from else ():
        yield "limit one unit", f"uncertain from {moved}", replace(comparison, uncertain_from=moved)
    if comparison.laboratory_limit:
        yield "dropped laboratory_limit", "without laboratory_limit", replace(comparison, laboratory_limit=None)


def _moved(limit: Limit) -> tuple[Limit, Limit]:
    """One unit of the last printed place down and up."""
    step = Decimal(1).scaleb(int(limit.value.as_tuple().exponent))
    return replace(limit, value=limit.value - step), replace(limit, value=limit.value + step)
