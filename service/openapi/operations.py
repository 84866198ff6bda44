"""Every route that the contract has, one row each: what it takes and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import schemas
from schemas.cds_hooks.answer import CardsSchema, HookServicesSchema
from schemas.cds_hooks.feedback import FeedbackSchema
from schemas.cds_hooks.shapes import HookRequestSchema
from service import fhir
from service.assessments import COMPARE_QUERY, QUERY
from service.body import FHIR_JSON
from service.fhir_knowledge import FORMAT
from service.openapi import content
from service.openapi.content import json, lines, list_of
from service.rows import MOST_ROWS

Part = dict[str, Any]
Query = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route takes in its body and its query, and what it gives, beside what every route does.

    Its words are those of its view, and the names in its path those of its route. Who has an answer that lasts may ask
    whether it still holds.
    """

    body: Part = field(default_factory=dict)
    query: Query = field(default_factory=dict)
    answer: Part
    headers: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()

    @property
    def lasts(self) -> bool:
        """Whether the answer changes only with a new release."""
        return "ETag" in self.headers


PATIENT = json(schemas.PatientSummarySchema)
PATIENTS = json({**list_of(schemas.PatientSummarySchema), "maxItems": MOST_ROWS})
RECORD = {kind: part for kind in FHIR_JSON for part in content.fhir("Bundle", "Parameters").values()}
STATUS = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}

FROM_SET = ("Rule-Set-Version",)
LASTS = ("ETag",)
LASTS_FROM_SET = (*FROM_SET, *LASTS)

EVERYWHERE = (401, 403, 405, 429, 500, 503)
OF_QUERY = (422,)
OF_NAME = (404, 422)
OF_BODY = (400, 404, 413, 415, 422)

OPERATIONS: Mapping[str, Operation] = {
    "assessments.assess": Operation(
        body=PATIENT, query=QUERY, answer=json(schemas.AssessmentSchema), headers=FROM_SET, problems=OF_BODY
    ),
    "assessments.compare": Operation(
        body=PATIENT, query=COMPARE_QUERY, answer=json(schemas.ComparisonSchema), headers=FROM_SET, problems=OF_BODY
    ),
    "batch.assess_batch": Operation(
        body={**PATIENTS, **lines("One patient summary a line")},
        query=QUERY,
        answer={**json(list_of(schemas.RowSchema)), **lines("One result a line")},
        headers=FROM_SET,
        problems=OF_BODY,
    ),
    "cds_hooks.list_services": Operation(answer=json(HookServicesSchema), headers=LASTS, problems=OF_QUERY),
    "cds_hooks.call_service": Operation(
        body=json(HookRequestSchema), answer=json(CardsSchema), headers=FROM_SET, problems=(*OF_BODY, 412)
    ),
    "cds_hooks.take_feedback": Operation(body=json(FeedbackSchema), answer={}, problems=OF_BODY),
    "knowledge.list_facts": Operation(answer=json(schemas.CatalogueSchema), headers=LASTS, problems=OF_QUERY),
    "knowledge.list_rule_sets": Operation(answer=json(schemas.RuleSetsSchema), headers=LASTS, problems=OF_QUERY),
    "knowledge.show_rule_set": Operation(answer=json(schemas.RuleSetSchema), headers=LASTS_FROM_SET, problems=OF_NAME),
    "knowledge.list_profiles": Operation(answer=json(schemas.ProfilesSchema), headers=LASTS_FROM_SET, problems=OF_NAME),
    "knowledge.show_rule": Operation(answer=json(schemas.RuleSchema), headers=LASTS_FROM_SET, problems=OF_NAME),
    "knowledge.show_source": Operation(answer=json(schemas.SourceSchema), headers=LASTS_FROM_SET, problems=OF_NAME),
    "knowledge.show_difference": Operation(
        query={"to": ()}, answer=json(schemas.DifferenceSchema), headers=LASTS_FROM_SET, problems=OF_NAME
    ),
    "fhir.assess_bundle": Operation(
        body=RECORD, query=fhir.QUERY, answer=content.fhir("Bundle"), headers=FROM_SET, problems=OF_BODY
    ),
    "fhir_knowledge.show_capability": Operation(
        query=FORMAT, answer=content.fhir("CapabilityStatement"), headers=LASTS_FROM_SET, problems=OF_QUERY
    ),
    "fhir_knowledge.show_operation": Operation(
        query=FORMAT, answer=content.fhir("OperationDefinition"), headers=LASTS_FROM_SET, problems=OF_NAME
    ),
    "fhir_knowledge.show_plan": Operation(
        query=FORMAT, answer=content.fhir("PlanDefinition"), headers=LASTS_FROM_SET, problems=OF_NAME
    ),
    "fhir_knowledge.show_library": Operation(
        query=FORMAT, answer=content.fhir("Library"), headers=LASTS_FROM_SET, problems=OF_NAME
    ),
    "fhir_knowledge.show_code_system": Operation(
        query=FORMAT, answer=content.fhir("CodeSystem"), headers=LASTS_FROM_SET, problems=OF_NAME
    ),
    "contract.show_contract_as_yaml": Operation(answer={"application/yaml": {}}, headers=LASTS),
    "contract.show_contract_as_json": Operation(answer=json({"type": "object"}), headers=LASTS),
    "docs.show_docs": Operation(answer={"text/html": {}}, headers=LASTS),
    "people.show_page": Operation(answer={"text/html": {}}),
    "metrics.show_metrics": Operation(answer={"text/plain": {"schema": {"type": "string"}}}),
    "health.show_health": Operation(answer=json(STATUS)),
    "health.show_readiness": Operation(answer=json(STATUS)),
}
