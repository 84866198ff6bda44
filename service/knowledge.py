"""The knowledge behind the assessments, open to reading: facts, rule sets, rules and evidence, one by one."""

from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app

import schemas
from rules import RuleSet
from schemas import Problem
from service.answers import find_rule_set, json_answer, lasting, library, read_query
from service.checking import compare_versions
from service.refusal import Refusal, require

DIFFERENCES = "b12cds.differences"

blueprint = Blueprint("knowledge", __name__, url_prefix="/v1")


@blueprint.get("/facts")
def list_facts() -> Response:
    """List what a patient summary can say.

    The catalogue of facts: every test, symptom, sign, condition, procedure, medicine and statement with its
    aliases, units, plausible range and public codes.
    """
    read_query({})
    return lasting(json_answer(_catalogue()))


@blueprint.get("/rule-sets")
def list_rule_sets() -> Response:
    """List the rule sets.

    Every version that can be pinned with `rule_set`, with its status, its dates and its digest.
    """
    read_query({})
    return lasting(json_answer(schemas.render_rule_sets(library())))


@blueprint.get("/rule-sets/<version>")
def show_rule_set(version: str) -> Response:
    """Show one rule set.

    Its manifest, and the names of its rules and sources.
    """
    rule_set = _open(version)
    return lasting(json_answer(schemas.render_rule_set(rule_set), rule_set))


@blueprint.get("/rule-sets/<version>/profiles")
def list_profiles(version: str) -> Response:
    """List the profiles of one rule set.

    Each is a named choice of limits that `profile` asks for.
    """
    rule_set = _open(version)
    return lasting(json_answer(schemas.render_profiles(rule_set), rule_set))


@blueprint.get("/rule-sets/<version>/rules/<rule_id>")
def show_rule(version: str, rule_id: str) -> Response:
    """Show one rule.

    What it asks, what it concludes, when not to believe it, its examples and its citations.
    """
    rule_set = _open(version)
    require(rule_id, rule_set.rules, "path.rule_id", "rule of that rule set")
    return lasting(json_answer(schemas.render_rule(rule_set, rule_id), rule_set))


@blueprint.get("/rule-sets/<version>/evidence/<source_id>")
def show_source(version: str, source_id: str) -> Response:
    """Show one source of evidence.

    Where it was published, and the passages that rules cite, each with how it was verified.
    """
    rule_set = _open(version)
    require(source_id, rule_set.sources, "path.source_id", "source of that rule set")
    return lasting(json_answer(schemas.render_source(rule_set, source_id), rule_set))


@blueprint.get("/rule-sets/<version>/diff")
def show_difference(version: str) -> Response:
    """Compare one rule set with another.

    Every change in plain words, which of the vignettes of `version` are answered otherwise by `to`, and which
    version number that takes.
    """
    query = read_query({"to": ()})
    before = find_rule_set(version, "path.version")
    if "to" not in query:
        raise Refusal(422, Problem("query.to", "is needed", tuple(library().versions)))
    after = find_rule_set(query["to"], "query.to")
    return lasting(json_answer(difference(before, after), before))


def difference(before: RuleSet, after: RuleSet) -> dict[str, Any]:
    """What changed between two rule sets; those of a running service never change, so each pair is compared once."""
    known: dict[tuple[str, str], dict[str, Any]] = current_app.extensions.setdefault(DIFFERENCES, {})
    pair = (before.manifest.version, after.manifest.version)
    if pair not in known:
        known[pair] = schemas.render_difference(compare_versions(library(), *pair))
    return known[pair]


def _open(version: str) -> RuleSet:
    read_query({})
    return find_rule_set(version, "path.version")


@cache
def _catalogue() -> dict[str, Any]:
    return schemas.render_catalogue()
