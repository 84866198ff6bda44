"""The service over HTTP: one door, one error shape, nothing of a patient in an error or a log."""

import io
import json
import logging
import re
import runpy
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gunicorn.http import errors
from werkzeug.exceptions import RequestHeaderFieldsTooLarge, TooManyRequests

import schemas
from service import create_app
from service.commands.demo import gunicorn_command
from service.headers import CAREFUL
from service.problems import DETAILS
from service.serving.worker import Worker
from service.settings import CORES, Settings

PATIENT = b'{"age": 67, "sex": "female"}'
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PATIENT), PATIENT)
VERSIONS = ["1.0.0", "1.1.0", "1.2.0", "2.0.0", "3.0.0", "4.0.0"]
JSON = {"Content-Type": "application/json"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET = "Zebedee-4711"  # noqa: S105  # what a patient must be able to trust us with


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem document of an answer, whose shape is checked."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert dict(response.headers).items() >= CAREFUL.items()
    document = response.get_json(force=True)
    assert list(document) == ["type", "title", "status", "detail", "instance", "errors"]
    assert document["status"] == status
    assert document["instance"] == response.headers["Request-Id"]
    assert len(document["errors"]) <= 20
    for error in document["errors"]:
        assert {"path", "message"} <= set(error) <= {"path", "message", "accepted"}
    return document


def paths(response: Any, status: int) -> list[str]:
    return [error["path"] for error in problem(response, status)["errors"]]


# One patient


def test_a_patient_is_assessed(post, patient):
    response = post(patient)
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Rule-Set-Version"] == "4.0.0"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_json()["likelihood"]["level"] == "confirmed"
    assert "trace" not in response.get_json()


def test_an_assessment_is_for_today_unless_the_summary_says_otherwise(post, monkeypatch):
    monkeypatch.setattr("service.assessments.today", lambda: date(2027, 1, 2))
    assert post(PATIENT).get_json()["inputs"]["as_of"] == "2027-01-02"
    assert post({**json.loads(PATIENT), "as_of": "2026-05-20"}).get_json()["inputs"]["as_of"] == "2026-05-20"


def test_a_version_a_profile_and_a_trace_can_be_asked_for(post, patient):
    response = post(patient, "/v1/assessments?rule_set=1.0.0&profile=uk-nice&trace=true")
    assert response.status_code == 200
    assert list(response.get_json())[-1] == "trace"
    assert "trace" not in post(patient, "/v1/assessments?trace=false").get_json()


def test_unknown_names_of_closed_lists_are_refused_or_reported(post):
    document = {"age": 67, "sex": "female", "symptoms": ["hiccups of the soul"]}
    assert paths(post(document), 422) == ["symptoms[0]"]
    reported = post(document, "/v1/assessments?unknown=report").get_json()["inputs"]["unrecognized"]
    assert [entry["path"] for entry in reported] == ["symptoms[0]"]


@pytest.mark.parametrize(
    ("query", "path", "accepted"),
    [
        ("age=54", "query", ["rule_set", "profile", "trace", "unknown"]),
        ("trace=yes", "query.trace", ["true", "false"]),
        ("trace=", "query.trace", ["true", "false"]),
        ("trace", "query.trace", ["true", "false"]),
        ("unknown=ignore", "query.unknown", ["report"]),
        ("trace=true&trace=true", "query.trace", None),
        ("rule_set=1.0.0&rule_set=1.0.0", "query.rule_set", None),
    ],
)
def test_query_parameters_are_as_strict_as_the_document(post, query, path, accepted):
    (error,) = problem(post(PATIENT, f"/v1/assessments?{query}"), 422)["errors"]
    assert error["path"] == path
    assert error.get("accepted") == accepted


def test_a_rule_set_or_profile_that_does_not_exist_is_answered_with_those_that_do(post):
    (error,) = problem(post(PATIENT, f"/v1/assessments?rule_set={SECRET}"), 404)["errors"]
    assert (error["path"], error["accepted"]) == ("query.rule_set", VERSIONS)
    (error,) = problem(post(PATIENT, f"/v1/assessments?profile={SECRET}"), 404)["errors"]
    assert error["path"] == "query.profile"
    assert error["accepted"] == ["uk-nice", "us-aafp", "mayo", "labcorp", "arup"]


def test_every_problem_of_a_document_comes_at_once(post):
    document = {"sex": "man", "labs": [{"test": "b12_total", "value": 142}], SECRET: 1}
    assert set(paths(post(document), 422)) == {"", "age", "sex", "labs[0].unit"}
    assert len(paths(post({"age": 1, "sex": "male", "symptoms": ["x"] * 100}), 422)) == 20


# The body


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
        'application/json ; Charset="utf-8"',
    ],
)
def test_plain_json_in_utf8_is_taken(post, content_type):
    assert post(PATIENT, content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/fhir+json",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-8",
        "application/json; profile=x",
        "application/json, application/json",
        "application/json;",
    ],
)
def test_any_other_content_type_is_refused(post, content_type):
    assert paths(post(PATIENT, content_type=content_type), 415) == ["header.Content-Type"]


