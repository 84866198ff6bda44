"""Markers in every field of every door: none comes back in an error, none is in a log line, a number or a core file."""

import json
import logging
import resource
import socket
import subprocess
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.commands.demo import gunicorn_command

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


# A real server, which has a log and processes of its own


def ask(port: int, method: str, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
    headers = {"Content-Type": kind, "Referer": MARK, "User-Agent": MARK}
    with closing(HTTPConnection("127.0.0.1", port, timeout=90)) as connection:
        connection.request(method, path, body, headers)
        response: HTTPResponse = connection.getresponse()
        return response.status, response.read()


def test_the_server_as_it_runs_keeps_nothing_either(tmp_path):
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as lines:
        command = gunicorn_command("--bind", f"fd://{listener.fileno()}", "--workers", "1", "--log-level", "debug")
        options: Any = {"pass_fds": [listener.fileno()], "stderr": lines, "cwd": Path(__file__).parent.parent}
        with subprocess.Popen(command, **options) as server:
            port = listener.getsockname()[1]
            for path, document, kind in DOORS:
                status, _ = ask(port, "POST", f"{path}?{MARK}={MARK}", json.dumps(document).encode(), kind)
                assert status < 500
            ask(port, MARK.upper(), f"/{MARK}", b"", MARK)
            _, numbers = ask(port, "GET", "/metrics", b"", "text/plain")
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            limits = [resource.prlimit(int(pid), resource.RLIMIT_CORE) for pid in children]
            server.terminate()
    assert MARK.encode() not in numbers
    assert MARK.casefold() not in log.read_text().casefold()
    assert log.read_text().count('"route":') > len(DOORS)
    assert limits == [(0, 0)]
