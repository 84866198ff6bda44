"""How fast one patient is assessed over HTTP, beside an echo of the same bytes on the same stack, and where time goes.

    make bench

One gunicorn worker, one connection; the two endpoints are asked in turn, in rounds, so that a noisy machine is noisy
for both. Then, in process, the microseconds a patient costs in reading, validation, rules and rendering.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import click
import orjson

import rules
import schemas
from service.assessments import PATIENT
from service.demo import HERE, PATIENCE
from service.reader import read_object
from tests.benchmarks.echo_app import EXAMPLE

ROUNDS, REQUESTS, REPEATS = 12, 250, 400
PATHS = {"assessment": "/v1/assessments", "echo": "/echo"}
AS_OF = date(2026, 11, 22)


def main() -> None:
    """Print both measurements."""
    with _server() as port:
        latencies = _measure(port)
    _print_http(latencies)
    _print_parts()


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--config", str(HERE / "gunicorn.conf.py"), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *options, "--workers", "1", "tests.benchmarks.echo_app:app"]
    server = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.fspath(HERE.parent)})
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _measure(port: int) -> dict[str, list[list[float]]]:
    """Seconds of every request, by endpoint and round."""
    body = EXAMPLE.read_bytes()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for path in PATHS.values():
        _ask(connection, path, body, REQUESTS)
    rounds = {name: [] for name in PATHS}
    for _ in range(ROUNDS):
        for name, path in PATHS.items():
            rounds[name].append(_ask(connection, path, body, REQUESTS))
    connection.close()
    return rounds


def _ask(connection: http.client.HTTPConnection, path: str, body: bytes, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - start)
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {response.status}")
    return taken


def _print_http(rounds: dict[str, list[list[float]]]) -> None:
    click.echo(f"{'endpoint':<12}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    for name, taken in rounds.items():
        every = sorted(second for one in taken for second in one)
        rate = len(every) / sum(every)
        p50, p99 = (every[int(len(every) * share)] * 1000 for share in (0.50, 0.99))
        click.echo(f"{name:<12}{rate:>12.0f}{p50:>10.2f}{p99:>10.2f}")
    ratios = [sum(echo) / sum(real) for echo, real in zip(rounds["echo"], rounds["assessment"], strict=True)]
    low, high = min(ratios), max(ratios)
    median = statistics.median(ratios)
    click.echo(f"assessment / echo: {median:.0%} of the requests/s (rounds from {low:.0%} to {high:.0%})\n")


def _print_parts() -> None:
    body = EXAMPLE.read_bytes()
    rule_set = rules.Library.open().active
    document = read_object(body, PATIENT)
    intake = schemas.load_patient(document, today=AS_OF)
    assessment = rules.assess(rule_set, intake.facts)
    answer = schemas.render(assessment, intake)
    parts: dict[str, Callable[[], object]] = {
        "reading JSON": lambda: read_object(body, PATIENT),
        "validation": lambda: schemas.load_patient(document, today=AS_OF),
        "rules": lambda: rules.assess(rule_set, intake.facts),
        "rendering": lambda: schemas.render(assessment, intake),
        "writing JSON": lambda: orjson.dumps(answer),
    }
    click.echo(f"{'part of one patient':<24}{'µs (median)':>12}")
    for name, work in parts.items():
        click.echo(f"{name:<24}{_median_microseconds(work):>12.0f}")


def _median_microseconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e6


if __name__ == "__main__":
    main()
