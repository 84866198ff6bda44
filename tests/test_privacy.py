"""Markers in every field of every door: none comes back in an error, and none is in a log line or a number."""

import json
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

MARK = "Zebedee4711"
ROW = {
    "age": 67, "sex": "female", "as_of": MARK, "pregnant": MARK, "gestation_weeks": MARK, "diet": MARK,
    "labs": [{"test": MARK, "loinc": MARK, "value": MARK, "unit": MARK, "date": MARK, "interpretation": MARK}],
    "symptoms": [MARK, {"code": MARK, "since": MARK, "course": MARK, "sites": [MARK], "laterality": MARK}],
    "signs": [MARK], "conditions": [f"{MARK}\u202e"], "procedures": [{"code": MARK, "date": MARK}], "history": [MARK],
    "medications": [{"name": f"{MARK}<", "dose": MARK, "unit": MARK, "route": MARK}], "joints": {"symmetric": MARK},
    MARK: {MARK: MARK},
}  # fmt: skip
OPEN_ROW = {"age": 67, "sex": "female", "medications": [MARK], "conditions": [MARK], "procedures": [MARK]}
RESOURCES = [
    {"resourceType": "Patient", "id": MARK, "gender": MARK, "birthDate": MARK, "name": [{"family": MARK}]},
    {"resourceType": "Observation", "id": MARK, "status": MARK, "code": {"text": MARK, "coding": [{"code": MARK}]},
     "valueQuantity": {"value": MARK, "unit": MARK}, "effectiveDateTime": MARK, "note": [{"text": MARK}]},
    {"resourceType": "Condition", "id": MARK, "code": {"text": MARK}},
    {"resourceType": "MedicationRequest", "id": MARK, "medicationCodeableConcept": {"text": MARK}},
    {"resourceType": MARK, MARK: MARK},
]  # fmt: skip
BUNDLE = {"resourceType": "Bundle", "id": MARK, "type": MARK, "entry": [{"resource": one} for one in RESOURCES]}
HOOK = {
    "hook": MARK, "hookInstance": MARK, "fhirServer": MARK, "fhirAuthorization": {"access_token": MARK},
    "context": {"userId": MARK, "patientId": MARK, "encounterId": MARK},
    "prefetch": {"patient": RESOURCES[0], MARK: BUNDLE},
}  # fmt: skip
FEEDBACK = {"feedback": [{"card": MARK, "outcome": MARK, "outcomeTimestamp": MARK, "overrideReason": MARK}]}
SERVICE = "/cds-services/b12-patient-view"
DOORS = [
    ("/v1/assessments", ROW, "application/json"),
    ("/v1/assessments:compare", ROW, "application/json"),
    ("/v1/assessments:batch", [ROW, MARK, [MARK]], "application/json"),
    ("/v1/assessments:batch", ROW, "application/x-ndjson"),
    ("/fhir/$assess", BUNDLE, "application/fhir+json"),
    ("/fhir/$assess", {"resourceType": MARK, MARK: MARK}, "application/fhir+json"),
    (SERVICE, HOOK, "application/json"),
    (SERVICE, {MARK: MARK}, "application/json"),
    (f"{SERVICE}/feedback", FEEDBACK, "application/json"),
    (f"/cds-services/{MARK}", HOOK, "application/json"),
    ("/", ROW, "application/json"),
    ("/", {"age": MARK}, "application/x-www-form-urlencoded"),
]


def send(client: FlaskClient, path: str, document: Any, kind: str, query: str = "") -> Any:
    response = client.post(path + query, data=json.dumps(document), content_type=kind)
    response.get_data()
    response.close()
    return response


def numbers_and_lines(client: FlaskClient, capfd: Any, caplog: Any) -> str:
    return str(client.get("/metrics").text + "".join(capfd.readouterr()) + caplog.text)


@pytest.mark.parametrize(("path", "document", "kind"), DOORS, ids=[f"{path} {kind}" for path, _, kind in DOORS])
@pytest.mark.parametrize("query", ["", f"?rule_set={MARK}", f"?{MARK}={MARK}"])
def test_a_refused_patient_leaves_no_trace(client, capfd, caplog, path, document, kind, query):
    with caplog.at_level(logging.DEBUG):
        response = send(client, path, document, kind, query)
    assert response.status_code < 500
    if response.content_type != "text/html; charset=utf-8":
        assert MARK not in response.text
    assert MARK not in str(response.headers)
    assert MARK not in numbers_and_lines(client, capfd, caplog)


@pytest.mark.parametrize("path", ["/v1/assessments", "/v1/assessments:compare", "/v1/assessments:batch"])
def test_nor_does_one_who_is_assessed_though_the_answer_is_about_them(client, capfd, caplog, path):
    with caplog.at_level(logging.DEBUG):
        document = [OPEN_ROW] if path.endswith("batch") else OPEN_ROW
        assert send(client, path, document, "application/json").status_code == 200
    assert MARK not in numbers_and_lines(client, capfd, caplog)
