"""The profile an operator sets answers at every door, unless a request asks for another."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import create_app
from service.settings import Settings
from service.unfit import Unfit
from tests.hook_calls import b12, bundle, call, patient, prefetch

# Deficient below 180 ng/L in the one, below 200 in the other.
B12 = 190
SUMMARY = {"age": 69, "sex": "female", "labs": [{"test": "b12_total", "value": B12, "unit": "ng/L"}]}
VIEW = "/cds-services/b12-patient-view"


@pytest.fixture(scope="module")
def elsewhere() -> FlaskClient:
    return create_app(Settings(profile="labcorp")).test_client()


def assessed(client: FlaskClient, query: str = "") -> dict[str, Any]:
    return dict(client.post(f"/v1/assessments{query}", json=SUMMARY).get_json())


def test_it_answers_json(client: FlaskClient, elsewhere: FlaskClient) -> None:
    answers = [assessed(one) for one in (client, elsewhere)]
    assert [one["rule_set"]["profile"] for one in answers] == ["uk-nice", "labcorp"]
    assert [one["likelihood"]["level"] for one in answers] == ["possible", "confirmed"]


def test_a_request_may_ask_for_another(elsewhere: FlaskClient) -> None:
    assert assessed(elsewhere, "?profile=uk-nice")["rule_set"]["profile"] == "uk-nice"


def test_a_rule_set_without_it_answers_under_its_own(elsewhere: FlaskClient) -> None:
    assert assessed(elsewhere, "?rule_set=1.0.0")["rule_set"]["profile"] == "uk-nice"


def test_it_answers_batches(elsewhere: FlaskClient) -> None:
    [row] = elsewhere.post("/v1/assessments:batch", json=[SUMMARY]).get_json()
    assert row["assessment"]["rule_set"]["profile"] == "labcorp"


def test_it_answers_fhir(client: FlaskClient, elsewhere: FlaskClient) -> None:
    document = bundle(patient(), b12(B12))
    levels = [_level(one.post("/fhir/$assess", json=document).get_json()) for one in (client, elsewhere)]
    assert levels == ["possible", "confirmed"]


def _level(answer: dict[str, Any]) -> str:
    [parameters] = [one["resource"] for one in answer["entry"] if one["resource"]["resourceType"] == "Parameters"]
    return next(one["valueCode"] for one in parameters["parameter"] if one["name"] == "level")


def test_it_decides_what_cards_say(client: FlaskClient, elsewhere: FlaskClient) -> None:
    sent = call(prefetch(b12(B12)))
    said = [json.dumps(one.post(VIEW, json=sent).get_json()) for one in (client, elsewhere)]
    assert ["confirmed deficiency" in one for one in said] == [False, True]


@pytest.mark.parametrize("path", ["/", "/rule-sets/4.0.0"])
def test_the_pages_show_it(elsewhere: FlaskClient, path: str) -> None:
    assert (
        'labcorp" selected' in elsewhere.get(path).text or '?profile=labcorp" aria-current' in elsewhere.get(path).text
    )


def test_an_unknown_one_stops_the_start_and_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("B12CDS_PROFILE", "us-nice")
    with pytest.raises(Unfit, match=r"B12CDS_PROFILE.*: .* it has uk-nice, .*labcorp"):
        create_app()
