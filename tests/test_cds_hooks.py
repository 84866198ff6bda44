"""CDS Hooks over HTTP: what an EHR sends, what it gets, and what it is told when that cannot be."""

import json
import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.truth import Truth
from schemas.cds_hooks.answer import CardsSchema
from schemas.cds_hooks.chart import ChartPart, read_chart
from schemas.cds_hooks.services import NEEDED, PREFETCH, SERVICES
from service import create_app
from service.settings import Settings
from tests.hook_calls import (
    FOLIC_ACID,
    METFORMIN,
    OMEPRAZOLE,
    b12,
    bundle,
    call,
    concept,
    condition,
    drafted,
    lab_order,
    medicine,
    order_call,
    patient,
    prefetch,
    result,
)
from tests.summaries import TODAY
from tests.test_contract import answer_shape, committed, errors
from tests.test_http import problem

VIEW = "/cds-services/b12-patient-view"
SECRET = "Zebedee-4711"  # noqa: S105  # what a patient must be able to trust us with
OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
ORDER_HOOKS = ["order-select", "order-sign"]


@pytest.fixture
def view(post):
    def view(record: Any, **changes: Any) -> Any:
        return post({**call(record), **changes}, VIEW)

    return view


@pytest.fixture
def order(post):
    def order(hook: str, record: dict[str, Any], *drafts: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
        response = post(order_call(hook, record, *drafts, **options), f"/cds-services/b12-{hook}")
        assert response.status_code == 200, response.text
        return list(response.get_json()["cards"])

    return order


def shown(cards: list[dict[str, Any]]) -> str:
    return "\n".join(card["detail"] for card in cards)


# Discovery


def test_there_are_three_services_each_with_an_id_of_its_own(client):
    services = client.get("/cds-services").get_json()["services"]
    assert {service["id"]: service["hook"] for service in services} == {
        "b12-patient-view": "patient-view",
        "b12-order-select": "order-select",
        "b12-order-sign": "order-sign",
    }
    for service in services:
        assert all(isinstance(part, str) and part for name, part in service.items() if name != "prefetch")
        assert {"title", "description", "version", "usageRequirements"} <= set(service)


def test_prefetch_asks_for_four_parts_with_plain_tokens_and_the_recommended_subset_of_search(client):
    for service in client.get("/cds-services").get_json()["services"]:
        assert list(service["prefetch"]) == ["patient", "labs", "conditions", "medications"]
        for query in service["prefetch"].values():
            assert query.replace("{{context.patientId}}", "").count("{{") == 0
            parameters = query.partition("?")[2].split("&") if "?" in query else []
            names = {parameter.partition("=")[0] for parameter in parameters}
            assert names <= {"patient", "category", "_sort", "_count"}


def test_discovery_has_nothing_of_what_clients_of_2_0_may_not_know(client):
    text = client.get("/cds-services").text
    assert "systemActions" not in text
    assert "actionSelectionBehavior" not in text


def test_discovery_is_kept_by_clients(client):
    first = client.get("/cds-services")
    assert client.get("/cds-services", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


# A record that is opened


def test_a_low_b12_gives_a_card(view):
    response = view(prefetch(b12()))
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Rule-Set-Version"] == "4.0.0"
    (card,) = response.get_json()["cards"]
    assert card["indicator"] == "warning"
    assert "142 pg/mL (limit 180" in card["detail"]
    assert set(response.get_json()) == {"cards"}


def test_nothing_to_say_is_no_cards_and_never_an_error(view):
    assert view(prefetch(b12(520))).get_json() == {"cards": []}
    assert view(prefetch()).get_json() == {"cards": []}


def test_the_same_call_gives_the_same_answer(view):
    assert view(prefetch(b12())).data == view(prefetch(b12())).data


def test_parts_of_a_call_that_are_not_known_are_left_alone(view):
    response = view({**prefetch(b12()), "mystery": None}, extension={"com.example.x": 1}, workflow="unknown")
    assert response.status_code == 200


def test_cards_have_the_shape_that_is_promised(view, post, client):
    """Beyond the contract: nothing is in a card that the contract does not name."""
    assert errors(client.get("/cds-services").get_json(), answer_shape("/cds-services")) == []
    shape = answer_shape("/cds-services/{service_id}", "post")
    for record in (prefetch(), prefetch(b12()), prefetch(b12(), condition("386033004", "Neuropathy"))):
        answer = view(record).get_json()
        assert errors(answer, shape) == []
        assert CardsSchema().validate(answer) == {}
    sent = committed()["paths"]["/cds-services/{service_id}"]["post"]["requestBody"]["content"]["application/json"]
    assert errors(call(prefetch(b12())), sent["schema"]) == []


# What was sent of the record


@pytest.mark.parametrize(
    ("parts", "path"), [({"labs": "Zq7x"}, "prefetch.labs"), ({"labs": []}, "prefetch.labs"), ({"Zq7x": 1}, "prefetch")]
)
def test_a_part_that_is_no_resource_is_named_when_it_was_asked_for(view, parts, path):
    response = view(prefetch(**parts))
    assert [error["path"] for error in response.get_json(force=True)["errors"]] == [path]
    assert (response.status_code, "Zq7x" in response.text) == (422, False)


def test_no_prefetch_and_no_server_to_ask_is_412_with_an_operation_outcome(view):
    document = view(None).get_json(force=True)
    assert document["status"] == 412
    assert [error["path"] for error in document["errors"]] == ["prefetch.patient", "prefetch.labs"]
    assert document["resourceType"] == "OperationOutcome"
    assert [issue["severity"] for issue in document["issue"]] == ["error", "error"]


@pytest.mark.parametrize("key", PREFETCH)
@pytest.mark.parametrize("how", ["left out", "an OperationOutcome"])
def test_a_part_nobody_can_give_is_unknown_or_412_when_needed(view, key, how):
    record = prefetch(b12(), medicine(METFORMIN, "metformin"))
    record = {name: part for name, part in record.items() if name != key}
    response = view(record if how == "left out" else {**record, key: OUTCOME})
    if key in NEEDED:
        assert response.status_code == 412
    else:
        assert response.status_code == 200
        assert f"Note: {key}: could not be had" in shown(response.get_json()["cards"])


def test_null_is_known_to_be_empty(view):
    assert view(prefetch(labs=None, conditions=None, medications=None)).get_json() == {"cards": []}
    cards = view(prefetch(b12(), medications=None, conditions=None)).get_json()["cards"]
    assert "could not be had" not in shown(cards)
    assert view(prefetch(b12(), patient=None)).status_code == 412


@pytest.mark.parametrize(
    ("part", "metformin"),
    [
        (ChartPart(), Truth.FALSE),
        (ChartPart(missing=True), Truth.UNKNOWN),
        (ChartPart((bundle(medicine(OMEPRAZOLE, "omeprazole")),)), Truth.FALSE),
        (ChartPart((bundle(medicine(OMEPRAZOLE, "omeprazole")),), cut=True), Truth.UNKNOWN),
        (ChartPart((bundle(medicine(METFORMIN, "metformin")),), cut=True), Truth.TRUE),
    ],
)
def test_only_a_whole_list_of_medicines_says_what_is_not_taken(part, metformin):
    chart = {"patient": ChartPart((patient(),)), "labs": ChartPart(), "conditions": ChartPart(), "medications": part}
    assert read_chart(chart, TODAY).facts.medicine("metformin") is metformin


def test_a_first_page_alone_is_read_and_said_to_be_that(view):
    record = prefetch(b12(), medicine(METFORMIN, "metformin"))
    record["labs"]["link"].append({"relation": "next", "url": "https://fhir.example.org/next"})
    record["medications"]["link"].append({"relation": "next", "url": "https://fhir.example.org/next"})
    (card,) = view(record).get_json()["cards"]
    assert "Note: labs: only the first pages could be had" in card["detail"]
    assert "Continue metformin" in card["detail"]


def test_a_patient_whose_age_cannot_be_told_is_412(view):
    response = view(prefetch(b12(), patient={"resourceType": "Patient", "id": "pat-1"}))
    assert response.status_code == 412
    assert response.get_json(force=True)["errors"][0]["path"] == "prefetch.patient.birthDate"


OTHER = patient(id="pat-2")


@pytest.mark.parametrize(
    ("parts", "paths"),
    [
        ({"patient": OTHER}, ["prefetch.patient.id"]),
        ({"patient": patient(id=7)}, ["prefetch.patient.id"]),
        ({"patient": bundle(OTHER)}, ["prefetch.patient.entry[0].resource.id"]),
        ({"patient": bundle(patient(), bundle(OTHER))}, ["prefetch.patient.entry[1].resource.entry[0].resource.id"]),
        ({"labs": bundle(OTHER, b12()), "patient": bundle()}, ["prefetch.labs.entry[0].resource.id"]),
    ],
)
def test_the_record_of_somebody_else_is_refused(view, parts, paths):
    about_other = b12(subject={"reference": "Patient/pat-2"})
    errors = problem(view(prefetch(about_other, **parts)), 422)["errors"]
    assert [error["path"] for error in errors] == paths


@pytest.mark.parametrize(("subject", "cards"), [("Patient/pat-1", 1), ("Patient/pat-2", 0)])
def test_a_patient_without_an_id_is_the_one_of_the_context(view, subject, cards):
    nameless = {name: said for name, said in patient().items() if name != "id"}
    record = prefetch(b12(subject={"reference": subject}), patient=nameless)
    assert len(view(record).get_json()["cards"]) == cards


def test_the_record_of_the_patient_may_come_in_a_bundle(view):
    assert view(prefetch(b12(), patient=bundle(patient()))).get_json()["cards"]


def test_copies_of_the_patient_that_contradict_each_other_are_never_passed_over_in_silence(view):
    refused = view(prefetch(labs=bundle(b12(), patient(birthDate="1989-03-04"))))
    assert refused.status_code == 412
    assert [error["path"] for error in refused.get_json(force=True)["errors"]] == ["prefetch.patient.birthDate"]
    (card,) = view(prefetch(labs=bundle(b12(), patient(gender="male")))).get_json()["cards"]
    assert "Note: is not the same in every copy of the Patient, so the sex is taken as unknown" in card["detail"]


def test_a_b12_that_cannot_be_read_is_never_passed_over_in_silence(view):
    unreadable = b12(valueQuantity={"value": 142, "unit": "furlongs"})
    (card,) = view(prefetch(unreadable)).get_json()["cards"]
    assert card["summary"] == "A result in the record could not be used"
    assert "Total vitamin B12" in card["detail"]


def test_a_text_of_the_record_is_only_ever_text(view):
    nasty = "<img src=x onerror=alert(1)> [x](http://evil.example)"
    record = prefetch(b12(), medicine("0", nasty), condition("0", nasty))
    assert "<img" not in shown(view(record).get_json()["cards"])


def test_tests_that_are_ordered_in_the_record_are_not_suggested(view):
    record = prefetch(b12())
    assert "Measure intrinsic factor antibody" in shown(view(record).get_json()["cards"])
    ordered = lab_order("Intrinsic factor antibody", status="active")
    record["labs"]["entry"].append({"resource": ordered})
    assert "Measure intrinsic factor antibody" not in shown(view(record).get_json()["cards"])


# What is being ordered


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_an_order_that_has_nothing_to_do_with_b12_gives_no_card(order, hook):
    assert order(hook, prefetch(b12()), drafted("313782", "acetaminophen 325 MG Oral Tablet")) == []
    assert order(hook, prefetch(b12())) == []


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_metformin_being_ordered_brings_up_what_rests_on_it(order, hook):
    cards = order(hook, prefetch(b12()), drafted(METFORMIN, "metformin"))
    assert "Continue metformin" in shown(cards)
    assert "Test for celiac disease" not in shown(cards)


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_metformin_beside_an_acid_suppressant_without_a_b12_is_a_reason_to_measure_it(order, hook):
    taken = medicine(OMEPRAZOLE, "omeprazole 40 MG Delayed Release Oral Capsule")
    (card,) = order(hook, prefetch(taken), drafted(METFORMIN, "metformin"))
    assert "Consider measuring B12 on metformin" in card["detail"]
    assert any(one["label"].startswith("Order total vitamin B12") for one in card["suggestions"])


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_an_acid_suppressant_with_a_low_b12_is_reviewed(order, hook):
    assert "Review the acid suppressant" in shown(order(hook, prefetch(b12()), drafted(OMEPRAZOLE, "omeprazole")))


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_folic_acid_before_b12_is_known_is_warned_of(order, hook):
    (card,) = order(hook, prefetch(), drafted(FOLIC_ACID, "Folic Acid 0.8 MG Oral Tablet"))
    assert card["indicator"] == "warning"
    assert card["summary"] == "Check B12 before folate alone"
    assert order(hook, prefetch(b12(520)), drafted(FOLIC_ACID, "Folic Acid 0.8 MG Oral Tablet")) == []


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_nitrous_oxide_with_a_low_b12_is_warned_of(order, hook):
    gas = {
        **drafted("x", "nitrous oxide"),
        "medicationCodeableConcept": concept("http://www.whocc.no/atc", "N01AX13", "nitrous oxide"),
    }
    assert "nitrous oxide" in shown(order(hook, prefetch(b12()), gas)).casefold()


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_mma_being_ordered_is_not_suggested_and_brings_the_tests_that_go_with_it(order, hook):
    mma = lab_order("Methylmalonate", "13964-2")
    (card,) = order(hook, prefetch(b12()), mma)
    assert "Measure intrinsic factor antibody" in card["detail"]
    assert not any("ethylmalonic" in one["label"] for one in card["suggestions"])


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_an_emergency_stands_on_every_card_of_an_order(order, hook):
    record = prefetch(b12(), result("718-7", 6.4, "g/dL"))
    (card,) = order(hook, record, lab_order("Intrinsic factor antibody"))
    assert card["indicator"] == "critical"
    assert card["summary"].startswith("Very severe anemia. ")
    assert order(hook, record, lab_order("Sodium")) == []


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_an_order_is_no_reason_for_how_likely_deficiency_is_now(order, hook):
    record = prefetch(b12(250), condition("84229001", "Fatigue"), medicine(METFORMIN, "metformin"))
    (card,) = order(hook, record, drafted(OMEPRAZOLE, "omeprazole 40 MG"))
    assert "Review the acid suppressant" in card["detail"]
    assert "**Vitamin B12 deficiency is possible.**" in card["detail"]
    assert "Omeprazole (PPI): present" not in card["detail"]
    assert "**Vitamin B12 deficiency is possible.**" in shown(order(hook, record, first_b12()))


def first_b12(**changes: Any) -> dict[str, Any]:
    injection = concept("http://www.whocc.no/atc", "B03BA03", "hydroxocobalamin")
    return {**drafted("x", "hydroxocobalamin 1 mg/ml injection"), "medicationCodeableConcept": injection, **changes}


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_the_first_order_of_b12_is_no_treatment_that_fails(order, hook):
    """What is not on the whole list of medicines is begun with the order, after the sample of an older day."""
    low = "B12 still low on treatment"
    assert low not in shown(order(hook, prefetch(b12()), first_b12()))
    taken = first_b12(id="mr-1", status="active")
    assert low in shown(order(hook, prefetch(b12(), taken), first_b12()))
    assert low in shown(order(hook, prefetch(b12(), medications=OUTCOME), first_b12()))


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_a_test_that_has_a_result_says_so(order, hook):
    known = result("13964-2", 0.62, "umol/L")
    (card,) = order(hook, prefetch(b12(), known), lab_order("Methylmalonate", "13964-2"))
    assert "has a result already: 0.62 µmol/L on 2026-10-01" in card["detail"]


@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_intrinsic_factor_antibody_being_ordered_is_not_suggested_again(order, hook):
    (card,) = order(hook, prefetch(b12()), lab_order("Intrinsic factor antibody"))
    assert "Test for celiac disease" in card["detail"]
    assert "Measure intrinsic factor antibody" not in card["detail"]


@pytest.mark.parametrize("unverified_codes", [False, True])
@pytest.mark.parametrize("hook", ORDER_HOOKS)
def test_unverified_codes_of_an_order_count_when_they_are_switched_on(hook, unverified_codes):
    client = create_app(Settings(unverified_codes=unverified_codes)).test_client()
    antibody = lab_order("Local name 17", "31444-3")
    answer = client.post(f"/cds-services/b12-{hook}", json=order_call(hook, prefetch(b12()), antibody))
    assert ("Test for celiac disease" in shown(answer.get_json()["cards"])) == unverified_codes


def test_only_what_is_selected_is_what_the_hook_is_about(order):
    drafts = (drafted(METFORMIN, "metformin"), drafted(FOLIC_ACID, "Folic Acid 0.8 MG Oral Tablet"))
    about = order("order-select", prefetch(), *drafts, selected=[f"MedicationRequest/draft-{FOLIC_ACID}"])
    assert "Check B12 before folate alone" in shown(about)
    other = order("order-select", prefetch(), *drafts, selected=[f"MedicationRequest/draft-{METFORMIN}"])
    assert "Check B12 before folate alone" not in shown(other)


def test_b12_being_ordered_is_not_suggested_as_a_treatment(order):
    hydroxocobalamin = {**drafted("x", "hydroxocobalamin 1 mg/ml injection")}
    hydroxocobalamin["medicationCodeableConcept"] = concept("http://www.whocc.no/atc", "B03BA03", "hydroxocobalamin")
    cards = order("order-sign", prefetch(b12()), hydroxocobalamin)
    assert not any(
        action["resource"]["resourceType"] == "MedicationRequest"
        for card in cards
        for suggestion in card.get("suggestions", ())
        for action in suggestion["actions"]
    )


def test_drafts_count_also_when_the_medicines_of_the_record_are_not_known(order):
    record = {**prefetch(), "medications": OUTCOME}
    assert "Check B12 before folate alone" in shown(order("order-sign", record, drafted(FOLIC_ACID, "Folic acid")))


# What is refused


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"hook": "order-sign"}, "hook"),
        ({"hook": None}, "hook"),
        ({"hookInstance": "17"}, "hookInstance"),
        ({"hookInstance": None}, "hookInstance"),
        ({"hookInstance": "{d1577c69-dfbe-44ad-ba6d-3e05e953b2ea}"}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": []}, "context"),
        ({"context": {"userId": "Practitioner/1"}}, "context.patientId"),
        ({"context": {"patientId": "1"}}, "context.userId"),
        ({"context": {"userId": "Practitioner/1", "patientId": "../x"}}, "context.patientId"),
        ({"context": {"userId": "Practitioner/1", "patientId": ".."}}, "context.patientId"),
        ({"prefetch": []}, "prefetch"),
        ({"prefetch": {"labs": "none"}}, "prefetch.labs"),
        ({"fhirServer": 7}, "fhirServer"),
        ({"fhirAuthorization": {"token_type": "Bearer"}}, "fhirAuthorization.access_token"),
        ({"fhirAuthorization": {"access_token": "a b"}}, "fhirAuthorization.access_token"),
    ],
)
def test_a_call_that_is_not_one_is_422_with_its_path(view, changes, path):
    (error,) = problem(view(prefetch(), **changes), 422)["errors"]
    assert error["path"] == path


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"selections": None}, "context.selections"),
        ({"selections": "all"}, "context.selections"),
        ({"selections": ["x"] * 201}, "context.selections"),
        ({"draftOrders": None}, "context.draftOrders"),
        ({"draftOrders": {"resourceType": "MedicationRequest"}}, "context.draftOrders"),
    ],
)
def test_an_order_hook_needs_its_orders(post, changes, path):
    document = order_call("order-select", prefetch())
    document["context"] |= changes
    (error,) = problem(post(document, "/cds-services/b12-order-select"), 422)["errors"]
    assert error["path"] == path


