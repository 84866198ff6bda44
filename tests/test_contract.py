"""The contract: what is committed is what the service does, and it can be read without any other host."""

import json
import re
import subprocess
import sys
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML

from service import create_app
from service.access.api_keys import hash_of
from service.contract import PAGE, contract_file
from service.names import path_of
from service.openapi.document import build_document, build_yaml
from service.openapi.operations import OPERATIONS
from service.serving.unread import refusal
from service.settings import Settings
from tests.hook_calls import call

ROOT = Path(__file__).parent.parent


@cache
def committed() -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(contract_file()))


def errors(document: Any, shape: dict[str, Any]) -> list[str]:
    """What is wrong with a document by a shape of the contract."""
    validator = Draft202012Validator({**shape, "components": committed()["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def answer_shape(path: str, method: str = "get") -> dict[str, Any]:
    return dict(committed()["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"])


def test_the_committed_contract_is_the_one_the_code_gives():
    assert contract_file().read_text(encoding="utf-8") == build_yaml(), "make openapi writes it anew"


def test_a_refused_example_never_gets_into_the_contract(monkeypatch, tmp_path):
    example = tmp_path / "patient.json"
    example.write_text("{}")
    monkeypatch.setattr("service.openapi.document.EXAMPLE", example)
    with pytest.raises(ValueError, match="answered with 422"):
        build_document()


def test_it_is_valid_openapi():
    assert list(OpenAPIV31SpecValidator(committed()).iter_errors()) == []


def test_every_example_of_a_parameter_is_of_something_that_exists(client):
    tried = 0
    for path, methods in committed()["paths"].items():
        parameters = [one for one in methods.get("get", {}).get("parameters", []) if one["in"] != "header"]
        examples = {parameter["name"]: parameter["example"] for parameter in parameters if "example" in parameter}
        if examples and len(examples) == len(parameters):
            query = {one["name"]: examples[one["name"]] for one in parameters if one["in"] == "query"}
            assert client.get(path.format(**examples), query_string=query).status_code == 200, path
            tried += 1
    assert tried >= 4


NAMES = {"version": "1.0.0", "rule_id": "b12-total-deficient", "source_id": "nice-ng239-2024", "to": "1.1.0"}
IDS = {
    "/fhir/CodeSystem": "fact",
    "/fhir/Library": "uk-nice-2.0.0",
    "/fhir/OperationDefinition": "assess",
    "/fhir/PlanDefinition": "uk-nice-2.0.0",
}
PROBLEMS = committed()["components"]["responses"]
KEY = "b12cds_" + "k" * 43
GETS = [path for path, methods in committed()["paths"].items() if "get" in methods]


@pytest.mark.parametrize("path", GETS)
def test_every_answer_with_an_etag_can_be_asked_for_again(client, path):
    responses = committed()["paths"][path]["get"]["responses"]
    asked = path.format(**NAMES, id_=IDS.get(path.rpartition("/")[0]))
    query = {"to": NAMES["to"]} if path.endswith("/diff") else None
    first = client.get(asked, query_string=query)
    assert first.status_code == 200
    assert ("ETag" in first.headers) == ("ETag" in responses["200"]["headers"]) == ("304" in responses)
    asks = [one["name"] for one in committed()["paths"][path]["get"]["parameters"] if one["in"] == "header"]
    assert asks == (["Request-Id", "If-None-Match"] if "304" in responses else ["Request-Id"])
    if "304" in responses:
        again = client.get(asked, query_string=query, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert set(responses["304"]["headers"]) <= set(again.headers.keys())


def test_some_answers_can_be_asked_for_again_and_some_cannot():
    lasting = ["304" in committed()["paths"][path]["get"]["responses"] for path in GETS]
    assert 10 < sum(lasting) < len(lasting)


def test_whoever_has_to_wait_is_told_how_long():
    said = {name: "Retry-After" in response["headers"] for name, response in PROBLEMS.items()}
    assert {name for name, waits in said.items() if waits} == {"Problem429", "Outcome429", "Problem503", "Outcome503"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    keys = tmp_path_factory.mktemp("keys") / "keys"
    keys.write_text(f"monitor {hash_of(KEY)} metrics\n")
    return create_app(Settings(api_keys=keys, refused_limit="2/hour")).test_client()


@pytest.mark.parametrize(("status", "sent"), [(403, f"Bearer {KEY}"), (401, ""), (429, "")])
def test_whoever_is_turned_away_gets_the_headers_and_the_shape_that_are_promised(guarded, status, sent):
    for path, kind in (("/v1/facts", "Problem"), ("/fhir/metadata", "Outcome")):
        response = guarded.get(path, headers={"Authorization": sent})
        assert response.status_code == status
        promised = PROBLEMS[f"{kind}{status}"]
        assert set(promised["headers"]) <= set(response.headers.keys())
        assert ("WWW-Authenticate" in promised["headers"]) == ("WWW-Authenticate" in response.headers)
        assert errors(response.get_json(force=True), promised["content"][response.content_type]["schema"]) == []


def test_whom_the_server_refuses_unread_is_told_as_promised():
    head, _, body = refusal(HTTPStatus.SERVICE_UNAVAILABLE, {}).decode().partition("\r\n\r\n")
    sent = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    for name in ("Problem503", "Outcome503"):
        assert set(PROBLEMS[name]["headers"]) <= set(sent)
        assert errors(json.loads(body), PROBLEMS[name]["content"][sent["Content-Type"]]["schema"]) == []


def test_every_reader_of_yaml_reads_the_same():
    assert yaml.safe_load(contract_file().read_text(encoding="utf-8")) == committed()


PARTS_OF_PAGES = {"docs.show_docs_part"}


def test_every_route_has_its_row_and_every_row_its_route(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("people.")}
    assert OPERATIONS.keys() == routes - PARTS_OF_PAGES | {"people.show_page"}


def test_it_has_every_route_and_no_other(app):
    routes = {path_of(rule) for rule in app.url_map.iter_rules() if rule.endpoint in OPERATIONS}
    assert set(committed()["paths"]) == routes


def test_every_operation_is_described():
    operations = [operation for path in committed()["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    for operation in operations:
        assert operation["summary"]
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert {"200", "405", "500"} <= set(operation["responses"])


def test_the_example_is_assessed_as_the_contract_shows(client):
    operation = committed()["paths"]["/v1/assessments"]["post"]
    request = operation["requestBody"]["content"]["application/json"]
    response = client.post("/v1/assessments", json=request["example"])
    assert response.status_code == 200
    assert response.get_json() == operation["responses"]["200"]["content"]["application/json"]["example"]
    assert errors(request["example"], request["schema"]) == []


def test_answers_have_the_shape_that_is_promised(post, patient, client):
    traced = post(patient, "/v1/assessments?trace=true").get_json()
    assert errors(traced, answer_shape("/v1/assessments", "post")) == []
    assert errors(client.get("/v1/facts").get_json(), answer_shape("/v1/facts")) == []
    assert errors(client.get("/v1/rule-sets").get_json(), answer_shape("/v1/rule-sets")) == []


def test_rules_and_evidence_have_the_shape_that_is_promised(client):
    rule_set = client.get("/v1/rule-sets/1.0.0").get_json()
    assert errors(rule_set, answer_shape("/v1/rule-sets/{version}")) == []
    for kind, path in (("rules", "rules/{rule_id}"), ("evidence", "evidence/{source_id}")):
        for entry in rule_set[kind]:
            document = client.get(f"/v1/rule-sets/1.0.0/{kind}/{entry['id']}").get_json()
            assert errors(document, answer_shape(f"/v1/rule-sets/{{version}}/{path}")) == []


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", "400"), (b"{}", "422"), (b'{"age": 1, "sex": "male", "x": 1}', "422")]
)
def test_problems_have_the_shape_that_is_promised(post, body, status):
    answer = committed()["components"]["responses"][f"Problem{status}"]["content"]["application/problem+json"]
    assert errors(post(body).get_json(force=True), answer["schema"]) == []


def test_so_has_that_of_a_hook_without_a_record(post):
    answer = committed()["components"]["responses"]["Problem412"]["content"]["application/problem+json"]
    response = post(call(None), "/cds-services/b12-patient-view")
    assert response.status_code == 412
    assert errors(response.get_json(force=True), answer["schema"]) == []


def test_the_contract_is_served_in_both_forms(client):
    response = client.get("/openapi.yaml")
    assert response.content_type == "application/yaml"
    assert response.data == contract_file().read_bytes()
    assert orjson.loads(client.get("/openapi.json").data) == committed()


def test_an_installed_service_serves_the_contract_it_was_packed_with(monkeypatch, tmp_path):
    assert contract_file() == ROOT / "openapi.yaml"
    monkeypatch.setattr("service.shipped.HERE", tmp_path)
    (tmp_path / "openapi.yaml").touch()
    assert contract_file() == tmp_path / "openapi.yaml"


def test_the_page_needs_no_other_host(client):
    page = client.get("/docs")
    assert page.content_type == "text/html; charset=utf-8"
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    ours = [page.text, (PAGE / "start.js").read_text(encoding="utf-8")]
    assert not re.search(r"(https?:)?//", "".join(ours))
    for part in re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text):
        response = client.get(f"/{part}")
        assert response.status_code == 200
        assert response.mimetype == ("text/css" if part.endswith(".css") else "text/javascript")


def test_serving_needs_nothing_that_only_development_does():
    program = "import sys, service.wsgi, service.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert "service.wsgi" in loaded
    assert not loaded & {"apispec", "pytest", "jsonschema", "yaml", "service.openapi"}


def test_the_example_patient_is_plain_json():
    assert json.loads((ROOT / "examples" / "patient.json").read_bytes())["age"] == 67
