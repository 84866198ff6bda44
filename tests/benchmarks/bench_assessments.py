"""How fast one patient is assessed over HTTP, beside an echo of the same bytes on the same stack, and where time goes.

    make bench

The patient is the README's, with 15 results. One connection asks the two endpoints in turn, in rounds, so that a
noisy machine is noisy for both; what counts are the ratios of a round, their median and their spread. Then, in
process, what a patient costs part by part, and how that grows with the number of results and of rules.
"""

import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import click
import orjson

import rules
import schemas
from rules import RuleSet
from service.assessments import PATIENT
from service.reader import read_object
from service.settings import CORES
from tests.benchmarks.cpu import seconds_of_cpu
from tests.benchmarks.patients import readme_request
from tests.benchmarks.served import Connection, Served, ask, collect_as_the_service_does, served

ROUNDS, REQUESTS, REPEATS, ROWS = 11, 40, 100, 120
PATHS = {"assessment": "/v1/assessments", "echo": "/echo"}
AS_OF = date(2026, 11, 22)
GROWTH = (1, 2, 4, 8)

Rounds = dict[str, list[list[float]]]


def main() -> None:
    """Print all measurements."""
    for workers in sorted({1, CORES}):
        with served(workers) as server:
            rounds, batches = _measure(server)
            _print_http(workers, server, rounds, batches)
    rule_set = rules.Library.open().active
    collect_as_the_service_does()
    _print_parts(rule_set)
    _print_growth("results", {times: (rule_set, readme_request(times)) for times in GROWTH})
    _print_growth("rules", {times: (_with_rules(rule_set, times), readme_request()) for times in GROWTH})


def _measure(server: Served) -> tuple[Rounds, list[float]]:
    """Seconds of every request by endpoint and round, and of a batch of rows in each round."""
    body, connection = readme_request(), server.connect()
    for path in PATHS.values():
        _ask(connection, path, body)
    rounds: Rounds = {name: [] for name in PATHS}
    batches = []
    for _ in range(ROUNDS):
        for name, path in PATHS.items():
            rounds[name].append(_ask(connection, path, body))
        batches.append(ask(connection, "/v1/assessments:batch", b"\n".join([body] * ROWS), "application/x-ndjson"))
    connection.close()
    return rounds, batches


def _ask(connection: Connection, path: str, body: bytes) -> list[float]:
    return [ask(connection, path, body) for _ in range(REQUESTS)]


def _print_http(workers: int, server: Served, rounds: Rounds, batches: list[float]) -> None:
    first, others = server.megabytes()
    click.echo(f"{workers} worker{'s'[: workers > 1]}, first answer {server.started_in:.1f} s after the start")
    click.echo(f"memory: first process {first:.0f} MB, each worker {max(others, default=0):.0f} MB of its own")
    click.echo(f"{'endpoint':<12}{'requests/s':>12}{'p50 ms':>10}{'p99 ms':>10}{'p99/p50':>10}")
    for name, taken in rounds.items():
        every = sorted(second for one in taken for second in one)
        p50, p99 = (every[int(len(every) * share)] * 1000 for share in (0.50, 0.99))
        click.echo(f"{name:<12}{len(every) / sum(every):>12.0f}{p50:>10.2f}{p99:>10.2f}{p99 / p50:>10.2f}")
    pairs = zip(rounds["echo"], rounds["assessment"], strict=True)
    _print_ratio("assessment / echo, requests/s", [sum(echo) / sum(real) for echo, real in pairs])
    middle = [statistics.median(echo) / statistics.median(real) for echo, real in zip(*_both(rounds), strict=True)]
    _print_ratio("the same by the median request of each round", middle)
    singles = zip(rounds["assessment"], batches, strict=True)
    many = [sum(single) / REQUESTS / (batch / ROWS) for single, batch in singles]
    _print_ratio("rows of NDJSON / single requests, documents/s", many)
    click.echo()


def _both(rounds: Rounds) -> tuple[list[list[float]], list[list[float]]]:
    return rounds["echo"], rounds["assessment"]


def _print_ratio(what: str, ratios: list[float]) -> None:
    low, high = min(ratios), max(ratios)
    click.echo(f"{what}: {statistics.median(ratios):.2f} (rounds from {low:.2f} to {high:.2f})")


def _print_parts(rule_set: RuleSet) -> None:
    body = readme_request()
    document = read_object(body, PATIENT)
    intake = schemas.load_patient(document, today=AS_OF)
    assessment = rules.assess(rule_set, intake.facts)
    rendered = schemas.render(assessment, intake)
    parts: dict[str, Callable[[], Any]] = {
        "reading JSON": lambda: read_object(body, PATIENT),
        "validation": lambda: schemas.load_patient(document, today=AS_OF),
        "rules": lambda: rules.assess(rule_set, intake.facts),
        "writing JSON": lambda: schemas.write(assessment, intake),
        "all of it": lambda: answer_of(body, rule_set),
        "(plain dict, then JSON)": lambda: orjson.dumps(schemas.render(assessment, intake)),
        "(JSON of the plain dict)": lambda: orjson.dumps(rendered),
    }
    click.echo(f"{'part of one patient':<28}{'µs of CPU (median)':>20}")
    for name, work in parts.items():
        click.echo(f"{name:<28}{seconds_of_cpu(work, REPEATS) * 1e6:>20.0f}")


def _print_growth(what: str, grown: dict[int, tuple[RuleSet, bytes]]) -> None:
    click.echo(f"\n{'times as many ' + what:<28}{'µs of CPU (median)':>20}{'against one':>14}")
    base = 0.0
    for times, (rule_set, body) in grown.items():
        taken = seconds_of_cpu(lambda rule_set=rule_set, body=body: answer_of(body, rule_set), REPEATS) * 1e6
        base = base or taken
        click.echo(f"{times:<28}{taken:>20.0f}{taken / base:>14.2f}")


def answer_of(body: bytes, rule_set: RuleSet) -> bytes:
    """What a door does with one document, without a door."""
    intake = schemas.load_patient(read_object(body, PATIENT), today=AS_OF)
    return schemas.write(rules.assess(rule_set, intake.facts), intake)


def _with_rules(rule_set: RuleSet, times: int) -> RuleSet:
    """The same set with every flag and recommendation there several times, each time under another name."""
    return replace(
        rule_set,
        flags=tuple(_renamed(rule, turn) for turn in range(times) for rule in rule_set.flags),
        recommendations=tuple(_renamed(rule, turn) for turn in range(times) for rule in rule_set.recommendations),
    )


def _renamed(rule: Any, turn: int) -> Any:
    name = f"-{turn}" if turn else ""
    return replace(rule, id=rule.id + name, then=replace(rule.then, id=rule.then.id + name))


if __name__ == "__main__":
    main()