@pytest.mark.parametrize("drafts", [{}, {"entry": None}, {"entry": [None, {}, {"resource": 1}, {"resource": {}}]}])
def test_untidy_orders_are_no_orders(post, drafts):
    document = order_call("order-sign", prefetch(b12()))
    document["context"]["draftOrders"] = {"resourceType": "Bundle", **drafts}
    assert post(document, "/cds-services/b12-order-sign").get_json() == {"cards": []}


def test_optional_parts_of_feedback_may_be_null(post):
    said = {"card": "x", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z", "overrideReason": None}
    assert post({"feedback": [said]}, f"{VIEW}/feedback").status_code == 200


def test_optional_parts_may_be_null(view):
    assert view(prefetch(b12()), fhirServer=None, fhirAuthorization=None).status_code == 200


def test_a_service_that_does_not_exist_is_answered_with_those_that_do(post):
    for path in (f"/cds-services/{SECRET}", f"/cds-services/{SECRET}/feedback"):
        (error,) = problem(post(call(prefetch()), path), 404)["errors"]
        assert error["accepted"] == list(SERVICES)


@pytest.mark.parametrize(
    ("body", "status"), [(b"{not json", 400), (b"[]", 422), (b"{}", 422), (b'{"a": 1, "a": 2}', 400)]
)
def test_what_is_no_json_object_is_refused(post, body, status):
    problem(post(body, VIEW), status)


def test_a_call_may_be_long_and_not_too_long(post):
    document = json.dumps(call(prefetch(b12()))).encode()
    assert post(document.ljust(1024 * 1024), VIEW).status_code == 200
    problem(post(document.ljust(1024 * 1024 + 1), VIEW), 413)


def test_narratives_may_be_long_and_have_line_breaks(view):
    assert (
        view(prefetch(b12(text={"status": "generated", "div": "<div>\n" + "x" * 5000 + "</div>"}))).status_code == 200
    )


def test_a_query_is_refused(post):
    problem(post(call(prefetch()), f"{VIEW}?profile=mayo"), 422)


# Feedback

CARD = {"card": "4e0a3a1e-3283-4575-ab82-028d55fe2719", "outcomeTimestamp": "2026-11-22T11:00:00Z"}
ACCEPTED = {**CARD, "outcome": "accepted", "acceptedSuggestions": [{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}]}
OVERRIDDEN = {**CARD, "outcome": "overridden"}
REASON = {"reason": {"code": "action-completed", "system": "http://terminology.hl7.org/x"}, "userComment": SECRET}


@pytest.mark.parametrize(
    "entries",
    [[ACCEPTED], [OVERRIDDEN], [{**OVERRIDDEN, "overrideReason": REASON}, ACCEPTED], [{**ACCEPTED, "extension": {}}]],
)
def test_feedback_is_taken_counted_and_not_kept(post, caplog, entries):
    with caplog.at_level(logging.INFO):
        response = post({"feedback": entries}, f"{VIEW}/feedback")
    assert (response.status_code, response.data) == (200, b"")
    assert "feedback on b12-patient-view: " in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "feedback"),
        ({"feedback": []}, "feedback"),
        ({"feedback": {}}, "feedback"),
        ({"feedback": ["x"]}, "feedback[0]"),
        ({"feedback": [{**CARD, "outcome": "accepted"}]}, "feedback[0].acceptedSuggestions"),
        ({"feedback": [{**CARD, "outcome": "ignored"}]}, "feedback[0].outcome"),
        ({"feedback": [{**OVERRIDDEN, "outcomeTimestamp": "yesterday"}]}, "feedback[0].outcomeTimestamp"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": {"userComment": ""}}]}, "feedback[0].overrideReason"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": {"reason": {}}}]}, "feedback[0].overrideReason.reason.code"),
        ({"feedback": [{"outcome": "overridden", "outcomeTimestamp": CARD["outcomeTimestamp"]}]}, "feedback[0].card"),
    ],
)
def test_what_is_no_feedback_is_refused(post, document, path):
    assert path in [error["path"] for error in problem(post(document, f"{VIEW}/feedback"), 422)["errors"]]


