"""What a set names but lacks, has but does not use, says without a source, or rests on evidence past its time."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rules.catalogue import catalogue
from rules.library import is_overdue
from rules.model import AnyRule, Citation, Explanation, Finding, Recommendation, RuleSet
from tests.proofs.result import Result

COUNTED = "every one read"
LOADER = (
    ("uncited-statement", re.compile(r"cites no source|'cite' must be|none of its sources was read")),
    ("unused", re.compile(r"is used by no rule")),
    ("undefined", re.compile(r"unknown (fact|finding|citation|test|score|key|limit)|has no such unit")),
)


def unreadable(problems: Iterable[str]) -> Iterator[Result]:
    """What the reader of the files refuses already, by the check it belongs to."""
    for problem in problems:
        check = next((name for name, pattern in LOADER if pattern.search(problem)), "unreadable")
        yield Result(check, problem.partition(":")[0], COUNTED, problem)


def each_reference(rule_set: RuleSet, accepted_unused: frozenset[str]) -> Iterator[Result]:
    """Every fact and passage is used, every statement has a source."""
    yield from _unused_facts(rule_set, accepted_unused)
    yield from _unused_passages(rule_set, accepted_unused)
    for finding in _every_finding(rule_set.named_findings()):
        uncited = _draws_a_limit(finding) and not finding.citations
        wrong = f"finding '{finding.id}' draws a limit and cites no source" if uncited else None
        yield Result("uncited-statement", finding.id, COUNTED, wrong)
    for explanation in (*rule_set.differential.values(), *rule_set.causes.values()):
        wrong = None if explanation.citations else f"'{explanation.id}' cites no source"
        yield Result("uncited-statement", explanation.id, COUNTED, wrong)


def _unused_facts(rule_set: RuleSet, accepted: frozenset[str]) -> Iterator[Result]:
    read = _facts_read(rule_set)
    for fact in catalogue():
        unused = fact.code not in read and fact.code not in accepted
        wrong = f"fact '{fact.code}' can be sent and is read by nothing" if unused else None
        yield Result("unused", fact.code, COUNTED, wrong)


def _facts_read(rule_set: RuleSet) -> set[str]:
    findings = _every_finding((*rule_set.named_findings(), rule_set.scope, rule_set.uninterpretable))
    lines = [finding.line.fact for finding in findings if finding.line]
    computed = {code for fact in lines for code in fact.derived_from}
    tests = {test for rule in rule_set.recommendations for test in rule.then.tests}
    scores = {each.criteria["score"] for each in rule_set.differential.values() if each.criteria}
    return {fact.code for fact in lines} | computed | tests | scores


def _unused_passages(rule_set: RuleSet, accepted: frozenset[str]) -> Iterator[Result]:
    cited = {(one.source.id, one.passage.id) for one in _every_citation(rule_set)}
    for source in rule_set.sources.values():
        for passage in source.passages:
            name = f"{source.id}/{passage}"
            used = (source.id, passage) in cited or name in accepted
            wrong = None if used else f"passage '{name}' is cited by nothing"
            yield Result("unused", name, COUNTED, wrong)


def _every_citation(rule_set: RuleSet) -> Iterator[Citation]:
    """Those of every profile: a passage may be cited by one of them only."""
    for one in (rule_set, *rule_set.by_profile.values()):
        parts: list[AnyRule | Explanation | Finding] = [*one.rules.values(), *one.differential.values()]
        for part in (*parts, *one.causes.values(), *one.findings.values()):
            yield from part.citations


def _every_finding(findings: Iterable[Finding]) -> list[Finding]:
    found: dict[str, Finding] = {}
    for finding in findings:
        if finding.id not in found:
            found[finding.id] = finding
            found |= {member.id: member for member in _every_finding(finding.members)}
    return list(found.values())


def _draws_a_limit(finding: Finding) -> bool:
    """A count of at least one, or above none, says only that there is something."""
    if finding.line is None or finding.line.form not in ("compare", "range"):
        return False
    limits = [limit for one in finding.line.comparisons for limit in one.limits]
    return finding.line.form == "range" or any(limit.value > 1 for limit in limits)


def each_source(rule_set: RuleSet, today: date) -> Iterator[Result]:
    """No strong statement rests on superseded evidence alone, and the set is within its review date."""
    for rule in rule_set.recommendations:
        wrong = (
            f"'{rule.id}' is strong and rests on superseded sources alone"
            if _expired(rule.then, rule.citations)
            else None
        )
        yield Result("expired-evidence", rule.id, COUNTED, wrong)
    due = rule_set.manifest.next_review
    wrong = f"the set was due for review on {due}" if is_overdue(rule_set, today) else None
    yield Result("expired-evidence", "next_review", COUNTED, wrong)


def _expired(advice: Recommendation, citations: tuple[Citation, ...]) -> bool:
    """Whether none of the sources that were read is current."""
    read = [one for one in citations if one.was_read]
    return advice.strength == "strong" and not any(one.source.status == "current" for one in read)
