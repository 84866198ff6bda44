"""Each route as an OpenAPI operation: its words come from the view, its shapes from the schemas."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from inspect import cleandoc
from itertools import chain
from typing import Any

from flask import Flask
from marshmallow import Schema
from werkzeug.routing import Rule

import schemas
from schemas.cds_hooks.answer import CardsSchema, HookServicesSchema
from schemas.cds_hooks.feedback import FeedbackSchema
from schemas.cds_hooks.shapes import HookRequestSchema
from service import fhir
from service.assessments import COMPARE_QUERY, QUERY
from service.body import FHIR_JSON
from service.fhir_knowledge import FORMAT
from service.problems import DETAILS
from service.rows import MOST_ROWS

Part = dict[str, Any]

TAGS = {
    "assessments": "One patient in, one cited assessment out",
    "batch": "Many patients in, one result each out",
    "cds_hooks": "CDS Hooks 2.0.1: cards beside the work of a clinician",
    "knowledge": "What the assessments rest on, to be read one by one",
    "fhir": "FHIR R4: resources in, resources out",
    "fhir_knowledge": "What the FHIR door can do and rests on, as resources to be read",
    "contract": "This contract",
    "docs": "This contract as a page",
    "metrics": "The service in numbers",
    "health": "For whoever runs the service",
    "people": "For whoever would rather not write JSON",
}
STATUS = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}


def _json(shape: type[Schema] | Part) -> Part:
    return {"application/json": {"schema": shape}}


def _list_of(shape: type[Schema]) -> Part:
    return {"type": "array", "items": shape}


def _lines(description: str) -> Part:
    return {"application/x-ndjson": {"schema": {"type": "string", "description": description}}}


def _fhir(*kinds: str) -> Part:
    """Resources of FHIR R4, whose own definitions say the rest."""
    kind = {"type": "string", "enum": list(kinds)}
    return {
        FHIR_JSON[0]: {"schema": {"type": "object", "properties": {"resourceType": kind}, "required": ["resourceType"]}}
    }


ANSWERS: Mapping[str, Part] = {
    "assessments.assess": _json(schemas.AssessmentSchema),
    "assessments.compare": _json(schemas.ComparisonSchema),
    "batch.assess_batch": {**_json(_list_of(schemas.RowSchema)), **_lines("One result a line")},
    "cds_hooks.list_services": _json(HookServicesSchema),
    "cds_hooks.call_service": _json(CardsSchema),
    "cds_hooks.take_feedback": {},
    "knowledge.list_facts": _json(schemas.CatalogueSchema),
    "knowledge.list_rule_sets": _json(schemas.RuleSetsSchema),
    "knowledge.show_rule_set": _json(schemas.RuleSetSchema),
    "knowledge.list_profiles": _json(schemas.ProfilesSchema),
    "knowledge.show_rule": _json(schemas.RuleSchema),
    "knowledge.show_source": _json(schemas.SourceSchema),
    "knowledge.show_difference": _json(schemas.DifferenceSchema),
    "fhir.assess_bundle": _fhir("Bundle"),
    "fhir_knowledge.show_capability": _fhir("CapabilityStatement"),
    "fhir_knowledge.show_operation": _fhir("OperationDefinition"),
    "fhir_knowledge.show_plan": _fhir("PlanDefinition"),
    "fhir_knowledge.show_library": _fhir("Library"),
    "fhir_knowledge.show_code_system": _fhir("CodeSystem"),
    "contract.show_contract_as_yaml": {"application/yaml": {}},
    "contract.show_contract_as_json": _json({"type": "object"}),
    "docs.show_docs": {"text/html": {}},
    "people.show_page": {"text/html": {}},
    "metrics.show_metrics": {"text/plain": {"schema": {"type": "string"}}},
    "health.show_health": _json(STATUS),
    "health.show_readiness": _json(STATUS),
}
POSTED = {
    "assessments.assess": QUERY,
    "assessments.compare": COMPARE_QUERY,
    "batch.assess_batch": QUERY,
    "fhir.assess_bundle": fhir.QUERY,
}
PATIENT = _json(schemas.PatientSummarySchema)
PATIENTS = _json({**_list_of(schemas.PatientSummarySchema), "maxItems": MOST_ROWS})
BODIES = {
    "assessments.assess": PATIENT,
    "assessments.compare": PATIENT,
    "batch.assess_batch": {**PATIENTS, **_lines("One patient summary a line")},
    "fhir.assess_bundle": {kind: part for kind in FHIR_JSON for part in _fhir("Bundle", "Parameters").values()},
    "cds_hooks.call_service": _json(HookRequestSchema),
    "cds_hooks.take_feedback": _json(FeedbackSchema),
}
EVERYWHERE = (401, 403, 405, 429, 500, 503)
PROBLEMS: Mapping[str, tuple[int, ...]] = {
    "assessments.assess": (400, 404, 413, 415, 422),
    "assessments.compare": (400, 404, 413, 415, 422),
    "batch.assess_batch": (400, 404, 413, 415, 422),
    "cds_hooks.list_services": (422,),
    "cds_hooks.call_service": (400, 401, 404, 412, 413, 415, 422),
    "cds_hooks.take_feedback": (400, 401, 404, 413, 415, 422),
    "knowledge.list_facts": (422,),
    "knowledge.list_rule_sets": (422,),
    "knowledge.show_rule_set": (404, 422),
    "knowledge.list_profiles": (404, 422),
    "knowledge.show_rule": (404, 422),
    "knowledge.show_source": (404, 422),
    "knowledge.show_difference": (404, 422),
    "fhir.assess_bundle": (400, 404, 413, 415, 422),
    "fhir_knowledge.show_capability": (422,),
    "fhir_knowledge.show_operation": (404, 422),
    "fhir_knowledge.show_plan": (404, 422),
    "fhir_knowledge.show_library": (404, 422),
    "fhir_knowledge.show_code_system": (404, 422),
}
# What changes only with a new release has an ETag, and who has it already is told so.
LASTING = ("contract.", "docs.", "knowledge.", "fhir_knowledge.", "cds_hooks.list_services")
STATUSES = sorted({*EVERYWHERE, *chain.from_iterable(PROBLEMS.values())})
PARAMETERS = {
    "rule_set": "The version of the rule set that answers; the active one when left out",
    "profile": "The profile of that rule set; the service's usual one when left out",
    "trace": "Whether to say of every rule if it fired and why",
    "unknown": "`report` lists names that are in no closed list in `inputs.unrecognized` instead of refusing them",
    "service_id": "An id that `/cds-services` lists",
    "version": "A version that `/v1/rule-sets` lists",
    "rule_id": "A rule that the rule set lists",
    "source_id": "A source that the rule set lists",
    "to": "The version to compare it with",
    "id_": "The id of the resource; a wrong one is answered with those that exist",
    "as_of": "The day the assessment is about, such as 2026-11-22; today (UTC) when left out",
    "_format": "FHIR clients may ask for JSON by name; there is no other format",
}
# Values that exist, for whoever tries a path out, and for the checks that do.
EXAMPLES: Mapping[str, str] = {
    "version": "1.0.0",
    "to": "1.1.0",
    "rule_id": "b12-total-deficient",
    "source_id": "nice-ng239-2024",
    "service_id": "b12-patient-view",
}
FORMATS: Mapping[str, Part] = {"as_of": {"format": "date"}}
# What a question to the knowledge takes in its query; each is needed.
QUESTIONS: Mapping[str, tuple[str, ...]] = {"knowledge.show_difference": ("to",)}
VALUES: Mapping[str, tuple[str, ...]] = {**QUERY, **fhir.QUERY}
HEADERS = {
    "Request-Id": "The client's own Request-Id when it is a plain token, else one made for this answer",
    "Rule-Set-Version": "The version of the rule set that the answer rests on",
    "ETag": "What to send as `If-None-Match` to ask whether the answer still holds",
    "Retry-After": "The seconds to wait",
}


def problem_name(status: int, kind: str = "Problem") -> str:
    """The name of the shared response for one status."""
    return f"{kind}{status}"


def problem_response(status: int, kind: str = "Problem") -> Part:
    """A problem of one status, the same wherever it comes from; FHIR paths say it as an OperationOutcome."""
    shape = schemas.LackSchema if status == HTTPStatus.PRECONDITION_FAILED else schemas.ProblemSchema
    problem = {"application/problem+json": {"schema": shape}}
    content = problem if kind == "Problem" else _fhir("OperationOutcome")
    waits = ("Retry-After",) if status == HTTPStatus.TOO_MANY_REQUESTS else ()
    return {"description": DETAILS[status], "headers": _headers("Request-Id", *waits), "content": content}


def describe(rule: Rule, app: Flask) -> Part:
    """What a route takes and gives."""
    view = app.view_functions[rule.endpoint]
    summary, _, description = cleandoc(view.__doc__ or "").partition("\n\n")
    operation: Part = {
        "tags": [rule.endpoint.partition(".")[0]],
        "operationId": view.__name__,
        "summary": summary.rstrip("."),
        **({"description": " ".join(description.split())} if description else {}),
    }
    parameters = [_parameter(name, "path") for name in sorted(rule.arguments)]
    parameters += [_parameter(name, "query") for name in _asked(rule.endpoint)]
    body = {"requestBody": {"required": True, "content": BODIES[rule.endpoint]}} if rule.endpoint in BODIES else {}
    return {"post" if body else "get": {**operation, "parameters": parameters, **body, "responses": _responses(rule)}}


def _asked(endpoint: str) -> Iterable[str]:
    """The names of what a route takes in its query."""
    return FORMAT if endpoint.startswith("fhir_knowledge.") else QUESTIONS.get(endpoint, POSTED.get(endpoint, ()))


def _parameter(name: str, place: str) -> Part:
    values = list(VALUES.get(name, ()))
    shape = {"type": "string", **({"enum": values} if values else FORMATS.get(name, {}))}
    required = place == "path" or name not in VALUES
    example = {"example": EXAMPLES[name]} if name in EXAMPLES else {}
    named = {"name": name, "in": place, "required": required, "description": PARAMETERS[name]}
    return {**named, "schema": shape, **example}


def _responses(rule: Rule) -> Part:
    speaks_fhir = rule.endpoint.startswith("fhir")
    rests_on_a_set = rule.endpoint in (*POSTED, "cds_hooks.call_service") or "version" in rule.arguments or speaks_fhir
    lasts = rule.endpoint.startswith(LASTING)
    wanted = {"Request-Id": True, "Rule-Set-Version": rests_on_a_set, "ETag": lasts}
    headers = _headers(*(name for name, is_there in wanted.items() if is_there))
    success = {"description": "The answer", "headers": headers, "content": ANSWERS[rule.endpoint]}
    unchanged = (
        {"304": {"description": "The answer that the client has still holds", "headers": headers}} if lasts else {}
    )
    kind = "Outcome" if speaks_fhir else "Problem"
    statuses = sorted((*PROBLEMS.get(rule.endpoint, ()), *EVERYWHERE))
    return {"200": success, **unchanged, **{str(status): problem_name(status, kind) for status in statuses}}


def _headers(*names: str) -> Part:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