def test_what_is_wrong_with_feedback_is_said_in_our_words(post):
    card = {"card": 7, "outcomeTimestamp": "2026-11-26T12:00:00Z", "acceptedSuggestions": {}}
    said = problem(post({"feedback": [card, 1]}, f"{VIEW}/feedback"), 422)["errors"]
    assert {error["path"]: error["message"] for error in said} == {
        "feedback[0].card": "must be a text",
        "feedback[0].acceptedSuggestions": "must be a list",
        "feedback[0].outcome": "is required",
        "feedback[1]": "must be an object",
    }


# Settings


def test_an_operator_says_how_cards_look_and_who_may_call(monkeypatch, tmp_path):
    said = {
        "PUBLIC_URL": "https://b12.example.org/",
        "TRUST_FILE": str(tmp_path),
        "CORS_ORIGINS": "https://a.example,https://b.example",
        "MAX_CARDS": "3",
        "MIN_INDICATOR": "warning",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"B12CDS_{name}", value)
    assert Settings.from_environment() == Settings(
        public_url="https://b12.example.org",
        trust_file=tmp_path,
        cors_origins=("https://a.example", "https://b.example"),
        max_cards=3,
        min_indicator="warning",
    )


@pytest.mark.parametrize(("name", "value"), [("MAX_CARDS", "0"), ("MIN_INDICATOR", "hard-stop")])
def test_a_setting_of_cards_that_makes_no_sense_stops_the_start(monkeypatch, name, value):
    monkeypatch.setenv(f"B12CDS_{name}", value)
    with pytest.raises(ValueError, match=name):
        Settings.from_environment()


