"""What operators see: a line for each request and numbers over all workers, with nothing of a patient in either."""

import json
import logging.config
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from rules import Library
from service import create_app
from service.commands.demo import gunicorn_command
from service.observing import metrics
from service.observing.logs import server_config
from service.settings import Settings

ROOT = Path(__file__).parent.parent
DEFICIENT = b'{"age": 67, "sex": "female", "labs": [{"test": "b12_total", "value": 142, "unit": "ng/L"}]}'
JSON = {"Content-Type": "application/json"}
SECRET = "Zebedee-4711"  # noqa: S105  # what a patient must be able to trust us with
KEYS = {"request_id", "method", "route", "status", "bytes_in", "bytes_out", "rule_set", "fired"}
KEYS |= {"caller", "credential", "rows", "ms", "event", "level", "timestamp"}


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings())


@pytest.fixture
def lines(capfd: Any) -> Any:
    """The lines written since the last look."""
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_one_line(app, lines):
    response = app.test_client().post("/v1/assessments", data=DEFICIENT, headers={**JSON, "Request-Id": "r-1"})
    (line,) = lines()
    assert line.keys() == KEYS
    assert (line["request_id"], line["method"], line["route"]) == ("r-1", "POST", "/v1/assessments")
    assert (line["status"], line["rule_set"]) == (200, "4.0.0")
    assert (line["bytes_in"], line["bytes_out"]) == (len(DEFICIENT), len(response.data))
    assert line["ms"] > 0
    assert "b12-total-deficient" in line["fired"]
    assert set(line["fired"]) <= set(Library.open().active.rules)


def test_of_what_a_client_made_up_nothing_is_written(app, lines):
    client = app.test_client()
    client.get(
        f"/{SECRET}?{SECRET}={SECRET}", headers={"Referer": SECRET, "User-Agent": SECRET, "Request-Id": f"{SECRET} "}
    )
    client.get(f"/v1/rule-sets/1.0.0/rules/{SECRET}")
    client.open("/v1/facts", method=SECRET.upper())
    found = lines()
    assert [line["route"] for line in found] == [None, "/v1/rule-sets/<version>/rules/<rule_id>", None]
    assert [line["status"] for line in found] == [404, 404, 405]
    assert found[2]["method"] == "other"
    assert SECRET.casefold() not in json.dumps(found).casefold()


def test_a_stream_is_written_when_it_has_ended(app, lines):
    headers = {"Content-Type": "application/x-ndjson"}
    response = app.test_client().post("/v1/assessments:batch", data=DEFICIENT + b"\n\n{}", headers=headers)
    assert lines() == []
    assert response.data
    response.close()
    assert [(line["route"], line["rows"]) for line in lines()] == [("/v1/assessments:batch", 2)]


def test_of_a_list_too_the_line_says_how_many_rows_it_had(app, lines):
    response = app.test_client().post("/v1/assessments:batch", data=b"[%b,{},{}]" % DEFICIENT, headers=JSON)
    assert response.data
    response.close()
    assert [line["rows"] for line in lines()] == [3]


def test_one_patient_under_every_profile_counts_once(app, lines):
    client = app.test_client()
    before = numbers(client.get("/metrics").text)
    client.post("/v1/assessments:compare", data=DEFICIENT, headers=JSON)
    assert "b12-total-deficient" in lines()[-1]["fired"]
    after = numbers(client.get("/metrics").text)
    name = 'b12cds_assessments_total{level="confirmed",rule_set="4.0.0"}'
    assert after[name] - before.get(name, 0) == 1


def test_an_operator_can_want_no_lines(lines):
    create_app(Settings(log_level="warning")).test_client().get("/healthz")
    assert lines() == []


def test_messages_of_the_server_have_the_same_form_and_quote_no_error(lines):
    logging.config.dictConfig(server_config("info"))
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("gunicorn.error").exception("worker %s failed", 7)
    (line,) = lines()
    assert line == {
        "event": "worker 7 failed",
        "error": "ValueError",
        "level": "error",
        "logger": "gunicorn.error",
        "timestamp": line["timestamp"],
    }


# Numbers


def numbers(text: str) -> dict[str, float]:
    samples = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


