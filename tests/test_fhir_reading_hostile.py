"""Whatever a document holds, the mapper answers: nothing is raised, and the report has a line for each resource."""

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from schemas import Problem, Refused, load_patient
from schemas.fhir import Mapped, load_records, map_records, patients, records_of_bundle
from tests.summaries import TODAY
from tests.test_summary_laws import ANYTHING

DATA = Path(__file__).parent / "data" / "fhir"
RICH = json.loads((DATA / "rich.json").read_text(encoding="utf-8"))
PATIENT, PRODUCT = RICH["entry"][0], RICH["entry"][14]
MARKER = "Zq7x"
WRONG: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        1e300,
        10**400,
        "",
        MARKER,
        "\x00",
        "9" * 5000,
        "2026-02-30",
        "9999-12-31",
        "0001-01-01T00:00:00+14:00",
    ),
    *(
        [],
        [None],
        [[[]]],
        [MARKER],
        [5],
        {},
        {MARKER: MARKER},
        {"coding": MARKER},
        {"coding": [[MARKER]]},
        {"value": {}},
    ),
    *({"reference": MARKER}, {"start": MARKER, "end": 5}, [{"resourceType": "Bundle", "entry": [MARKER]}]),
]
Place = tuple[Any, ...]


def places(node: Any, place: Place = ()) -> Iterator[Place]:
    """Every place of a document, itself first."""
    yield place
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inside in members:
        yield from places(inside, (*place, key))


def replaced(document: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    key, *rest = place
    changed = copy(document)
    changed[key] = replaced(document[key], tuple(rest), value)
    return changed


def mapped(document: object) -> Mapped:
    records = records_of_bundle(document)
    of_type = [record.path for record in records.listed if record.type == "Patient"]
    assert [patient.path for patient in patients(document)] == of_type
    found = map_records(records, today=TODAY)
    assert [line.path for line in found.report] == [record.path for record in records.listed]
    assert all(line.used_as or line.reason for line in found.report)
    if found.problem is None:
        load_patient(found.summary, today=TODAY)
    return found


def test_all_of_the_rich_document_is_used_or_explained() -> None:
    found = mapped(RICH)
    unused = {line.path: line.reason for line in found.report if not line.used_as}
    assert set(unused) == {
        *("entry[14].resource", "entry[18].resource", "entry[19].resource.entry[0].resource", "entry[20].resource"),
    }
    assert len(found.summary["labs"]) == 6


@pytest.mark.parametrize("value", WRONG, ids=range(len(WRONG)))
def test_a_wrong_value_at_any_level_is_survived(value: Any) -> None:
    for entry in RICH["entry"]:
        for place in places(entry):
            mapped({**RICH, "entry": [PATIENT, replaced(entry, place, value), PRODUCT]})


@settings(deadline=None, max_examples=100)
@given(ANYTHING)
def test_anything_at_all_is_survived(document: object) -> None:
    mapped(document)
    mapped({"resourceType": "Bundle", "entry": [{"resource": document}]})


BARE_PATIENT = {"resourceType": "Patient"}


def refused(document: object) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_records(records_of_bundle(document), today=TODAY)
    return list(refusal.value.problems)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"resourceType": "Bundle"}, ""),
        ({"resourceType": "Bundle", "entry": MARKER}, ""),
        ({"resourceType": "Bundle", "entry": [{"resource": {"id": MARKER}}]}, ""),
        (BARE_PATIENT, "birthDate"),
        (
            {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]},
            "entry[0].resource.birthDate",
        ),
        ({"resourceType": "Patient", "birthDate": MARKER}, "birthDate"),
        ({"resourceType": "Patient", "birthDate": "2027-01-01"}, "birthDate"),
        ({"resourceType": "Patient", "birthDate": "1850"}, "birthDate"),
    ],
)
def test_without_an_age_there_is_one_problem_that_names_the_place(document: object, path: str) -> None:
    (problem,) = refused(document)
    assert problem.path == path
    assert MARKER not in problem.message + "".join(problem.accepted)


def nested(depth: int) -> Any:
    bundle: Any = {"resourceType": "Observation", "code": {"text": "Ferritin"}}
    for _ in range(depth):
        bundle = {"resourceType": "Bundle", "entry": [{"resource": bundle}]}
    return bundle


@pytest.mark.parametrize("depth", [1, 4, 5, 500])
def test_bundles_inside_bundles_are_followed_a_few_levels(depth: int) -> None:
    (line,) = mapped(nested(depth)).report
    assert line.resource_type == ("Observation" if depth <= 4 else "")


def test_references_that_go_round_in_a_circle_are_survived() -> None:
    product = {
        "resourceType": "Medication",
        "id": "m",
        "ingredient": [{"itemReference": {"reference": "Medication/m"}}],
    }
    use = {"resourceType": "MedicationStatement", "medicationReference": {"reference": "Medication/m"}}
    itself = {"resourceType": "Observation", "id": "o", "hasMember": [{"reference": "Observation/o"}]}
    found = mapped({**RICH, "entry": [PATIENT, *({"resource": one} for one in (product, use, itself))]})
    assert all(not line.used_as for line in found.report[1:])


def test_ten_thousand_entries_are_read() -> None:
    many = [{"resource": {**RICH["entry"][1]["resource"], "id": str(place)}} for place in range(10_000)]
    found = mapped({**RICH, "entry": [PATIENT, *many]})
    assert len(found.report) == 10_001
    assert [line.reason for line in found.report[2:4]] == ["repeats entry[1].resource"] * 2


def test_a_birth_date_that_is_none_is_told_in_the_account() -> None:
    found = mapped({**RICH, "entry": [{"resource": {"resourceType": "Patient", "birthDate": "soon"}}]})
    assert found.report[0].reason
    assert found.report[0].reason.startswith("birthDate ")


def test_a_condition_that_stands_twice_counts_once() -> None:
    one = {"resource": {"resourceType": "Condition", "code": {"text": "Celiac disease"}}}
    found = mapped({**RICH, "entry": [PATIENT, one, one]})
    assert found.report[2].reason == "repeats entry[1].resource"


def test_a_mixture_without_vitamins_is_each_of_its_medicines() -> None:
    mixture = {"itemCodeableConcept": {"text": "Metformin"}}, {"itemCodeableConcept": {"text": "Omeprazole"}}
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "contained": [{"resourceType": "Medication", "id": "mixture", "ingredient": list(mixture)}],
        "medicationReference": {"reference": "#mixture"},
    }
    found = mapped({**RICH, "entry": [PATIENT, {"resource": request}]})
    assert sorted(medicine["name"] for medicine in found.summary["medications"]) == ["metformin", "omeprazole"]
