"""An assessment as FHIR R4 resources, and the rule sets as FHIR knowledge resources."""

from schemas.fhir_answer.answered import Received, Remark, Source
from schemas.fhir_answer.bundle import render_bundle
from schemas.fhir_answer.capability import capability_statement, operation_definition
from schemas.fhir_answer.knowledge import knowledge_id, library, plan_definition
from schemas.fhir_answer.outcomes import error_outcome
from schemas.fhir_answer.parts import Part
from schemas.fhir_answer.received import receive, sent_in_parameters
from schemas.fhir_answer.vocabulary import TITLES as CODE_SYSTEMS
from schemas.fhir_answer.vocabulary import code_system

__all__ = [
    "CODE_SYSTEMS",
    "Part",
    "Received",
    "Remark",
    "Source",
    "capability_statement",
    "code_system",
    "error_outcome",
    "knowledge_id",
    "library",
    "operation_definition",
    "plan_definition",
    "receive",
    "render_bundle",
    "sent_in_parameters",
]