# Browsers


@pytest.fixture(scope="module")
def browser():
    return create_app(Settings(cors_origins=("https://ehr.example.org",))).test_client()


def test_a_listed_origin_may_call_from_a_browser(browser):
    asked = {"Origin": "https://ehr.example.org", "Access-Control-Request-Method": "POST"}
    response = browser.options(VIEW, headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "https://ehr.example.org"
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    answer = browser.get("/cds-services", headers={"Origin": "https://ehr.example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://ehr.example.org"
    assert "Origin" in answer.headers["Vary"]
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://ehr.example.org.evil.example", None])
def test_another_origin_may_not(browser, client, origin):
    headers = {} if origin is None else {"Origin": origin}
    for one in (browser, client):
        assert "Access-Control-Allow-Origin" not in one.get("/cds-services", headers=headers).headers


# Privacy


@pytest.mark.parametrize(
    "document",
    [
        call(prefetch(b12(), patient=patient(id=SECRET))),
        call(prefetch(), hookInstance=SECRET),
        call(prefetch(), hook=SECRET),
        call(prefetch(), context={"userId": f"{SECRET} ", "patientId": f"{SECRET} "}),
        call(None, context={"userId": SECRET, "patientId": SECRET}, fhirServer=f"https://{SECRET}.example"),
        call(prefetch(patient={"resourceType": "Patient", "birthDate": SECRET, "name": [{"family": SECRET}]})),
        call({SECRET: SECRET}),
    ],
)
def test_nothing_of_a_refused_call_is_repeated_or_logged(post, caplog, document):
    with caplog.at_level(logging.DEBUG):
        response = post(document, VIEW)
    assert response.status_code in (412, 422)
    assert SECRET not in response.text + str(response.headers) + caplog.text


def test_nothing_of_an_answered_call_is_logged(post, caplog, capfd):
    record = prefetch(b12(), medicine("0", SECRET), patient=patient(name=[{"family": SECRET}]))
    with caplog.at_level(logging.DEBUG):
        assert post(call(record), VIEW).status_code == 200
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


# Whatever is sent

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "Bundle", "Patient", "x"]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["resourceType", "entry", "resource", "link", "id", "code", "url"]), inside)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from([*PREFETCH]), part=JSON_VALUES)
def test_whatever_a_part_of_the_record_is_there_is_an_answer(post, key, part):
    assert post(call({**prefetch(b12()), key: part}), VIEW).status_code in (200, 412, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=JSON_VALUES)
def test_whatever_the_orders_are_there_is_an_answer(post, drafts):
    document = order_call("order-sign", prefetch(b12()))
    document["context"]["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": drafts}]}
    assert post(document, "/cds-services/b12-order-sign").status_code == 200
