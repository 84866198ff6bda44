"""Bad requests at the doors of EHRs, one a line of `data/bad_inputs_ehr.jsonl`: FHIR, CDS Hooks, and its feedback.

The word `Zebedee4711` stands in each wherever a client can say something of its own.
"""

import json
import logging
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.cds_hooks.services import SERVICES
from tests.bad_inputs import Row, body_of, corpus, send
from tests.fhir_structure import faults

MARK = "Zebedee4711"
ROWS = corpus("bad_inputs_ehr")
DOORS = ("/fhir/$assess", *(f"/cds-services/{name}" for name in SERVICES), "/cds-services/b12-patient-view/feedback")


def outcome_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong according to an OperationOutcome."""
    assert document["resourceType"] == "OperationOutcome"
    assert faults(document) == []
    return [{"path": issue.get("expression"), "message": issue["details"]["text"]} for issue in document["issue"]]


def problems_of(response: Any, row: Row) -> list[dict[str, Any]]:
    """What is wrong, whichever shape the door says it in."""
    document = json.loads(response.data)
    if row["path"].startswith("/fhir/"):
        assert response.content_type == "application/fhir+json"
        return outcome_of(document)
    assert response.content_type == "application/problem+json"
    assert document["status"] == row["status"]
    assert document["instance"] == response.headers["Request-Id"]
    return list(document["errors"])


def test_the_corpus_is_whole() -> None:
    assert len(ROWS) == len({row["id"] for row in ROWS}) == len({row["description"] for row in ROWS}) == 496
    assert sum(row["level"] == "must" for row in ROWS) == 495
    assert all(400 <= row["status"] < 500 for row in ROWS)
    assert all(("policy" in row) == (row["level"] == "policy") for row in ROWS)
    sent = Counter(row["path"].partition("?")[0] for row in ROWS)
    assert all(sent[door] > 5 for door in DOORS)
    assert sum(MARK in str(row) for row in ROWS) > 350


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_it_is_refused_and_nothing_of_it_comes_back(client: FlaskClient, caplog: Any, capfd: Any, row: Row) -> None:
    with caplog.at_level(logging.DEBUG):
        response = send(client, row)
    assert response.status_code == row["status"], f"{row['description']}: {row['why']}"
    assert 1 <= len(problems_of(response, row)) <= 20
    assert len(response.data) < 10_000
    assert MARK not in response.text + str(response.headers) + caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("door", DOORS)
def test_what_is_bent_is_sound_before(client: FlaskClient, door: str) -> None:
    """The rows with a wrong method hold a sound document, so what the others are refused for is their own fault."""
    for row in ROWS:
        if row["category"] == "method" and row["path"] == door:
            assert send(client, {**row, "method": "POST"}).status_code == 200
            assert MARK in body_of(row).decode()
