"""What the FHIR door can do and what it rests on, as FHIR resources to be read."""

from collections.abc import Mapping

from flask import Blueprint, Response

from rules import RuleSet
from schemas import fhir_answer
from service.answers import active_rule_set, json_answer, lasting, library, read_query, software_version
from service.body import FHIR_JSON
from service.refusal import require

# FHIR clients like to say which format they want; in a query string the plus sign may have become a blank.
FORMAT: Mapping[str, tuple[str, ...]] = {"_format": ("json", *reversed(FHIR_JSON), "application/fhir json")}

blueprint = Blueprint("fhir_knowledge", __name__, url_prefix="/fhir")


@blueprint.get("/metadata")
def show_capability() -> Response:
    """Say what the FHIR door can do.

    The CapabilityStatement: one operation, `$assess`, and knowledge to be read.
    """
    read_query(FORMAT)
    rule_set = active_rule_set()
    return _read(fhir_answer.capability_statement(rule_set, software_version()), rule_set)


@blueprint.get("/OperationDefinition/<id_>")
def show_operation(id_: str) -> Response:
    """Define the operation.

    What `$assess` takes and gives, as an OperationDefinition.
    """
    read_query(FORMAT)
    require(id_, ("assess",), "path.id", "operation of this service")
    rule_set = active_rule_set()
    return _read(fhir_answer.operation_definition(rule_set, software_version()), rule_set)


@blueprint.get("/PlanDefinition/<id_>")
def show_plan(id_: str) -> Response:
    """Show the rules of a rule set under one profile.

    A PlanDefinition for reading: each rule with its condition in words, its conclusion and its sources.
    """
    rule_set = _find(id_)
    return _read(fhir_answer.plan_definition(rule_set), rule_set)


@blueprint.get("/Library/<id_>")
def show_library(id_: str) -> Response:
    """Show the sources of a rule set and what it reads.

    A Library: every source, and every fact that the rules read with the codes it is found under.
    """
    rule_set = _find(id_)
    return _read(fhir_answer.library(rule_set), rule_set)


@blueprint.get("/CodeSystem/<id_>")
def show_code_system(id_: str) -> Response:
    """Show the meaning of codes that are our own.

    A CodeSystem, as the active rule set uses it.
    """
    read_query(FORMAT)
    require(id_, fhir_answer.CODE_SYSTEMS, "path.id", "code system of this service")
    rule_set = active_rule_set()
    return _read(fhir_answer.code_system(id_, rule_set), rule_set)


def _find(id_: str) -> RuleSet:
    """The rule set and profile of an id such as `uk-nice-1.1.0`."""
    read_query(FORMAT)
    sets = [under for version in library().versions for under in library().get(version).by_profile.values()]
    known = {fhir_answer.knowledge_id(rule_set): rule_set for rule_set in sets}
    require(id_, known, "path.id", "profile and version of a rule set of this service")
    return known[id_]


def _read(resource: fhir_answer.Part, rule_set: RuleSet) -> Response:
    return lasting(json_answer(resource, rule_set, FHIR_JSON[0]))
