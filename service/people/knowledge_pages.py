"""The knowledge, open to reading: rules as sentences, findings, sources in their words, vignettes, what changed."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from rules import RuleSet
from rules.facts_file import GROUPS
from rules.model import VERIFICATIONS, Finding
from schemas.grounds import render_citations
from service.answers import asked_rule_set, find_rule_set, lasting, library
from service.knowledge import difference
from service.people import examples
from service.people.html import page
from service.refusal import require
from service.review.chapters import by_conclusion
from service.review.findings_index import index_of
from service.review.patients import answer, patient
from service.review.tables import citing, promise, told
from service.review.words import AUDIENCES, asks, clauses, conclusion, phrase, stances, together

blueprint = Blueprint("knowledge", __name__, url_prefix="/rule-sets")


def _page(template: str, rule_set: RuleSet, **context: Any) -> Response:
    words = {"phrase": phrase, "asks": asks, "together": together, "clauses": clauses, "conclusion": conclusion}
    context |= {"rule_set": rule_set, "manifest": rule_set.manifest, "audiences": AUDIENCES, **words}
    return lasting(page(f"knowledge/{template}", render_citations=render_citations, **context))


@blueprint.get("")
def list_rule_sets() -> Response:
    """List the rule sets, the newest first."""
    rule_sets = [library().get(version) for version in reversed(library().versions)]
    return lasting(page("knowledge/rule_sets", rule_sets=rule_sets))


@blueprint.get("/<version>")
def show_rule_set(version: str) -> Response:
    """Show one rule set: who answers for it, what it holds, and every rule as a sentence."""
    rule_set = _open(version)
    subjects = examples.subjects(library(), version)
    return _page("rule_set", rule_set, chapters=by_conclusion(rule_set), subjects=subjects, verifications=VERIFICATIONS)


@blueprint.get("/<version>/rules/<rule_id>")
def show_rule(version: str, rule_id: str) -> Response:
    """Show one rule: what it asks, what it concludes, from which sources, and when not to believe it."""
    rule_set = _open(version)
    require(rule_id, rule_set.rules, "path.rule_id", "rule of that rule set")
    rule = rule_set.rules[rule_id]
    return _page("rule", rule_set, rule=rule, groups=_groups(rule.when.findings), patient=patient)


@blueprint.get("/<version>/explanations/<name>")
def show_explanation(version: str, name: str) -> Response:
    """Show one disease or cause: when it is shown, what speaks for it and against it."""
    rule_set = _open(version)
    known = {**rule_set.differential, **rule_set.causes}
    require(name, known, "path.name", "disease or cause of that rule set")
    other = known[name]
    return _page("explanation", rule_set, other=other, stances=stances(other), groups=_groups(other.named_findings()))


@blueprint.get("/<version>/findings")
def list_findings(version: str) -> Response:
    """List the findings that rules name, with their limits and sources."""
    rule_set = _open(version)
    index = index_of(rule_set)
    by_kind = {"limits": index.lines, "groups": index.groups, "computed": index.computed}
    return _page("findings", rule_set, by_kind=by_kind, promise=promise, fact_groups=GROUPS)


@blueprint.get("/<version>/evidence")
def list_sources(version: str) -> Response:
    """List the sources."""
    return _page("sources", _open(version))


@blueprint.get("/<version>/evidence/<source_id>")
def show_source(version: str, source_id: str) -> Response:
    """Show one source with its passages, their words and how each was verified."""
    rule_set = _open(version)
    require(source_id, rule_set.sources, "path.source_id", "source of that rule set")
    return _page("source", rule_set, source=rule_set.sources[source_id], citing=citing(rule_set))


@blueprint.get("/<version>/vignettes/<subject>")
def show_vignettes(version: str, subject: str) -> Response:
    """Show the whole patients of one subject with the answer each gets."""
    rule_set = _open(version)
    require(subject, examples.subjects(library(), version), "path.subject", "subject of that rule set's vignettes")
    answered = told(rule_set, examples.vignettes(library(), version, subject))
    return _page("vignettes", rule_set, subject=subject, told=answered, said=(patient, answer))


@blueprint.get("/<version>/changes")
def show_changes(version: str) -> Response:
    """Show what changed since another version, the one before it unless `since` names one."""
    rule_set = _open(version)
    since = request.args.get("since") or rule_set.manifest.supersedes
    changes = difference(find_rule_set(since, "query.since"), rule_set) if since else None
    return _page("changes", rule_set, changes=changes)


def _open(version: str) -> RuleSet:
    """The rule set of an address, under the profile it names."""
    return asked_rule_set(version, request.args.get("profile"), "path.version")


def _groups(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The groups among some findings, to be spelled out beside the sentence."""
    return {finding.id: finding for finding in findings if finding.members}
