"""One patient's FHIR resources in, one cited assessment as FHIR resources out."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from flask import Blueprint, Response, request

import rules
from schemas import Problem, fhir, fhir_answer
from service.answers import json_answer, read_query
from service.assessments import asked_rule_set, today
from service.body import FHIR_JSON, read_body
from service.fhir_knowledge import FORMAT
from service.reader import Limits, read_object
from service.refusal import Refusal

Document = Mapping[str, object]

MEGABYTE = 1024 * 1024
# Narratives and attachments are long, and a whole record is large; only what the mapper picks out is ever read.
DOCUMENT = Limits(
    size=16 * MEGABYTE,
    names=frozenset({"entry", "resource", "parameter", "contained", "component"}),
    depth=64,
    free_text=True,
)
QUERY: Mapping[str, tuple[str, ...]] = {"rule_set": (), "profile": (), **FORMAT}
CHOICES = ("rule_set", "profile")
TYPES = ("Bundle", "Parameters")

blueprint = Blueprint("fhir", __name__, url_prefix="/fhir")


@blueprint.post("/$assess")
def assess_bundle() -> Response:
    """Assess one patient from FHIR R4 resources.

    Takes a Bundle, or Parameters with one in `bundle`, and answers with a Bundle: a GuidanceResponse first, then the
    likelihood as a RiskAssessment, flags as DetectedIssues, options as a RequestGroup, what became of each resource
    that was sent as an OperationOutcome. Nothing is stored.
    """
    query = read_query(QUERY)
    body = read_body(request, DOCUMENT.size, FHIR_JSON)
    document = read_object(body, DOCUMENT)
    records = _records(document)
    rule_set = asked_rule_set({**_choices(document), **query})
    intake, mapped = fhir.load_records(records, today=today())
    sent = str(document["resourceType"])
    received = fhir_answer.receive(sent, records, mapped, intake, sha256(body).hexdigest())
    answer = fhir_answer.render_bundle(rules.assess(rule_set, intake.facts), intake, received)
    return json_answer(answer, rule_set, FHIR_JSON[0])


def _records(document: Document) -> fhir.Records:
    """Every resource of the document."""
    match document.get("resourceType"):
        case "Bundle":
            return fhir.records_of_bundle(document)
        case "Parameters":
            return fhir_answer.records_of_parameters(document)
    raise Refusal(422, Problem("resourceType", "must be that of a document with one patient's resources", TYPES))


def _choices(document: Document) -> dict[str, str]:
    """The rule set and profile that Parameters name; the query, when it names them too, decides."""
    return {name: text for name, text in _strings(document) if name in CHOICES}


def _strings(document: Document) -> Iterator[tuple[str, str]]:
    listed = document.get("parameter")
    for parameter in listed if isinstance(listed, list) else []:
        if isinstance(parameter, dict):
            name, text = parameter.get("name"), parameter.get("valueString", parameter.get("valueCode"))
            if isinstance(name, str) and isinstance(text, str):
                yield name, text
