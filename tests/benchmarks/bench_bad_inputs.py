"""How long the slowest bad inputs take to be refused, and a long record to be assessed, beside reading plain JSON.

    make bench

In process, in CPU. The corpora are those that the tests send; beside each of the slowest stands how long Python's own
reader, which refuses nothing, takes for the same bytes. Then a Bundle of results grows to its limit.
"""

import json
import time
from contextlib import suppress

import click
from flask.testing import FlaskClient

from service import create_app
from service.settings import Settings
from tests.bad_inputs import Row, body_of, corpus, send_body
from tests.benchmarks.cpu import seconds_of_cpu
from tests.benchmarks.served import collect_as_the_service_does
from tests.hook_calls import b12, bundle, patient, result

CORPORA = ("bad_inputs", "bad_inputs_ehr")
GOAL_MS, REPEATS, SHOWN = 50, 5, 8
MEGABYTE = 1024 * 1024
MEGABYTES = (1, 4, 15.9)


def main() -> None:
    """Print both measurements."""
    client = create_app(Settings(log_level="critical")).test_client()
    collect_as_the_service_does()
    _print_slowest(client, [row for name in CORPORA for row in corpus(name)])
    _print_growth(client)


def _print_slowest(client: FlaskClient, rows: list[Row]) -> None:
    taken = {row["id"]: _milliseconds(client, row) for row in rows}
    slowest = sorted(rows, key=lambda row: -taken[row["id"]])[:SHOWN]
    click.echo(f"{len(rows)} bad inputs; the slowest:")
    click.echo(f"{'id':<8}{'KiB':>8}{'ms of CPU':>12}{'plain JSON':>12}  what")
    for row in slowest:
        body = body_of(row)
        plain = seconds_of_cpu(lambda body=body: _read_plainly(body), REPEATS) * 1000
        head = f"{row['id']:<8}{len(body) / 1024:>8.0f}{taken[row['id']]:>12.1f}{plain:>12.1f}"
        click.echo(f"{head}  {row['description']}")
    beyond = sum(one > GOAL_MS for one in taken.values())
    click.echo(f"{beyond} of them beyond the {GOAL_MS} ms aimed at\n")


def _milliseconds(client: FlaskClient, row: Row) -> float:
    """What it costs to be refused; a body that is described by its parts is put together beforehand."""
    body = body_of(row)
    return seconds_of_cpu(lambda: send_body(client, row, body), REPEATS) * 1000


def _print_growth(client: FlaskClient) -> None:
    click.echo(f"{'Bundle of MiB':<16}{'ms of CPU':>12}{'plain JSON':>12}")
    for megabytes in MEGABYTES:
        body = _record(int(megabytes * MEGABYTE))
        start = time.process_time()
        answer = client.post("/fhir/$assess", data=body, content_type="application/fhir+json")
        taken = (time.process_time() - start) * 1000
        plain = seconds_of_cpu(lambda body=body: _read_plainly(body), REPEATS) * 1000
        click.echo(f"{megabytes:<16}{taken:>12.0f}{plain:>12.0f}")
        if answer.status_code != 200:
            raise RuntimeError(f"a record was answered {answer.status_code}")


def _record(size: int) -> bytes:
    """A patient with the same result again and again, in a document of that size."""
    one = json.dumps({"resource": result("718-7", 10.2, "g/dL", "2020-01-01")}).encode()
    head = json.dumps(bundle(patient(), b12())).encode()[:-2]
    return head + b"".join(b", " + one for _ in range((size - len(head)) // (len(one) + 2))) + b"]}"


def _read_plainly(body: bytes) -> None:
    with suppress(ValueError, RecursionError):
        json.loads(body)


if __name__ == "__main__":
    main()
