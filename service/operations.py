"""Each route as an OpenAPI operation: its words come from the view, its shapes from the schemas."""

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

import schemas
from service.assessments import QUERY
from service.problems import DETAILS

Part = dict[str, Any]

TAGS = {
    "assessments": "One patient in, one cited assessment out",
    "knowledge": "What the assessments rest on, to be read one by one",
    "contract": "This contract",
    "health": "For whoever runs the service",
}
ANSWERS: Mapping[str, type[Schema] | str] = {
    "assessments.assess": schemas.AssessmentSchema,
    "knowledge.list_facts": schemas.CatalogueSchema,
    "knowledge.list_rule_sets": schemas.RuleSetsSchema,
    "knowledge.show_rule_set": schemas.RuleSetSchema,
    "knowledge.show_rule": schemas.RuleSchema,
    "knowledge.show_source": schemas.SourceSchema,
    "contract.show_contract_as_yaml": "application/yaml",
    "contract.show_contract_as_json": "application/json",
    "contract.show_docs": "text/html",
    "health.show_health": "application/json",
    "health.show_readiness": "application/json",
}
PROBLEMS: Mapping[str, tuple[int, ...]] = {
    "assessments": (400, 404, 405, 413, 415, 422, 500, 503),
    "knowledge": (404, 405, 422, 500),
    "contract": (405, 500),
    "health": (405, 500, 503),
}
PARAMETERS = {
    "rule_set": "The version of the rule set that answers; the active one when left out",
    "profile": "The profile of that rule set; its default one when left out",
    "trace": "Whether to say of every rule if it fired and why",
    "unknown": "`report` lists names that are in no closed list in `inputs.unrecognized` instead of refusing them",
    "version": "A version that `/v1/rule-sets` lists",
    "rule_id": "A rule that the rule set lists",
    "source_id": "A source that the rule set lists",
}
HEADERS = {
    "Request-Id": "The client's own Request-Id when it is a plain token, else one made for this answer",
    "Rule-Set-Version": "The version of the rule set that the answer rests on",
}


def path_of(rule: Rule) -> str:
    """The path of a route as OpenAPI writes it."""
    return rule.rule.replace("<", "{").replace(">", "}")


def describe(rule: Rule, app: Flask) -> Part:
    """What a route takes and gives."""
    view = app.view_functions[rule.endpoint]
    summary, _, description = cleandoc(view.__doc__ or "").partition("\n\n")
    tag = rule.endpoint.partition(".")[0]
    operation: Part = {
        "tags": [tag],
        "operationId": view.__name__,
        "summary": summary.rstrip("."),
        "parameters": [_parameter(name, "path") for name in sorted(rule.arguments)],
        "responses": {"200": _success(rule), **{str(status): _problem(status) for status in PROBLEMS[tag]}},
    }
    if description:
        operation["description"] = " ".join(description.split())
    if "POST" not in (rule.methods or ()):
        return {"get": operation}
    operation["parameters"] = [_parameter(name, "query") for name in QUERY]
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": schemas.PatientSummarySchema}},
    }
    return {"post": operation}


def _parameter(name: str, place: str) -> Part:
    values = list(QUERY.get(name, ()))
    shape = {"type": "string", "enum": values} if values else {"type": "string"}
    required = place == "path"
    return {"name": name, "in": place, "required": required, "description": PARAMETERS[name], "schema": shape}


def _success(rule: Rule) -> Part:
    answer = ANSWERS[rule.endpoint]
    names = HEADERS if rule.endpoint == "assessments.assess" or "version" in rule.arguments else ["Request-Id"]
    content = {answer: {}} if isinstance(answer, str) else {"application/json": {"schema": answer}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"description": "The answer", "headers": headers, "content": content}


def _problem(status: int) -> Part:
    return {
        "description": DETAILS[status],
        "headers": {"Request-Id": {"$ref": "#/components/headers/Request-Id"}},
        "content": {"application/problem+json": {"schema": schemas.ProblemSchema}},
    }
