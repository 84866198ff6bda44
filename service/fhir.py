"""One patient's FHIR resources in, one cited assessment as FHIR resources out."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from flask import Blueprint, Response, request

import rules
from schemas import Problem, fhir, fhir_answer
from service.answers import json_answer, read_query, unverified_codes
from service.assessments import asked_rule_set, today
from service.body import FHIR_JSON, read_body
from service.fhir_knowledge import FORMAT
from service.observation import note
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
CHOICES = ("rule_set", "profile", "as_of")
QUERY: Mapping[str, tuple[str, ...]] = {**dict.fromkeys(CHOICES, ()), **FORMAT}
TEXTS = ("valueString", "valueCode", "valueDate")
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
    asked = {**_choices(document), **query}
    rule_set = asked_rule_set(asked)
    intake, mapped = fhir.load_records(records, today=_day(asked), unverified_codes=unverified_codes())
    sent = str(document["resourceType"])
    received = fhir_answer.receive(sent, records, mapped, intake, sha256(body).hexdigest())
    assessment = rules.assess(rule_set, intake.facts)
    note(assessment)
    answer = fhir_answer.render_bundle(assessment, intake, received)
    return json_answer(answer, rule_set, FHIR_JSON[0])


def _records(document: Document) -> fhir.Records:
    """Every resource of the document."""
    match document.get("resourceType"):
        case "Bundle":
            return fhir.records_of_bundle(document)
        case "Parameters":
            return fhir_answer.records_of_parameters(document)
    raise Refusal(422, Problem("resourceType", "must be that of a document with one patient's resources", TYPES))


def _day(asked: Mapping[str, str]) -> date:
    """The day the assessment is about: results from after it are not looked at."""
    try:
        day = date.fromisoformat(asked["as_of"]) if "as_of" in asked else today()
    except ValueError:
        day = None
    if day is None or day.isoformat() != asked.get("as_of", day.isoformat()):
        raise Refusal(422, Problem("query.as_of", "must be a day, such as 2026-11-22"))
    return day


def _choices(document: Document) -> dict[str, str]:
    """What Parameters ask for beside the data; the query, when it says so too, decides."""
    listed = document.get("parameter")
    said = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = ((one.get("name"), _text(one)) for one in said)
    return {name: text for name, text in found if name in CHOICES and text is not None}


def _text(parameter: Mapping[str, object]) -> str | None:
    return next((text for kind in TEXTS if isinstance(text := parameter.get(kind), str)), None)
