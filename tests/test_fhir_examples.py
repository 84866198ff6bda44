"""The examples of the FHIR door are answered as they say."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.fhir_examples import HERE, answer, answer_file, lasting, requests
from tests.fhir_reading import figures, resources
from tests.fhir_structure import faults


@pytest.mark.parametrize("request_file", requests(), ids=lambda path: path.stem)
def test_an_example_is_answered_as_it_says(client: FlaskClient, request_file: Path) -> None:
    given = answer(client, request_file)
    committed = answer_file(request_file).read_text(encoding="utf-8")
    assert lasting(given) == lasting(committed), "python -m tests.fhir_examples writes it anew"
    assert faults(json.loads(given)) == []


def test_every_answer_belongs_to_an_example() -> None:
    assert sorted(HERE.glob("*.answer.json")) == sorted(map(answer_file, requests()))


def answered(name: str) -> dict:
    return dict(json.loads((HERE / f"{name}.answer.json").read_bytes()))


def test_the_examples_show_what_they_are_for() -> None:
    assert figures(answered("low-b12"))["level"] == "confirmed"
    assert figures(answered("nothing-known"))["level"] == "undetermined"
    assert figures(answered("parameters"))["profile"] == "us-aafp"
    assert answered("no-birth-date")["resourceType"] == "OperationOutcome"
    [account] = resources(answered("ignored-result"), "OperationOutcome")
    assert [issue["expression"] for issue in account["issue"] if issue["severity"] == "warning"] == [
        ["Bundle.entry[2].resource"]
    ]
