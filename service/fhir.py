"""One patient's FHIR resources in, one cited assessment as FHIR resources out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from flask import Blueprint, Response, request

import rules
from schemas import Problem, fhir, fhir_answer
from service.answers import asked_rule_set, json_answer, read_query, today, unverified_codes
from service.body import FHIR_JSON, read_body
from service.fhir_knowledge import FORMAT
from service.observing.observation import note
from service.reader import Limits, read_object
from service.refusal import Refusal
from service.turns import turn

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


class Choice(NamedTuple):
    """One thing that can be chosen: where it is said, and what, if anything."""

    place: str
    said: str | None = None


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
    with turn(len(body)):
        return _answer(body, query)


def _answer(body: bytes, query: Mapping[str, str]) -> Response:
    document = read_object(body, DOCUMENT)
    sent = _sent(document)
    version, profile, as_of = _choices(document, query)
    rule_set = asked_rule_set(version.said, profile.said, version.place, profile.place)
    day = _day(as_of)
    fhir.check_patients(fhir.patients_of(sent), day)
    records = fhir.records_of(sent)
    intake, mapped = fhir.load_records(records, today=day, unverified_codes=unverified_codes())
    received = fhir_answer.receive(str(document["resourceType"]), records, mapped, intake, sha256(body).hexdigest())
    assessment = rules.assess(rule_set, intake.facts)
    note(assessment)
    answer = fhir_answer.render_bundle(assessment, intake, received)
    return json_answer(answer, rule_set, FHIR_JSON[0])


def _sent(document: Document) -> list[fhir.Sent]:
    """What the document holds of a patient, each with its place."""
    match document.get("resourceType"):
        case "Bundle":
            return [(document, "")]
        case "Parameters":
            return fhir_answer.sent_in_parameters(document)
    raise Refusal(422, Problem("resourceType", "must be that of a document with one patient's resources", TYPES))


def _day(as_of: Choice) -> date:
    """The day the assessment is about: results from after it are not looked at."""
    if as_of.said is None:
        return today()
    try:
        day = date.fromisoformat(as_of.said)
    except ValueError:
        day = None
    if day is None or day.isoformat() != as_of.said:
        raise Refusal(422, Problem(as_of.place, "must be a day, such as 2026-11-22"))
    return day


def _choices(document: Document, query: Mapping[str, str]) -> list[Choice]:
    """What is asked for beside the data, in Parameters or in the query; the query, when it says so too, decides."""
    listed = document.get("parameter")
    said = _said(listed) if isinstance(listed, list) else {}
    asked = {name: Choice(f"query.{name}", query.get(name)) for name in CHOICES}
    return [choice if choice.said is not None else said.get(name, choice) for name, choice in asked.items()]


def _said(listed: Sequence[object]) -> dict[str, Choice]:
    """The choices among Parameters; what has neither a resource nor the name of a choice is a choice misspelt."""
    values = {place: one for place, one in enumerate(listed) if isinstance(one, dict) and "resource" not in one}
    problems = list(_unusable(values))
    if problems:
        raise Refusal(422, *problems)
    return {one["name"]: Choice(f"{_at(place)}.value", _text(one)) for place, one in values.items()}


def _unusable(values: Mapping[int, Mapping[str, object]]) -> Iterator[Problem]:
    names = [one.get("name") for one in values.values()]
    for place, one in values.items():
        if one.get("name") not in CHOICES:
            yield Problem(f"{_at(place)}.name", "is not that of a choice", CHOICES)
        elif _text(one) is None:
            yield Problem(f"{_at(place)}.value", "must be one of these", TEXTS)
        elif names.count(one["name"]) > 1:
            yield Problem(f"{_at(place)}.name", "is given more than once")


def _at(place: int) -> str:
    return f"Parameters.parameter[{place}]"


def _text(parameter: Mapping[str, object]) -> str | None:
    return next((text for kind in TEXTS if isinstance(text := parameter.get(kind), str)), None)
