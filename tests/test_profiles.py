"""The published pathways for total B12 disagree exactly where they are published to, and the service says why."""

import pytest
from flask.testing import FlaskClient

PROFILES = ("uk-nice", "us-aafp", "mayo", "labcorp", "arup")
# Total B12 in ng/L from here on: the level under each profile, in the order above.
PATHWAYS = {
    50: "confirmed confirmed confirmed confirmed confirmed",
    100: "confirmed confirmed confirmed confirmed possible",
    150: "confirmed confirmed possible confirmed possible",
    180: "possible possible possible confirmed possible",
    200: "possible possible possible possible possible",
    351: "unlikely unlikely possible possible possible",
    401: "unlikely unlikely unlikely unlikely unlikely",
    451: "",
}
LOWEST, HIGHEST = 50, 450


def published(value: int) -> list[str]:
    return PATHWAYS[max(start for start in PATHWAYS if start <= value)].split()


def compare(client: FlaskClient, **said: object) -> dict[str, object]:
    response = client.post("/v1/assessments:compare", json={"age": 50, "sex": "male", **said})
    assert response.status_code == 200
    assert response.headers["Rule-Set-Version"] == "4.0.0"
    answer: dict[str, object] = response.get_json()
    return answer


def total_b12(value: int, unit: str) -> dict[str, object]:
    return {"labs": [{"test": "b12_total", "value": value, "unit": unit}]}


BOUNDARIES = sorted(
    {LOWEST, HIGHEST, *(near for start in PATHWAYS for near in (start - 1, start) if 50 <= near <= 450)}
)


@pytest.mark.parametrize("unit", ["ng/L", "pg/mL"])
@pytest.mark.parametrize("value", BOUNDARIES)
def test_each_boundary_is_as_published(client: FlaskClient, value: int, unit: str) -> None:
    answer = compare(client, **total_b12(value, unit))
    levels = {profile["profile"]: profile["likelihood"]["level"] for profile in answer["profiles"]}
    assert levels == dict(zip(PROFILES, published(value), strict=True))


def test_they_disagree_exactly_from_100_to_199_and_from_351_to_400(client: FlaskClient) -> None:
    values = range(LOWEST, HIGHEST + 1, 7)
    disagreed = [value for value in values if not compare(client, **total_b12(value, "ng/L"))["agree"]]
    assert disagreed == [value for value in values if 100 <= value <= 199 or 351 <= value <= 400]


def test_the_fact_that_makes_them_differ_is_named_with_the_limit_of_each(client: FlaskClient) -> None:
    answer = compare(client, **total_b12(190, "pg/mL"))
    assert answer["levels"] == ["possible", "confirmed"]
    deficient = next(one for one in answer["differs_by"] if "deficient" in one["label"].lower() or one["value"])
    assert (deficient["fact"], deficient["value"]) == ("b12_total", "190 pg/mL")
    holds = {profile["profile"]: profile["holds"] for profile in deficient["profiles"]}
    assert holds == {"uk-nice": "false", "us-aafp": "false", "mayo": "false", "labcorp": "true", "arup": "false"}
    assert all(profile["citations"] for profile in deficient["profiles"])


def test_profiles_that_agree_name_nothing(client: FlaskClient) -> None:
    answer = compare(client, symptoms=["joint_pain"])
    assert (answer["agree"], answer["levels"], answer["differs_by"]) == (True, ["undetermined"], [])


def test_the_profiles_can_be_listed_and_asked_for(client: FlaskClient) -> None:
    listed = client.get("/v1/rule-sets/4.0.0/profiles").get_json()["profiles"]
    assert [profile["id"] for profile in listed] == list(PROFILES)
    patient = {"age": 50, "sex": "male", **total_b12(190, "ng/L")}
    answer = client.post("/v1/assessments?profile=labcorp", json=patient).get_json()
    assert answer["rule_set"]["profile"] == "labcorp"
    assert answer["likelihood"]["level"] == "confirmed"
