"""One patient in, one cited assessment out."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

import rules
import schemas
from rules import RuleSet
from rules.comparison import compare_profiles
from service.answers import asked_rule_set, json_answer, read_query, today
from service.body import read_body, read_document
from service.names import member_names
from service.observing.observation import note
from service.reader import Limits, read_object

PATIENT = Limits(size=64 * 1024, names=member_names(schemas.PatientSummarySchema()))
QUERY: Mapping[str, tuple[str, ...]] = {
    "rule_set": (),
    "profile": (),
    "trace": ("true", "false"),
    "unknown": ("report",),
}
COMPARE_QUERY = {name: QUERY[name] for name in ("rule_set", "unknown")}

blueprint = Blueprint("assessments", __name__)


@blueprint.post("/v1/assessments")
def assess() -> Response:
    """Assess one patient.

    Takes a patient summary and says how likely vitamin B12 deficiency is and how sure that is, which red flags
    there are, what else could explain the picture and what to do next, each statement with its citation.
    Nothing is stored.
    """
    query = read_query(QUERY)
    trace = query.get("trace") == "true"
    rule_set = asked_rule_set(query.get("rule_set"), query.get("profile"))
    raw = read_body(request, PATIENT.size)
    return json_answer(answer(raw, rule_set, trace=trace, report_unknown="unknown" in query), rule_set)


@blueprint.post("/v1/assessments:compare")
def compare() -> Response:
    """Assess one patient under every profile.

    Takes a patient summary and says how likely deficiency is under each profile of the rule set, whether they agree,
    and if not which fact makes them differ, with the limit each of them uses and its source.
    """
    query = read_query(COMPARE_QUERY)
    rule_set = asked_rule_set(query.get("rule_set"), None)
    intake = schemas.load_patient(read_document(request, PATIENT), today=today(), report_unknown="unknown" in query)
    comparison = compare_profiles(rule_set, intake.facts)
    note(comparison.assessments[rule_set.profile])  # one patient counts once
    return json_answer(schemas.render_comparison(comparison), rule_set)


def answer(raw: bytes, rule_set: RuleSet, *, trace: bool = False, report_unknown: bool = False) -> bytes:
    """One patient summary as JSON in, its assessment as JSON out: the one path of every door that takes summaries.

    Refusal or Refused says what is wrong with the summary.
    """
    intake = schemas.load_patient(read_object(raw, PATIENT), today=today(), report_unknown=report_unknown)
    assessment = rules.assess(rule_set, intake.facts, trace=trace)
    note(assessment)
    return schemas.write(assessment, intake, trace=trace)