@pytest.mark.parametrize(("encoding", "status"), [("identity", 200), ("Identity", 200), ("gzip", 415), ("br", 415)])
def test_bodies_are_not_compressed(post, encoding, status):
    assert post(PATIENT, headers={"Content-Encoding": encoding}).status_code == status


def test_what_the_client_accepts_is_not_judged(post):
    assert post(PATIENT, headers={"Accept": "application/xml"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b" \n", 400),
        (b"{", 400),
        (b'{"age": NaN}', 422),
        (b'{"age": 54, "age": 4}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'{"age": 1e400}', 422),
        (b'{"age": true, "sex": "male"}', 422),
        (b'{"age":' * 33 + b"1" + b"}" * 33, 422),
        (b"[" * 100_000 + b"]" * 100_000, 413),
    ],
)
def test_a_bad_body_gets_the_status_that_says_why(post, body, status):
    problem(post(body), status)


def test_a_body_is_measured_whether_or_not_it_declares_its_length(client):
    exact = PATIENT.ljust(64 * 1024)
    for length, status in ((len(exact), 200), (len(exact) + 1, 413)):
        body = PATIENT.ljust(length)
        assert client.post("/v1/assessments", data=body, headers=JSON).status_code == status
        assert stream(client, io.BytesIO(body)).status_code == status


def test_a_body_without_length_or_end_is_taken_as_empty(client):
    problem(stream(client, io.BytesIO(PATIENT), terminated=False), 400)


def test_a_body_may_arrive_in_small_pieces(client):
    assert stream(client, Trickle(PATIENT)).status_code == 200


def test_a_body_shorter_than_it_declares_is_malformed(client):
    response = client.post("/v1/assessments", data=PATIENT, headers=JSON, environ_overrides={"CONTENT_LENGTH": "99"})
    assert problem(response, 400)["errors"][0]["message"] == "is shorter than its Content-Length"


def test_a_body_that_breaks_off_is_malformed(client):
    response = stream(client, Broken(PATIENT))
    assert SECRET not in response.text
    problem(response, 400)


def stream(client: FlaskClient, body: io.BytesIO, *, terminated: bool = True) -> Any:
    """Post a body without a declared length, as a server passes on a chunked one."""
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    environ = {**chunked, "wsgi.input_terminated": True} if terminated else chunked
    return client.post("/v1/assessments", input_stream=body, headers=JSON, environ_overrides=environ)


class Trickle(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 5))


class Broken(io.BytesIO):
    def read(self, _size: int | None = -1) -> bytes:
        raise RuntimeError(SECRET)


# Errors of the framework


