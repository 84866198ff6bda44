"""Traces: off by default; where they are on, a collector gets a span of each request, and nothing of a patient."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from service import create_app
from service.commands.demo import gunicorn_command
from service.observing.tracing import ADDRESSES, TracingError
from service.settings import Settings
from tests.collector import Collector, collector, said

ROOT = Path(__file__).parent.parent
MARK = "Zebedee4711"
PATIENT = {"age": 67, "sex": "female", "labs": [{"test": "b12_total", "value": 142, "unit": "ng/L"}]}
MARKED = json.dumps({**PATIENT, "conditions": [MARK], "medications": [MARK]}).encode()
JSON = {"Content-Type": "application/json"}
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACED = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": f"x={MARK}", "baggage": f"patient={MARK}"}
EVERYTHING_MARKED = {**JSON, **TRACED, "User-Agent": MARK, "Referer": MARK, "Cookie": MARK, "Authorization": MARK}


@pytest.fixture
def traces(monkeypatch: Any) -> Iterator[Collector]:
    with collector() as collected:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collected.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield collected


def test_a_request_is_one_span_of_what_its_line_says(traces):
    client = create_app(Settings(tracing=True)).test_client()
    began = time.time_ns()
    client.post("/v1/assessments", data=MARKED, headers={**JSON, "Request-Id": "r-1"})
    (span,) = traces.wait_for(1)
    assert traces.paths == ["/v1/traces"]
    assert traces.services == {"b12cds"}
    assert span.name == "POST /v1/assessments"
    assert said(span) == {
        "http.request.method": "POST",
        "http.route": "/v1/assessments",
        "http.response.status_code": 200,
        "b12cds.rule_set": "4.0.0",
        "b12cds.request_id": "r-1",
    }
    assert began - 1_000_000 <= span.start_time_unix_nano < span.end_time_unix_nano <= time.time_ns()
    assert not span.parent_span_id


def test_a_span_belongs_to_the_trace_that_the_client_names(traces):
    client = create_app(Settings(tracing=True)).test_client()
    client.get("/healthz", headers=TRACED)
    client.get("/healthz", headers={"traceparent": f"00-{MARK}"})
    client.get("/healthz", headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    named, own = traces.wait_for(2)
    assert (named.trace_id.hex(), named.parent_span_id.hex()) == (TRACE, PARENT)
    assert own.trace_id.hex() != TRACE
    assert not own.parent_span_id, "what is no traceparent begins a trace, and one that asks for none gets none"


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("POST", f"/v1/assessments?{MARK}={MARK}", 422, "POST /v1/assessments"),
        ("GET", f"/v1/rule-sets/{MARK}/rules/{MARK}", 404, "GET /v1/rule-sets/<version>/rules/<rule_id>"),
        ("POST", f"/cds-services/{MARK}", 404, "POST /cds-services/<service_id>"),
        ("GET", f"/{MARK}", 404, "GET"),
        (MARK.upper(), "/v1/facts", 405, "other"),
        ("POST", "/v1/assessments:batch", 200, "POST /v1/assessments:batch"),
    ],
)
def test_nothing_a_client_made_up_is_in_it(traces, method, path, status, name):
    body = b"[%b]" % MARKED if "batch" in path else MARKED
    client = create_app(Settings(tracing=True)).test_client()
    response = client.open(path, method=method, data=body, headers=EVERYTHING_MARKED)
    assert response.get_data() is not None
    response.close()
    (span,) = traces.wait_for(1)
    assert (response.status_code, said(span)["http.response.status_code"], span.name) == (status, status, name)
    assert not any(MARK.casefold().encode() in body.lower() for body in traces.bodies)


def test_a_failure_of_ours_is_marked_as_one(traces, monkeypatch):
    app = create_app(Settings(tracing=True))
    monkeypatch.setitem(app.view_functions, "health.show_health", lambda: 1 / 0)
    app.test_client().get("/healthz")
    app.test_client().get("/nothing")
    failed, refused = traces.wait_for(2)
    assert (failed.status.code, refused.status.code) == (2, 0)


def test_without_being_asked_for_nothing_is_sent(traces):
    create_app(Settings()).test_client().get("/healthz")
    time.sleep(0.3)
    assert traces.bodies == []


# As served: workers that are forked, killed or told to stop, with a collector and without


@contextmanager
def served(address: str, **more: str) -> Iterator[tuple[str, Any]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = gunicorn_command("--bind", f"fd://{listener.fileno()}", "--workers", "2")
        environment = {**os.environ, "B12CDS_TRACING": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": address, **more}
        options: Any = {"pass_fds": [listener.fileno()], "cwd": ROOT, "env": environment, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, **options) as process:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", process
            process.kill()


def stop(process: Any) -> tuple[int, bytes]:
    process.send_signal(signal.SIGTERM)
    _, written = process.communicate(timeout=60)
    return process.returncode, written


def test_every_worker_sends_its_spans_and_the_last_ones_when_it_ends():
    with collector() as collected, served(collected.url, OTEL_BSP_SCHEDULE_DELAY="600000") as (origin, process):
        for _ in range(12):
            assert requests.post(f"{origin}/v1/assessments", MARKED, headers=EVERYTHING_MARKED, timeout=60).ok
        code, _ = stop(process)
        assert code == 0
        assert {span.name for span in collected.wait_for(12)} == {"POST /v1/assessments"}
        assert not any(MARK.encode() in body for body in collected.bodies)


def test_a_collector_that_is_not_there_costs_no_request_and_does_not_hold_up_the_end():
    with socket.create_server(("127.0.0.1", 0)) as silent, served(f"http://127.0.0.1:{silent.getsockname()[1]}") as up:
        origin, process = up
        for _ in range(3):
            assert requests.post(f"{origin}/v1/assessments", MARKED, headers=JSON, timeout=60).ok
        code, written = stop(process)
        assert code == 0
        assert MARK.encode() not in written


# Asked for and not to be had


def test_without_a_collector_to_send_to_it_does_not_start(monkeypatch):
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(TracingError, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        create_app(Settings(tracing=True))


def test_without_its_packages_it_does_not_start_and_says_which(tmp_path):
    """As on a machine without the extra: the packages cannot be imported."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['opentelemetry'] = None\n")
    with served("http://127.0.0.1:9", PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT)))) as (_, process):
        _, written = process.communicate(timeout=120)
    assert process.returncode == 1
    assert b"Not started: B12CDS_TRACING needs packages that are not installed: those of b12cds[otel]" in written


def test_without_being_asked_for_the_packages_are_not_needed(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['opentelemetry'] = None\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    code = "from service import create_app; print(create_app().test_client().get('/healthz').status_code)"
    command = [*gunicorn_command()[:1], "-c", code]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=120, check=True)
    assert done.stdout == b"200\n"
