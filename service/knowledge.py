"""The knowledge behind the assessments, open to reading: facts, rule sets, rules and evidence, one by one."""

from flask import Blueprint, Response

import schemas
from rules import RuleSet
from service.answers import find_rule_set, json_answer, lasting, library, read_query, require

blueprint = Blueprint("knowledge", __name__, url_prefix="/v1")


@blueprint.get("/facts")
def list_facts() -> Response:
    """List what a patient summary can say.

    The catalogue of facts: every test, symptom, sign, condition, procedure, medicine and statement with its
    aliases, units, plausible range and public codes.
    """
    read_query({})
    return lasting(json_answer(schemas.render_catalogue()))


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


def _open(version: str) -> RuleSet:
    read_query({})
    return find_rule_set(version, "path.version")