def test_an_unknown_path_is_answered_with_those_that_exist(client):
    for path in ("/nothing", "/v1", "/v1/assessments/", "//v1/assessments", "/v1/assessments:all", f"/{SECRET}"):
        response = client.get(path)
        assert SECRET not in response.text
        (error,) = problem(response, 404)["errors"]
        assert "/v1/assessments" in error["accepted"]
        assert "/v1/rule-sets/{version}/rules/{rule_id}" in error["accepted"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/assessments"), ("BREW", "/v1/assessments"), ("POST", "/v1/facts")]
)
def test_a_method_a_path_does_not_take_is_answered_with_those_it_takes(client, method, path):
    response = client.open(path, method=method)
    problem(response, 405)
    assert response.headers["Allow"] == ("OPTIONS, POST" if path == "/v1/assessments" else "GET, HEAD, OPTIONS")


def test_a_failure_of_ours_tells_the_client_its_id_and_the_log_its_place(post, monkeypatch, caplog):
    def fail(*_: Any, **__: Any) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(schemas, "load_patient", fail)
    with caplog.at_level(logging.DEBUG):
        response = post(PATIENT)
    document = problem(response, 500)
    assert document["errors"] == []
    assert SECRET not in response.text + caplog.text
    assert re.search(
        rf"request {document['instance']} failed: ValueError at test_http.py:\d+ < assessments.py:\d+", caplog.text
    )


@pytest.mark.parametrize("raised", [TooManyRequests, RequestHeaderFieldsTooLarge])
def test_other_http_errors_have_the_same_shape(post, monkeypatch, raised):
    def fail(*_: Any, **__: Any) -> None:
        raise raised

    monkeypatch.setattr(schemas, "load_patient", fail)
    problem(post(PATIENT), raised.code)


# Headers


