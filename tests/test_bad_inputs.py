"""Bad requests, one a line of `data/bad_inputs.jsonl`, each sent whole through the service."""

import json
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from rules import catalogue
from tests.bad_inputs import Row, body_of, corpus, send

ROWS = corpus("bad_inputs")
REFUSED = [row for row in ROWS if row["status"] >= 400]
ACCEPTED = [row for row in ROWS if row["status"] < 400]
CONTRACT_WORDS = {"patient", "symptoms", "medications", "pregnant", "positive", "value", "hemoglobin"}


def markers(row: Row) -> Iterator[str]:
    """What only the client can have said: words and numbers of the body that are not the contract's own."""
    text = body_of(row).decode("utf-8", "replace")
    ours = {name for fact in catalogue() for name in (fact.code, *fact.aliases, *fact.units)} | CONTRACT_WORDS
    for word in set(re.findall(r"[^\s\"'{}\[\]:,]{5,}|(?<![\w.])\d{3,}", text)):
        if word not in ours:
            yield word


def test_the_corpus_is_whole() -> None:
    assert len(ROWS) == len({row["id"] for row in ROWS}) == 153
    assert sum(row["level"] == "must" for row in ROWS) == 139
    assert all(400 <= row["status"] < 500 for row in ROWS if row["level"] == "must")
    assert all(("policy" in row) == (row["level"] == "policy") for row in ROWS)


@pytest.mark.parametrize("row", REFUSED, ids=[row["id"] for row in REFUSED])
def test_bad_input_is_refused(client: FlaskClient, row: Row) -> None:
    response = send(client, row)
    assert response.status_code == row["status"], f"{row['description']}: {row['why']}"
    assert response.content_type == "application/problem+json"
    assert len(response.data) < 10_000
    problem = json.loads(response.data)
    assert problem.keys() == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["status"] == row["status"]
    assert response.headers["Request-Id"] == problem["instance"]
    assert 1 <= len(problem["errors"]) <= 20
    assert all({"path", "message"} <= error.keys() <= {"path", "message", "accepted"} for error in problem["errors"])


@pytest.mark.parametrize("row", REFUSED, ids=[row["id"] for row in REFUSED])
def test_nothing_sent_comes_back(client: FlaskClient, row: Row) -> None:
    problem = json.loads(send(client, row).data)
    said = json.dumps([problem["title"], problem["detail"], problem["errors"]], ensure_ascii=False)
    assert [marker for marker in markers(row) if re.search(rf"(?<!\w){re.escape(marker)}(?!\w)", said)] == []


@pytest.mark.parametrize("row", ACCEPTED, ids=[row["id"] for row in ACCEPTED])
def test_input_that_others_refuse_is_accepted(client: FlaskClient, row: Row) -> None:
    response = send(client, row)
    assert response.status_code == row["status"], row["policy"]
    assert response.content_type == "application/json"
