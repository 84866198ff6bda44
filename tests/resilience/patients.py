"""Patients to post and the answer each must get, worked out without a server."""

from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import orjson
from flask.testing import FlaskClient

from service import create_app
from service.settings import Settings

PANEL = Path(__file__).parents[1] / "data" / "panel.ndjson"


@dataclass(frozen=True)
class Case:
    """One request and what answers it: a status, and a body that is the same for everybody but for the request id."""

    body: bytes
    status: int
    answer: bytes

    def is_answered_by(self, body: bytes, name: str) -> bool:
        return body == self.answer.replace(b"NAME", name.encode())


@cache
def cases(number: int = 40) -> tuple[Case, ...]:
    """Different patients with different answers, a few that are refused among them."""
    with PANEL.open("rb") as lines:
        bodies = [_dated(line) for line in islice(lines, number)]
    refused = (b'{"age": 54}', b'{"age": 54, "age": 4, "sex": "male"}')
    return tuple(case_of(body) for body in (*bodies, *refused))


def case_of(body: bytes) -> Case:
    """One request with its answer, as this code gives it."""
    headers = {"Content-Type": "application/json", "Request-Id": "NAME"}
    answer = _client().post("/v1/assessments", data=body, headers=headers)
    return Case(body, answer.status_code, answer.data)


@cache
def _client() -> FlaskClient:
    return create_app(Settings(log_level="error")).test_client()


def _dated(line: bytes) -> bytes:
    return orjson.dumps({"as_of": "2026-11-22", **orjson.loads(line)})
