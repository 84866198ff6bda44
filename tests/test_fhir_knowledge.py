"""What the FHIR door can do and rests on, read through the real client and as R4 says."""

import json
from importlib.metadata import version
from typing import Any

import pytest
from flask.testing import FlaskClient

from rules import Library
from rules.model import When
from schemas.fhir_answer.knowledge import in_words
from tests.fhir_structure import faults

Part = dict[str, Any]

ACTIVE = Library.open().active
KNOWN = f"uk-nice-{ACTIVE.manifest.version}"
NAMED = ("likelihood", "flag", "recommendation", "condition", "cause", "fact", "stance", "severity")


def read(client: FlaskClient, path: str) -> Part:
    response = client.get(f"/fhir/{path}")
    assert response.status_code == 200, response.text
    assert response.content_type == "application/fhir+json"
    assert response.headers["Rule-Set-Version"]
    document = dict(response.get_json(force=True))
    assert faults(document) == []
    return document


def ids(client: FlaskClient, kind: str) -> list[str]:
    """Those that exist, as a wrong id is answered."""
    [issue] = client.get(f"/fhir/{kind}/none").get_json(force=True)["issue"]
    return str(issue["details"]["text"]).partition("accepted: ")[2].split(", ")


def test_the_capability_statement_claims_what_is_there_and_no_more(client: FlaskClient) -> None:
    [rest] = read(client, "metadata")["rest"]
    assert [operation["name"] for operation in rest["operation"]] == ["assess"]
    assert "interaction" not in rest
    for kind in rest["resource"]:
        assert kind["interaction"] == [{"code": "read"}]
        for id_ in ids(client, kind["type"]):
            assert read(client, f"{kind['type']}/{id_}")["id"] == id_


def test_the_operation_is_named_as_the_capability_statement_says(client: FlaskClient) -> None:
    [rest] = read(client, "metadata")["rest"]
    operation = read(client, "OperationDefinition/assess")
    assert operation["url"] == rest["operation"][0]["definition"]
    assert (operation["code"], operation["affectsState"], operation["system"]) == ("assess", False, True)


def test_every_door_names_the_version_of_the_package(client: FlaskClient) -> None:
    known = version("b12cds")
    assert read(client, "metadata")["software"]["version"] == known
    assert read(client, "OperationDefinition/assess")["version"] == known
    assert {one["version"] for one in client.get("/cds-services").get_json()["services"]} == {known}
    assert client.get("/openapi.json").get_json()["info"]["version"] == known


@pytest.mark.parametrize("profile", sorted(ACTIVE.by_profile))
def test_every_rule_of_every_profile_is_in_its_plan(client: FlaskClient, profile: str) -> None:
    under = ACTIVE.under(profile)
    plan = read(client, f"PlanDefinition/{profile}-{under.manifest.version}")
    found = [action["title"] for part in plan["action"] for action in part["action"]]
    assert found == [rule.title for rule in under.rules.values()]
    assert (plan["url"], plan["version"]) == (f"urn:b12cds:rule-set:{profile}", under.manifest.version)
    assert plan["identifier"] == [{"system": "urn:b12cds:digest", "value": under.digest}]
    assert under.manifest.notice in plan["description"]
    assert all(action["documentation"] for part in plan["action"] for action in part["action"])


def test_a_plan_says_that_it_is_not_applied_and_names_its_library(client: FlaskClient) -> None:
    plan = read(client, f"PlanDefinition/{KNOWN}")
    assert "$apply is not offered" in plan["usage"]
    library = read(client, f"Library/{KNOWN}")
    assert plan["library"] == [f"{library['url']}|{library['version']}"]


def test_a_library_has_every_source_and_the_codes_of_what_is_read(client: FlaskClient) -> None:
    library = read(client, f"Library/{KNOWN}")
    assert [source["label"] for source in library["relatedArtifact"]] == list(ACTIVE.sources)
    asked = {one["code"] for need in library["dataRequirement"] for one in need["codeFilter"][0]["code"]}
    assert {"2132-9", "13964-2", "mma"} <= asked
    kinds = {need["type"] for need in library["dataRequirement"]}
    assert kinds == {"Observation", "Condition", "Procedure", "MedicationStatement"}


@pytest.mark.parametrize("name", NAMED)
def test_a_code_system_has_the_words_that_answers_use(client: FlaskClient, name: str) -> None:
    system = read(client, f"CodeSystem/{name}")
    assert system["url"] == f"urn:b12cds:{name}"
    codes = [concept["code"] for concept in system["concept"]]
    assert len(set(codes)) == len(codes)
    wanted = {"likelihood": "confirmed", "flag": "peripheral_neurology", "fact": "mma", "severity": "emergency"}
    assert wanted.get(name, codes[0]) in codes


def test_conditions_are_put_into_words() -> None:
    finding = ACTIVE.findings["b12_total_deficient"]
    when = When(all=(finding,), any=(finding, finding), at_least=2, unless=(finding,))
    label = finding.label
    assert in_words(when) == f"all: {label}; at least 2: {label} / {label}; unless known to be: {label}"
    assert in_words(When(any=(finding,), none=(finding,))) == f"any: {label}; none known to be: {label}"


def test_nothing_changes_between_releases_so_a_client_may_keep_it(client: FlaskClient) -> None:
    first = client.get(f"/fhir/Library/{KNOWN}")
    again = client.get(f"/fhir/Library/{KNOWN}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["metadata?x=1", f"Library/{KNOWN}?_format=xml", "CodeSystem/fact?_summary=true"])
def test_unknown_parameters_are_refused(client: FlaskClient, path: str) -> None:
    response = client.get(f"/fhir/{path}")
    assert response.status_code == 422
    assert faults(json.loads(response.data)) == []


def test_what_there_is_not_is_named_in_good_english(client: FlaskClient) -> None:
    response = client.get("/fhir/OperationDefinition/zzzz")
    assert "is not an operation of this service" in response.text
