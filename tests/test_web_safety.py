"""What browsers, other sites and curious callers get from the service: what it means to give, and nothing else."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import create_app
from service.settings import Settings

PATIENT = b'{"age": 67, "sex": "female"}'
JSON = {"Content-Type": "application/json"}
FORM = {"age": "67", "sex": "female"}
MARKUP = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
DOORS = (
    "/v1/assessments",
    "/v1/assessments:batch",
    "/v1/assessments:compare",
    "/fhir/$assess",
    "/cds-services/b12-patient-view",
    "/cds-services/b12-patient-view/feedback",
)
UNASKED = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
READ = (
    "/", "/rule-sets", "/static/page.js", "/static/page.css", "/static/icon.svg", "/docs", "/docs/start.js", "/metrics",
    "/healthz", "/readyz", "/openapi.yaml", "/openapi.json", "/cds-services", "/v1/facts", "/fhir/metadata", "/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_every_answer_says_what_it_is_sets_no_cookie_and_sends_nobody_elsewhere(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert "Set-Cookie" not in answer.headers
        assert "Location" not in answer.headers
        kind = answer.headers["Content-Type"]
    assert kind.endswith("charset=utf-8") or kind.startswith("application/")


@pytest.mark.parametrize("kind", UNASKED)
@pytest.mark.parametrize("path", DOORS)
def test_what_another_site_can_send_unasked_is_refused_by_the_doors_for_programs(
    client: FlaskClient, path: str, kind: str
) -> None:
    assert client.post(path, data=PATIENT, content_type=kind).status_code == 415


def test_what_is_entered_on_the_page_is_only_ever_text(client: FlaskClient) -> None:
    named = {"labs-0-test": "b12_total", "labs-0-value": MARKUP, "medications-0-name": MARKUP, "find-symptoms": MARKUP}
    for answer in (
        client.post("/", data={**FORM, **named}),
        client.post("/", data={**FORM, **named}, headers={"HX-Target": "answer"}),
        client.post("/paste", data={**FORM, "pasted": MARKUP}),
        client.post("/paste", data={**FORM, "pasted": json.dumps({"age": 67, "medications": [MARKUP]})}),
    ):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
    assert "&lt;script&gt;alert" in client.post("/", data={**FORM, **named}).text


@pytest.mark.parametrize("path", ["/", "/v1/assessments", "/healthz", "/static/page.js", "/nothing"])
def test_trace_is_never_answered(client: FlaskClient, path: str) -> None:
    assert client.open(path, method="TRACE").status_code in (404, 405)


@pytest.mark.parametrize(
    "path",
    ["/static", "/static/", "/static/../views.py", "/static/%2e%2e/views.py", "/static//etc/passwd", "/docs/",
     "/docs/../docs/index.html", "/examples/..", "/.git/HEAD", "/service/access/callers.py"],
)  # fmt: skip
def test_nothing_but_its_own_files_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/assessments", {"data": PATIENT, "headers": JSON}),
        ("/v1/assessments:compare", {"data": PATIENT, "headers": JSON}),
        ("/v1/assessments:batch", {"data": b"[" + PATIENT + b"]", "headers": JSON}),
        ("/", {"data": FORM}),
        ("/why", {"data": FORM}),
        ("/answer", {"data": FORM}),
        ("/answer-in-fhir", {"data": FORM}),
    ],
)
def test_no_answer_about_a_patient_may_be_kept(client: FlaskClient, path: str, sent: dict[str, Any]) -> None:
    answer = client.post(path, **sent)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_has_its_browser_remember_nothing(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '"historyEnabled":false' in page
    assert 'autocomplete="off"' in page
    with client.get("/static/page.js") as script:
        assert "Storage" not in page + script.text


def test_an_address_that_a_caller_writes_is_not_believed() -> None:
    client = create_app(Settings(rate_limit="1/hour")).test_client()
    written = ({name: f"192.0.2.{place}"} for place, name in enumerate(("X-Forwarded-For", "X-Real-IP", "Forwarded")))
    assert [client.get("/v1/facts", headers=headers).status_code for headers in written] == [200, 429, 429]


def test_the_time_of_a_line_is_in_utc(capfd: Any) -> None:
    create_app(Settings()).test_client().get("/healthz")
    assert json.loads(capfd.readouterr().err.splitlines()[-1])["timestamp"].endswith("Z")
