"""An assessment in FHIR is built as R4 says, and hides nothing about itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import rules
from rules import Library, RuleSet
from rules.source import Problems
from rules.vignettes import Vignette, read_vignettes
from schemas import Intake, Problem, load_patient
from schemas.fhir_answer import Received, Remark, Source, error_outcome, render_bundle
from schemas.fhir_answer.parts import narrative
from tests.fhir_reading import figures, resources
from tests.fhir_structure import faults, misdirected
from tests.summaries import TODAY, load

Part = dict[str, Any]


@cache
def active() -> RuleSet:
    return Library.open().active


VERSION = active().manifest.version


def vignettes() -> list[Vignette]:
    return read_vignettes(Library.open().path / active().manifest.version, Problems())


def received(intake: Intake, request: str = "the same bytes") -> Received:
    """A document with one Observation behind each thing that was said."""
    said = enumerate(intake.inputs.sent)
    sources = {one.path: Source(f"Bundle.entry[{place}].resource", f"Observation/o{place}") for place, one in said}
    remarks = (Remark("information", "An entry is not used: is no FHIR resource", "Bundle.entry[99].resource"),)
    return Received("Bundle", Source("Bundle.entry[0].resource", "Patient/p1"), sources, remarks, request)


def answer(intake: Intake, rule_set: RuleSet | None = None, request: str = "the same bytes") -> Part:
    """The answer as a client parses it."""
    bundle = render_bundle(rules.assess(rule_set or active(), intake.facts), intake, received(intake, request))
    return dict(json.loads(json.dumps(bundle)))


LOW = {
    "labs": [{"test": "b12_total", "value": 142, "unit": "ng/L"}],
    "symptoms": ["paresthesia"],
    "signs": ["impaired_vibration_sense"],
}


def clinical(bundle: Part) -> Iterator[Part]:
    kinds = ("GuidanceResponse", "RiskAssessment", "DetectedIssue", "RequestGroup")
    yield from (resource for kind in kinds for resource in resources(bundle, kind))


def test_every_clinical_resource_says_what_it_is_and_that_nobody_signed_it() -> None:
    found = list(clinical(answer(load(**LOW))))
    assert {resource["resourceType"] for resource in found} == {
        *("GuidanceResponse", "RiskAssessment", "DetectedIssue", "RequestGroup")
    }
    for resource in found:
        assert {"system": "urn:b12cds:review", "code": "unreviewed"} in resource["meta"]["tag"]
        assert active().manifest.notice in json.dumps(resource, ensure_ascii=False)
        assert resource["text"]["status"] == "generated"


def test_a_signed_rule_set_is_not_tagged() -> None:
    signed = replace(active(), manifest=replace(active().manifest, review="Dr A. Example, 2026-12-01"))
    bundle = answer(load(**LOW), signed)
    assert "unreviewed" not in json.dumps([resource["meta"] for resource in clinical(bundle) if "meta" in resource])
    assert figures(bundle)["review"] == "Dr A. Example, 2026-12-01"
    assert faults(bundle) == []


def test_the_knowledge_behind_an_answer_is_named_in_it() -> None:
    bundle = answer(load(**LOW), active().under("mayo"))
    known = figures(bundle)
    assert (known["rule_set"], known["profile"], known["digest"]) == (VERSION, "mayo", active().digest)
    [guidance] = resources(bundle, "GuidanceResponse")
    assert guidance["moduleCanonical"] == f"urn:b12cds:rule-set:mayo|{VERSION}"
    assert resources(bundle, "RequestGroup")[0]["instantiatesCanonical"] == [guidance["moduleCanonical"]]


def test_no_probability_is_made_up_and_no_result_is_called_final() -> None:
    for risk in resources(answer(load(**LOW)), "RiskAssessment"):
        assert risk["status"] == "preliminary"
        assert not any(name.startswith(("probability", "relativeRisk")) for one in risk["prediction"] for name in one)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "data-required"),
        (LOW, "data-requested"),
        ({"age": 10, "labs": LOW["labs"]}, "success"),
        ({"labs": [{"test": "b12_total", "value": 600, "unit": "ng/L"}]}, "success"),
    ],
    ids=["nothing known", "more would help", "a child", "a high B12"],
)
def test_the_guidance_says_whether_more_data_would_help(said: Part, status: str) -> None:
    [guidance] = resources(answer(load_patient({"age": 50, "sex": "female", **said}, today=TODAY)), "GuidanceResponse")
    assert guidance["status"] == status
    assert ("dataRequirement" in guidance) == (status == "data-requested")


def test_nothing_known_is_undetermined_and_says_why() -> None:
    bundle = answer(load())
    assert (figures(bundle)["level"], figures(bundle)["reason"]) == ("undetermined", "insufficient_data")
    assert "flagged" not in figures(bundle)
    prediction = resources(bundle, "RiskAssessment")[0]["prediction"][0]
    assert prediction["rationale"].startswith("Too little is known to say anything.")


def test_a_source_that_was_superseded_is_called_so() -> None:
    bundle = answer(load(conditions=["cancer"], symptoms=["back_pain", "leg_weakness"]))
    issue = next(one for one in resources(bundle, "DetectedIssue") if "spinal_cord" in json.dumps(one["code"]))
    assert "(CG75), superseded, key priorities, early detection (verified: primary)" in issue["detail"]


def test_what_is_urgent_is_said_where_an_answer_begins() -> None:
    numb = {"code": "numbness", "laterality": "right", "since": TODAY.isoformat()}
    first = answer(load(**LOW | {"symptoms": [numb]}))["entry"][0]["resource"]
    stroke = "Could be a stroke: new weakness or numbness of one side (emergency)."
    assert first["note"][0]["text"] == stroke
    assert first["text"]["div"].index(stroke) < first["text"]["div"].index("Vitamin B12 deficiency: confirmed.")
    assert "Pregnancy" not in str(answer(load(pregnant=True))["entry"][0])


def test_the_basis_is_what_rules_read_and_the_newest_result_alone() -> None:
    old = {"test": "b12_total", "value": 500, "unit": "ng/L", "date": "2020"}
    new = {"test": "b12_total", "value": 142, "unit": "ng/L", "date": "2026-11-20"}
    intake = load(labs=[old, new], conditions=["migraine of an unusual kind"])
    basis = resources(answer(intake), "RiskAssessment")[0]["basis"]
    place = next(index for index, sent in enumerate(intake.inputs.sent) if sent.path == "labs[1]")
    assert {"reference": f"Observation/o{place}"} in basis
    assert len(basis) == sum(sent.set_aside is None for sent in intake.inputs.sent)


def test_a_flag_names_the_resources_that_raised_it() -> None:
    intake = load(**LOW)
    issues = {one["code"]["coding"][0]["code"]: one for one in resources(answer(intake), "DetectedIssue")}
    involved = issues["peripheral_neurology"]
    places = {sent.fact: place for place, sent in enumerate(intake.inputs.sent)}
    details = [one["reference"] for evidence in involved["evidence"] for one in evidence.get("detail", [])]
    assert details == [f"Observation/o{places['impaired_vibration_sense']}"]
    severity = {"urgent": "high", "warning": "moderate"}[involved["meta"]["tag"][0]["code"]]
    assert involved["severity"] == severity


def test_a_resource_without_a_name_is_called_by_its_place() -> None:
    intake = load(**LOW)
    unnamed = {path: Source(f"Bundle.{path}", None) for path in received(intake).sources}
    sent = replace(received(intake), sources=unnamed, patient=Source("Bundle.entry[0].resource", None))
    bundle = json.loads(json.dumps(render_bundle(rules.assess(active(), intake.facts), intake, sent)))
    risk = resources(bundle, "RiskAssessment")[0]
    assert {"display": "Bundle.labs[0]"} in risk["basis"]
    assert risk["subject"] == {"display": "Bundle.entry[0].resource"}
    assert faults(bundle) == []


def test_the_same_request_gets_the_same_bytes_and_another_request_other_addresses() -> None:
    first, again, other = (answer(load(**LOW), request=request) for request in ("a", "a", "b"))
    assert json.dumps(first) == json.dumps(again)
    assert not {entry["fullUrl"] for entry in first["entry"]} & {entry["fullUrl"] for entry in other["entry"]}
    profiled = answer(load(**LOW), active().under("mayo"), "a")
    assert profiled["entry"][0]["fullUrl"] != first["entry"][0]["fullUrl"]


def test_every_option_is_a_proposal_with_its_sources() -> None:
    bundle = answer(load(**LOW))
    [group] = resources(bundle, "RequestGroup")
    assert (group["status"], group["intent"]) == ("draft", "proposal")
    [options] = group["action"]
    assert options["selectionBehavior"] == "any"
    for action in options["action"]:
        assert all("verified: " in source["citation"] for source in action["documentation"])
    for request in (*resources(bundle, "ServiceRequest"), *resources(bundle, "CommunicationRequest")):
        assert request["status"] == "draft"


def test_a_test_is_ordered_by_its_verified_public_code() -> None:
    requests = resources(answer(load(**LOW)), "ServiceRequest")
    coded = {one["code"]["coding"][-1]["code"]: one["code"]["coding"][0] for one in requests}
    assert coded["hemoglobin"] == {
        "system": "http://loinc.org",
        "code": "718-7",
        "display": "Hemoglobin [Mass/volume] in Blood",
    }


def test_text_of_a_narrative_is_text() -> None:
    assert "<p>&lt;b&gt;&amp;</p>" in narrative(["<b>&"])["div"]


def test_what_became_of_the_document_is_told() -> None:
    old = {"test": "b12_total", "value": 500, "unit": "ng/L", "date": "2020"}
    new = {"test": "b12_total", "value": 142, "unit": "pmol/L", "date": "2024-11-20"}
    [account] = resources(answer(load(labs=[old, new])), "OperationOutcome")
    told = [(issue["severity"], issue["details"]["text"]) for issue in account["issue"]]
    assert ("information", "An entry is not used: is no FHIR resource") in told
    assert ("information", "labs[0] decides nothing: labs[1] is newer") in told
    assert any(severity == "warning" and "year" in text for severity, text in told)
    assert any("142 pmol/L is" in text for _, text in told)


@pytest.mark.parametrize(
    ("problem", "text", "place"),
    [
        (
            Problem("query.rule_set", "is not there", ("1.0.0",)),
            "D. query.rule_set: is not there; accepted: 1.0.0",
            "http.rule_set",
        ),
        (
            Problem("entry[0].resource.birthDate", "is missing"),
            "D. entry[0].resource.birthDate: is missing",
            "entry[0].resource.birthDate",
        ),
        (Problem("", "is too long"), "D. The document: is too long", None),
    ],
)
def test_an_error_says_where_and_what_is_accepted(problem: Problem, text: str, place: str | None) -> None:
    [issue] = error_outcome(422, "D.", "r1", [problem])["issue"]
    assert issue["details"]["text"] == text
    assert issue.get("expression") == ([place] if place else None)
    assert issue["diagnostics"] == "request r1"


def test_an_error_of_which_no_more_can_be_said_is_an_error_all_the_same() -> None:
    outcome = error_outcome(500, "The service failed.", "r1", [])
    assert faults(outcome) == []
    assert outcome["issue"][0]["details"]["text"] == "The service failed."
    assert outcome["issue"][0]["code"] == "exception"
    assert error_outcome(418, "D.", "r1", [])["issue"][0]["code"] == "processing"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": "finished"}, "RiskAssessment.status: is none of"),
        ({"status": None}, "RiskAssessment.status: is no code"),
        ({"mood": "x"}, "RiskAssessment.mood: no such element"),
        ({"basis": []}, "RiskAssessment.basis: must be a list with something in it"),
        ({"basis": {"reference": "Observation/1"}}, "RiskAssessment.basis: must be a list with something in it"),
        ({"subject": {"reference": "Device/1"}}, "RiskAssessment.subject: Device cannot be named here"),
        ({"occurrenceDateTime": "yesterday"}, "RiskAssessment.occurrenceDateTime: is no dateTime"),
        ({"occurrencePeriod": {"start": "2020"}}, "RiskAssessment.occurrence[x]: more than one of its types"),
        ({"code": {}}, "RiskAssessment.code: CodeableConcept must be an object with something in it"),
        ({"prediction": [{"outcome": {"text": ""}}]}, "RiskAssessment.prediction[0].outcome.text: is no string"),
    ],
)
def test_the_check_of_structure_finds_what_is_wrong(change: Part, fault: str) -> None:
    risk = {**resources(answer(load(**LOW)), "RiskAssessment")[0], **change}
    assert [found for found in faults(risk) if found.startswith(fault)] != []


def test_the_check_of_structure_finds_what_is_missing_doubled_or_foreign() -> None:
    bundle = answer(load(**LOW))
    del resources(bundle, "RiskAssessment")[0]["subject"]
    resources(bundle, "RequestGroup")[0]["author"] = {"reference": "urn:uuid:0"}
    bundle["entry"].append(bundle["entry"][0])
    bundle["entry"].append({"fullUrl": "urn:x", "resource": {"resourceType": "Practitioner"}})
    found = " ".join([*faults(bundle), *misdirected(bundle)])
    assert ".subject: is required" in found
    assert "an address is given twice" in found
    assert "nothing is at urn:uuid:0" in found
    assert "Practitioner is no resource of ours" in found