def test_rules_are_counted_by_version_and_silent_ones_are_there_too(app):
    client = app.test_client()
    before = numbers(client.get("/metrics").text)
    for _ in range(3):
        client.post("/v1/assessments?rule_set=1.0.0", data=DEFICIENT, headers=JSON)
    client.post(
        "/v1/assessments:batch", data=DEFICIENT + b"\n{}", headers={"Content-Type": "application/x-ndjson"}
    ).close()
    response = client.get("/metrics")
    assert response.content_type.startswith("text/plain")
    after = numbers(response.text)
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name, 0)}
    assert grown['b12cds_rule_fired_total{rule="b12-total-deficient",rule_set="1.0.0"}'] == 3
    assert grown['b12cds_rule_fired_total{rule="b12-total-deficient",rule_set="4.0.0"}'] == 1
    assert grown['b12cds_assessments_total{level="confirmed",rule_set="1.0.0"}'] == 3
    assert grown['b12cds_requests_total{route="/v1/assessments",status="200"}'] == 3
    assert grown['b12cds_request_seconds_count{route="/v1/assessments"}'] == 3
    for version, rule_set in Library.open().rule_sets.items():
        for rule in rule_set.rules:
            assert f'b12cds_rule_fired_total{{rule="{rule}",rule_set="{version}"}}' in after


def test_counts_are_written_without_anybody_asking():
    metrics.pending.add("9.9.9", "possible", ("some-rule",))
    time.sleep(3 * metrics.SECONDS_HELD_BACK)
    assert metrics.registry.get_sample_value("b12cds_rule_fired_total", {"rule_set": "9.9.9", "rule": "some-rule"}) == 1


def test_patients_in_whom_the_same_rules_fired_are_each_counted():
    for rules in (("one", "two"), ("one", "two"), ("two",)):
        metrics.pending.add("9.9.8", "possible", rules)
    metrics.pending.flush()
    counted = [
        metrics.registry.get_sample_value("b12cds_rule_fired_total", {"rule_set": "9.9.8", "rule": rule})
        for rule in ("one", "two")
    ]
    assert counted == [2, 3]
    levels = {"rule_set": "9.9.8", "level": "possible"}
    assert metrics.registry.get_sample_value("b12cds_assessments_total", levels) == 3


def test_the_numbers_say_nothing_a_client_made_up(app):
    client = app.test_client()
    client.get(f"/{SECRET}")
    client.post(f"/v1/assessments?rule_set={SECRET}", data=DEFICIENT, headers=JSON)
    assert SECRET not in client.get("/metrics").text


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    """The service with two workers, and its master process."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor = listener.fileno()
        command = gunicorn_command("--bind", f"fd://{descriptor}", "--workers", "2")
        options: Any = {"pass_fds": [descriptor], "cwd": ROOT, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, **options) as process:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", process.pid
            process.send_signal(signal.SIGTERM)


def test_numbers_are_those_of_all_workers_and_survive_their_death(server):
    origin, master = server

    def counted() -> float:
        time.sleep(3 * metrics.SECONDS_HELD_BACK)
        text = requests.get(f"{origin}/metrics", timeout=60).text
        return numbers(text)['b12cds_rule_fired_total{rule="b12-total-deficient",rule_set="4.0.0"}']

    def workers() -> list[int]:
        return [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    for _ in range(20):
        assert requests.post(f"{origin}/v1/assessments", data=DEFICIENT, headers=JSON, timeout=60).status_code == 200
    assert counted() == 20
    before = workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while set(workers()) & set(before) or len(workers()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for _ in range(5):
        assert requests.post(f"{origin}/v1/assessments", data=DEFICIENT, headers=JSON, timeout=60).status_code == 200
    assert counted() == 25


def test_the_example_alert_asks_for_numbers_that_exist(app):
    alerts = (ROOT / "examples" / "alerts.yaml").read_text()
    client = app.test_client()
    client.post("/v1/assessments", data=DEFICIENT, headers=JSON)
    exist = set(re.findall(r"^(b12cds_\w+?)(?:\{| )", client.get("/metrics").text, re.MULTILINE))
    asked = set(re.findall(r"\bb12cds_\w+", alerts))
    assert asked
    assert asked <= exist