def test_a_plain_request_id_is_kept_and_any_other_is_replaced(client):
    assert client.get("/healthz", headers={"Request-Id": "Lab-7_a.1"}).headers["Request-Id"] == "Lab-7_a.1"
    for sent in ("", "a b", "x" * 65, "a/b", "é"):
        assert UUID.fullmatch(client.get("/healthz", headers={"Request-Id": sent}).headers["Request-Id"])
    assert client.get("/healthz").headers["Request-Id"] != client.get("/healthz").headers["Request-Id"]


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/v1/facts", "/v1/rule-sets", "/openapi.json", "/docs", "/nothing"]
)
def test_every_answer_has_an_id_and_is_not_sniffed(client, path):
    headers = client.get(path).headers
    assert UUID.fullmatch(headers["Request-Id"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


# Knowledge


def test_the_catalogue_of_facts_can_be_read(client):
    labs = client.get("/v1/facts").get_json()
    assert "b12_total" in json.dumps(labs)


def test_rule_sets_rules_and_evidence_can_be_read_one_by_one(client):
    listed = client.get("/v1/rule-sets").get_json()["rule_sets"]
    assert [(entry["version"], entry["status"]) for entry in listed] == [
        ("1.0.0", "retired"),
        ("1.1.0", "retired"),
        ("1.2.0", "retired"),
        ("2.0.0", "retired"),
        ("3.0.0", "retired"),
        ("4.0.0", "active"),
    ]
    response = client.get("/v1/rule-sets/1.0.0")
    assert response.headers["Rule-Set-Version"] == "1.0.0"
    for path in ("rules/b12-total-deficient", "evidence/nice-ng239-2024"):
        response = client.get(f"/v1/rule-sets/1.0.0/{path}")
        assert response.status_code == 200
        assert response.headers["Rule-Set-Version"] == "1.0.0"
        assert response.get_json()["id"] == path.partition("/")[2]


@pytest.mark.parametrize(
    ("path", "named", "existing"),
    [
        (f"/v1/rule-sets/{SECRET}", "version", "1.0.0"),
        (f"/v1/rule-sets/1.0.0/rules/{SECRET}", "rule_id", "b12-total-deficient"),
        (f"/v1/rule-sets/1.0.0/evidence/{SECRET}", "source_id", "nice-ng239-2024"),
        (f"/docs/{SECRET}", "name", "start.js"),
    ],
)
def test_a_name_that_does_not_exist_is_answered_with_those_that_do(client, path, named, existing):
    response = client.get(path)
    (error,) = problem(response, 404)["errors"]
    assert error["path"] == f"path.{named}"
    assert existing in error["accepted"]
    assert SECRET not in response.text


@pytest.mark.parametrize("path", ["/v1/facts", "/v1/rule-sets", "/v1/rule-sets/1.0.0", "/openapi.yaml", "/docs"])
def test_what_lasts_is_sent_once(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).data == first.data


@pytest.mark.parametrize("path", ["/v1/facts", "/openapi.yaml"])
def test_a_condition_for_changes_is_refused_in_the_one_shape(client, path):
    (error,) = problem(client.get(path, headers={"If-Match": f'"{SECRET}"'}), 422)["errors"]
    assert error["path"] == "header.If-Match"


def test_reading_takes_no_query(client):
    problem(client.get(f"/v1/facts?name={SECRET}"), 422)


# Health


def test_the_service_says_that_it_runs_and_from_which_rule_sets(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert [rule_set["version"] for rule_set in ready["rule_sets"]] == VERSIONS
    for rule_set in ready["rule_sets"]:
        assert rule_set["overdue"] is False
        assert rule_set["digest"].startswith("sha256:")


def test_without_a_rule_set_it_runs_but_is_not_ready(tmp_path):
    client = create_app(Settings(rule_sets=tmp_path)).test_client()
    assert client.get("/healthz").status_code == 200
    for response in (client.get("/readyz"), client.post("/v1/assessments", data=PATIENT, headers=JSON)):
        problem(response, 503)
        assert "Retry-After" not in response.headers, "waiting brings no rule set"


# Privacy


@pytest.mark.parametrize(
    "body",
    [
        {"age": 67, "sex": SECRET},
        {"age": SECRET, "sex": "male"},
        {"age": 67, "sex": "male", SECRET: SECRET},
        {"age": 67, "sex": "male", "labs": [{"test": SECRET, "value": SECRET, "unit": SECRET}]},
        {"age": 67, "sex": "male", "symptoms": [SECRET, {"code": SECRET, SECRET: "\u200b"}]},
        {"age": 67, "sex": "male", "medications": [f"{SECRET}<>"]},
        {"age": 67, "sex": "male", "as_of": SECRET},
        SECRET,
    ],
)
def test_nothing_of_a_refused_request_is_repeated_or_logged(post, caplog, body):
    with caplog.at_level(logging.DEBUG):
        response = post(body, f"/v1/assessments?unknown={SECRET}")
        assert SECRET not in response.text
        response = post(body)
    problem(response, 422)
    assert SECRET not in response.text + str(response.headers) + caplog.text


def test_nothing_of_an_assessed_patient_is_logged(post, patient, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        assert post({**patient, "medications": [SECRET]}).status_code == 200
    assert caplog.text == ""
    assert SECRET not in "".join(capfd.readouterr())


# Settings


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    assert Settings().worker_count == CORES
    for name, value in {"BIND": "0.0.0.0:80", "WORKERS": "3", "LOG_LEVEL": "error", "RULE_SETS": str(tmp_path)}.items():
        monkeypatch.setenv(f"B12CDS_{name}", value)
    settings = Settings.from_environment()
    assert settings == Settings("0.0.0.0:80", 3, 4, "error", tmp_path)
    assert settings.worker_count == 3


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "-1"), ("WORKERS", "many"), ("THREADS", "0"), ("LOG_LEVEL", "loud")]
)
def test_a_setting_that_makes_no_sense_stops_the_start(monkeypatch, name, value):
    monkeypatch.setenv(f"B12CDS_{name}", value)
    with pytest.raises(ValueError, match=name):
        Settings.from_environment()


def test_gunicorn_is_set_up_for_production(monkeypatch):
    monkeypatch.setenv("B12CDS_WORKERS", "2")
    configured = runpy.run_path(gunicorn_command()[4])
    assert configured["control_socket_disable"] is True
    assert configured["logger_class"].access_log_enabled is False
    assert (configured["workers"], configured["threads"]) == (2, 4)


def test_the_wsgi_module_holds_the_application():
    assert isinstance(runpy.run_module("service.wsgi")["app"], Flask)


# A real server


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of the service in a gunicorn of its own, on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor = listener.fileno()
        command = gunicorn_command(
            "--bind", f"fd://{descriptor}", "--workers", "1", "--timeout", "2", "--log-level", "critical"
        )
        with subprocess.Popen(command, pass_fds=[descriptor], cwd=Path(__file__).parent.parent) as server:
            yield listener.getsockname()[1]
            server.send_signal(signal.SIGTERM)


def exchange(port: int, request: bytes, *, half_close: bool = True) -> HTTPResponse:
    """Send exact bytes and read the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=90) as connection:
        connection.sendall(request)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        with closing(HTTPResponse(connection)) as response:
            response.begin()
            response.status_code = response.status  # type: ignore[attr-defined]
            body = response.read()
            response.get_json = lambda **_: json.loads(body)  # type: ignore[attr-defined]
            return response


def request(*headers: str, body: bytes = b"", start: str = "POST /v1/assessments HTTP/1.1") -> bytes:
    lines = [start, "Host: localhost", "Content-Type: application/json", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_whole_request_is_answered(port):
    assert exchange(port, request(f"Content-Length: {len(PATIENT)}", body=PATIENT)).status == 200
    assert exchange(port, request("Transfer-Encoding: Chunked", body=CHUNKS)).status == 200


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        ("Content-Length: 99", PATIENT, 400),
        ("Content-Length: 0", b"", 400),
        ("Transfer-Encoding: chunked", b"zz\r\n" + PATIENT + b"\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked", b"%x\r\n%s" % (len(PATIENT), PATIENT), 400),
        ("Transfer-Encoding: chunked", b"5\r\n" + PATIENT + b"\r\n0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (len(PATIENT), PATIENT), 400),
        ("Transfer-Encoding: chunked", b"0\r\n\r\n", 400),
        ("Transfer-Encoding: chunked", b"11000\r\n" + b" " * 0x11000 + b"\r\n0\r\n\r\n", 413),
        ("Content-Length: 70000", b" " * 70_000, 413),
        ("Content-Length: 4000000000", b"{", 413),
        ("Content-Length: -1", PATIENT, 400),
        (f"Content-Length: {len(PATIENT)}\r\nContent-Length: 1", PATIENT, 400),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n", 400),
        ("Content-Length: x", PATIENT, 400),
        ("Transfer-Encoding: cups", PATIENT, 501),
        ("Transfer-Encoding: gzip, chunked", CHUNKS, 501),
        ("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", CHUNKS, 501),
        ("Transfer-Encoding: chunked, gzip", CHUNKS, 400),
        (f"Host: elsewhere\r\nContent-Length: {len(PATIENT)}", PATIENT, 400),
        ("X-Long: " + "x" * 9_000, PATIENT, 431),
        ("Bad Header: 1", PATIENT, 400),
        ("Expect: tea", PATIENT, 417),
    ],
)
def test_broken_framing_is_refused_in_the_one_shape(port, header, body, status):
    told_what_to_mend(problem(exchange(port, request(header, body=body)), status))


def told_what_to_mend(document: dict[str, Any]) -> None:
    """A refusal says something of its own, and blames no body for what is wrong before it."""
    assert document["detail"] == DETAILS[document["status"]]
    assert document["errors"]


def test_clients_that_fall_silent_do_not_hold_the_service_up(port):
    with ExitStack() as silent:
        for place in range(60):
            connection = silent.enter_context(socket.create_connection(("127.0.0.1", port)))
            started = request("Content-Length: 99", body=b"{")
            connection.sendall((b"", started[:40], started)[place % 3])
        assert exchange(port, request(start="GET /healthz HTTP/1.1")).status == 200


@pytest.mark.parametrize("sent", [b"POST /v1/assess", request("Content-Length: 99", body=b"{")])
def test_a_client_that_takes_too_long_is_told_so(port, sent):
    told_what_to_mend(problem(exchange(port, sent, half_close=False), 408))


def test_headers_without_end_are_refused(port):
    told_what_to_mend(problem(exchange(port, b"GET /healthz HTTP/1.1\r\n" + b"X-Long: 1\r\n" * 9_000), 431))


def test_requests_on_one_connection_are_answered_in_turn(port):
    two = b"".join(request(f"Content-Length: {len(PATIENT)}", f"Request-Id: {name}", body=PATIENT) for name in "ab")
    with socket.create_connection(("127.0.0.1", port), timeout=90) as connection:
        connection.sendall(two[:-40])
        first = answered(connection)
        connection.sendall(two[-40:])
        second = answered(connection)
    assert (first["Request-Id"], second["Request-Id"]) == ("a", "b")


def test_a_client_that_asks_before_sending_its_body_is_told_to_go_on(port):
    with socket.create_connection(("127.0.0.1", port), timeout=90) as connection:
        connection.sendall(request(f"Content-Length: {len(PATIENT)}", "Expect: 100-continue"))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(PATIENT)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_does_not_wait_for_the_answer_is_not_told_to_go_on(port):
    asking = request(f"Content-Length: {len(PATIENT)}", "Expect: 100-continue", body=PATIENT)
    with socket.create_connection(("127.0.0.1", port), timeout=90) as connection:
        connection.sendall(asking)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def answered(connection: socket.socket) -> Message:
    """The headers of the next answer on a connection."""
    with closing(HTTPResponse(connection)) as response:
        response.begin()
        response.read()
        assert response.status == 200
        return response.headers


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("BREW /v1/assessments HTTP/1.1", 405),
        ("brew /v1/assessments HTTP/1.1", 400),
        ("GET /healthz?" + "x" * 5_000 + " HTTP/1.1", 414),
        ("GET /healthz HTTP/9.9", 400),
        ("nonsense", 400),
    ],
)
def test_broken_request_lines_too(port, start, status):
    told_what_to_mend(problem(exchange(port, request(start=start)), status))


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("GET /healthz HTTP/1.1", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a b", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a/b", 400),
        ("GET /healthz HTTP/1.1\r\nHost: a@b", 400),
        ("GET /healthz HTTP/1.1\r\nHost:", 200),
        ("GET /healthz HTTP/1.1\r\nHost: [::1]:8000", 200),
        ("GET /healthz HTTP/1.1\r\nHost: b12.example.org:443", 200),
        ("GET /healthz HTTP/1.0", 200),
    ],
)
def test_a_request_names_its_host(port, start, status):
    answer = exchange(port, f"{start}\r\n\r\n".encode())
    assert answer.status == status
    if status == 400:
        told_what_to_mend(problem(answer, 400))


def test_the_server_names_nothing_of_a_request_it_could_not_read(caplog):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker.__new__(Worker)
        worker.log, worker.headers = logging.getLogger("gunicorn.test"), CAREFUL
        for error, status in ((errors.InvalidRequestLine(SECRET), b"400"), (ValueError(SECRET), b"500")):
            worker.handle_error(None, ours, ("127.0.0.1", 1), error)
            answer = theirs.recv(4096)
            assert answer.startswith(b"HTTP/1.1 " + status)
            assert SECRET.encode() not in answer
    assert "InvalidRequestLine" in caplog.text
    assert SECRET not in caplog.text
