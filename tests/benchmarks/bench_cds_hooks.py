"""How fast b12-patient-view answers with everything prefetched, beside an echo of the same bytes on the same stack.

    make bench

One gunicorn worker, one connection; both endpoints are asked in turn, in rounds, so that a noisy machine is noisy for
both. Then, in process, the milliseconds of CPU that a call costs in its parts.
"""

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import click
import orjson

import rules
from schemas.cds_hooks.cards import render_cards
from schemas.cds_hooks.case import CardOptions
from schemas.cds_hooks.chart import read_chart
from schemas.cds_hooks.consider import consider
from schemas.cds_hooks.request import load_hook_request
from schemas.cds_hooks.services import SERVICES
from service.cds_hooks import CALL
from service.commands.demo import PATIENCE
from service.prefetch import gather
from service.reader import read_object
from service.shipped import HERE
from tests.benchmarks.cpu import seconds_of_cpu
from tests.benchmarks.hook_body import BODY, HOOK, RESULTS
from tests.benchmarks.served import collect_as_the_service_does
from tests.cds_client.running import free_port, process

ROUNDS, REQUESTS, REPEATS = 8, 25, 15
PATHS = {"b12-patient-view": HOOK, "echo": "/echo"}
GOAL_MS = 50
AS_OF = date(2026, 11, 22)


def main() -> None:
    """Print both measurements."""
    click.echo(f"{RESULTS} results, {len(BODY) / 1024:.0f} KiB a call")
    with _server() as port:
        rounds = _measure(port)
    _print_http(rounds)
    collect_as_the_service_does()
    _print_parts()


@contextmanager
def _server() -> Iterator[int]:
    port = free_port()
    options = ["--config", str(HERE / "gunicorn.conf.py"), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *options, "--workers", "1", "tests.benchmarks.hooks_echo_app:app"]
    quietly = {"PYTHONPATH": os.fspath(HERE.parent), "B12CDS_LOG_LEVEL": "error"}
    with process(command, port, {**os.environ, **quietly}):
        yield port


def _measure(port: int) -> dict[str, list[float]]:
    """Seconds of every request, by endpoint."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    taken: dict[str, list[float]] = {name: [] for name in PATHS}
    for path in PATHS.values():
        _ask(connection, path)
    for _ in range(ROUNDS):
        for name, path in PATHS.items():
            taken[name] += _ask(connection, path)
    connection.close()
    return taken


def _ask(connection: http.client.HTTPConnection, path: str) -> list[float]:
    taken = []
    for _ in range(REQUESTS):
        start = time.perf_counter()
        connection.request("POST", path, BODY, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - start)
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {response.status}")
    return taken


def _print_http(taken: dict[str, list[float]]) -> None:
    click.echo(f"{'endpoint':<20}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}")
    p99 = {}
    for name, seconds in taken.items():
        every = sorted(seconds)
        p50, p99[name] = (every[int(len(every) * share)] * 1000 for share in (0.50, 0.99))
        click.echo(f"{name:<20}{len(every) / sum(every):>12.0f}{p50:>10.2f}{p99[name]:>10.2f}")
    word = "within" if p99["b12-patient-view"] < GOAL_MS else "beyond"
    times = p99["b12-patient-view"] / p99["echo"]
    click.echo(f"p99 is {word} the {GOAL_MS} ms aimed at, and {times:.1f} times that of the echo\n")


def _print_parts() -> None:
    rule_set = rules.Library.open().active
    service = SERVICES["b12-patient-view"]
    document = read_object(BODY, CALL)
    call = load_hook_request(document, service)
    parts = gather(call, None)
    chart = read_chart(parts, AS_OF)
    case = consider(call, service, chart, rule_set, AS_OF)
    cards = render_cards(case, CardOptions())
    work: dict[str, Callable[[], object]] = {
        "reading JSON": lambda: read_object(BODY, CALL),
        "the call": lambda: load_hook_request(document, service),
        "FHIR to facts": lambda: read_chart(parts, AS_OF),
        "rules": lambda: consider(call, service, chart, rule_set, AS_OF),
        "cards": lambda: render_cards(case, CardOptions()),
        "writing JSON": lambda: orjson.dumps(cards),
    }
    click.echo(f"{'part of one call':<24}{'ms of CPU (median)':>20}")
    for name, part in work.items():
        click.echo(f"{name:<24}{seconds_of_cpu(part, REPEATS) * 1000:>20.2f}")


if __name__ == "__main__":
    main()
