"""POST /fhir/$assess through the real client: what it takes, what it gives, and how it says no."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rules import Library
from service import create_app
from service.settings import Settings
from tests.cds_client.running import free_port, service
from tests.fhir_reading import figures, read_back, resources
from tests.fhir_structure import faults, misdirected

Part = dict[str, Any]
Ask = Callable[..., TestResponse]

LOINC = "http://loinc.org"
PATH = "/fhir/$assess"
MARKER = "Zq7x"


def entry(kind: str, id_: str, full_url: str = "", **elements: Any) -> Part:
    address = {"fullUrl": full_url} if full_url else {}
    return {**address, "resource": {"resourceType": kind, "id": id_, **elements}}


def result(id_: str, loinc: str, value: float, unit: str, **elements: Any) -> Part:
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    said = {"status": "final", "code": {"coding": [{"system": LOINC, "code": loinc}]}, "valueQuantity": quantity}
    return entry("Observation", id_, **{**said, "subject": {"reference": "Patient/p1"}, **elements})


PATIENT = entry("Patient", "p1", "https://ehr.example/fhir/Patient/p1", gender="female", birthDate="1959-03-01")
B12 = result("b12", "2132-9", 142, "pg/mL", effectiveDateTime="2026-11-20")
MMA_IN_NO_UNIT = result("mma", "13964-2", 1.2, "furlong", effectiveDateTime="2026-11-20")


NILKNOWN = {"coding": [{"code": "nilknown"}]}


def bundle(*entries: Part) -> Part:
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries)}


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    def ask(document: Any, path: str = PATH, **options: Any) -> TestResponse:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return client.post(path, data=body, **{"content_type": "application/fhir+json", **options})

    return ask


def answer(response: TestResponse, *sent: str) -> Part:
    assert response.status_code == 200, response.text
    assert response.content_type == "application/fhir+json"
    document = dict(response.get_json(force=True))
    assert [*faults(document), *misdirected(document, frozenset(sent))] == []
    return document


def issues(response: TestResponse, status: int) -> list[Part]:
    assert response.status_code == status
    assert response.content_type == "application/fhir+json"
    outcome = response.get_json(force=True)
    assert faults(outcome) == []
    assert outcome["issue"][0]["diagnostics"] == f"request {response.headers['Request-Id']}"
    return list(outcome["issue"])


def test_a_bundle_is_answered(ask: Ask) -> None:
    response = ask(bundle(PATIENT, B12))
    document = answer(response)
    assert response.headers["Rule-Set-Version"] == Library.open().active.manifest.version
    assert document["entry"][0]["resource"]["resourceType"] == "GuidanceResponse"
    assert figures(document)["level"] == "confirmed"
    risk = resources(document, "RiskAssessment")[0]
    assert risk["subject"] == {"reference": "Patient/p1"}
    assert risk["basis"] == [{"reference": "Observation/b12"}]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/fhir+json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json; fhirVersion=4.0.1",
        'application/fhir+json;fhirversion="4.0"',
        "application/fhir+json; fhirVersion=4.0; charset=utf-8",
        "application/fhir+json; charset=utf-8 ; fhirVersion=4.0",
    ],
)
def test_both_names_of_fhir_in_json_are_taken(ask: Ask, content_type: str) -> None:
    answer(ask(bundle(PATIENT, B12), content_type=content_type))


@pytest.mark.parametrize("written", ["json", "application/json", "application%2Ffhir%2Bjson", "application/fhir+json"])
def test_a_client_may_say_that_it_wants_json(ask: Ask, written: str) -> None:
    answer(ask(bundle(PATIENT, B12), f"{PATH}?_format={written}"))


def parameters(*listed: Any) -> Part:
    return {"resourceType": "Parameters", "parameter": list(listed)}


def test_parameters_are_answered_as_the_bundle_in_them(ask: Ask) -> None:
    within = answer(ask(parameters({"name": "bundle", "resource": bundle(PATIENT, B12)})))
    assert figures(within)["level"] == "confirmed"
    [account] = resources(within, "OperationOutcome")
    assert account["issue"][1]["expression"] == ["Parameters.parameter[0].resource.entry[1].resource"]


def test_parameters_may_hold_single_resources_and_what_is_no_parameter(ask: Ask) -> None:
    listed = [{"name": "patient", "resource": PATIENT["resource"]}, "x", {"name": "b12", "resource": B12["resource"]}]
    document = answer(ask(parameters(*listed)))
    assert resources(document, "RiskAssessment")[0]["basis"] == [{"reference": "Observation/b12"}]


def test_parameters_too_may_say_that_there_is_no_medicine(ask: Ask) -> None:
    none = entry("List", "none", code={"coding": [{"system": LOINC, "code": "10160-0"}]}, emptyReason=NILKNOWN)
    said = [{"name": one["resource"]["id"], "resource": one["resource"]} for one in (PATIENT, B12, none)]
    for listed in (said, [{"name": "bundle", "resource": bundle(PATIENT, B12, none)}]):
        within = answer(ask(parameters(*listed)))
        assert read_back(within) == read_back(answer(ask(bundle(PATIENT, B12, none))))


def test_parameters_may_name_the_rule_set_and_the_query_decides(ask: Ask) -> None:
    said = {"name": "bundle", "resource": bundle(PATIENT, B12)}
    old, mayo = {"name": "rule_set", "valueString": "1.0.0"}, {"name": "profile", "valueCode": "mayo"}
    assert figures(answer(ask(parameters(said, old))))["rule_set"] == "1.0.0"
    assert figures(answer(ask(parameters(said, mayo))))["profile"] == "mayo"
    assert figures(answer(ask(parameters(said, old), f"{PATH}?rule_set=1.1.0")))["rule_set"] == "1.1.0"
    assert issues(ask(parameters(said, {"name": "profile", "valueString": MARKER})), 404)


@pytest.mark.parametrize(("name", "status"), [("rule_set", 404), ("profile", 404), ("as_of", 422)])
def test_a_choice_that_there_is_not_is_told_where_it_was_made(ask: Ask, name: str, status: int) -> None:
    said = parameters({"name": "bundle", "resource": bundle(PATIENT, B12)}, {"name": name, "valueString": MARKER})
    [issue] = issues(ask(said), status)
    assert issue["expression"] == ["Parameters.parameter[1].value"]
    [issue] = issues(ask(said, f"{PATH}?{name}={MARKER}"), status)
    assert issue["expression"] == [f"http.{name}"]


@pytest.mark.parametrize(
    ("listed", "places"),
    [
        ([{"name": "ruleset", "valueString": MARKER}], ["parameter[1].name"]),
        ([{"name": MARKER, "part": []}, {"valueCode": "mayo"}], ["parameter[1].name", "parameter[2].name"]),
        ([{"name": "rule_set", "valueInteger": 1}], ["parameter[1].value"]),
        ([{"name": "profile", "valueCode": "mayo"}] * 2, ["parameter[1].name", "parameter[2].name"]),
    ],
)
def test_no_choice_in_parameters_is_passed_over(ask: Ask, listed: list[dict[str, Any]], places: list[str]) -> None:
    refused = ask(parameters({"name": "bundle", "resource": bundle(PATIENT, B12)}, *listed))
    assert [issue["expression"] for issue in issues(refused, 422)] == [[f"Parameters.{place}"] for place in places]
    assert MARKER not in refused.text


def test_the_query_names_rule_set_and_profile(ask: Ask) -> None:
    known = figures(answer(ask(bundle(PATIENT, B12), f"{PATH}?rule_set=1.1.0&profile=us-aafp")))
    assert (known["rule_set"], known["profile"]) == ("1.1.0", "us-aafp")


def test_an_assessment_can_be_about_an_earlier_day(ask: Ask) -> None:
    said = parameters(
        {"name": "bundle", "resource": bundle(PATIENT, B12)}, {"name": "as_of", "valueDate": "2026-11-21"}
    )
    assert figures(answer(ask(said)))["as_of"] == "2026-11-21"
    before = answer(ask(bundle(PATIENT, B12), f"{PATH}?as_of=2025-01-31"))
    assert (figures(before)["as_of"], figures(before)["level"]) == ("2025-01-31", "undetermined")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20261122", "2026-11", ""])
def test_what_is_no_day_is_refused(ask: Ask, day: str) -> None:
    [issue] = issues(ask(bundle(PATIENT, B12), f"{PATH}?as_of={day}"), 422)
    assert issue["expression"] == ["http.as_of"]


def test_a_marker_that_had_to_be_ignored_is_a_warning(ask: Ask) -> None:
    [account] = resources(answer(ask(bundle(PATIENT, B12, MMA_IN_NO_UNIT))), "OperationOutcome")
    warnings = [issue for issue in account["issue"] if issue["severity"] == "warning"]
    assert [issue["expression"] for issue in warnings] == [["Bundle.entry[2].resource"]]
    assert "Methylmalonic acid" in warnings[0]["details"]["text"]


def test_each_resource_has_its_line(ask: Ask) -> None:
    [account] = resources(answer(ask(bundle(PATIENT, B12, MMA_IN_NO_UNIT, {}))), "OperationOutcome")
    places = [issue["expression"][0] for issue in account["issue"] if "expression" in issue]
    assert places[:4] == [f"Bundle.entry[{place}].resource" for place in range(4)]
    assert "Total vitamin B12" in account["issue"][1]["details"]["text"]


def test_resources_are_called_as_the_client_calls_them(ask: Ask) -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    told = {**result("b12", "2132-9", 142, "pg/mL", subject={"reference": urn}), "fullUrl": "urn:uuid:1"}
    document = answer(ask(bundle({**PATIENT, "fullUrl": urn}, told)), urn, "urn:uuid:1")
    risk = resources(document, "RiskAssessment")[0]
    assert (risk["subject"], risk["basis"]) == ({"reference": urn}, [{"reference": "urn:uuid:1"}])


@pytest.mark.parametrize("name", ["a b", "<script>", "x" * 600, 7])
def test_what_is_no_reference_is_not_repeated(ask: Ask, name: Any) -> None:
    odd = {"fullUrl": name, "resource": {**B12["resource"], "id": name}}
    document = answer(ask(bundle(PATIENT, odd)))
    assert resources(document, "RiskAssessment")[0]["basis"] == [{"display": "Bundle.entry[1].resource"}]


def test_long_texts_and_line_breaks_of_a_record_are_no_matter(ask: Ask) -> None:
    narrative = {"status": "generated", "div": "<div>" + "line\nbreak \u200b" * 1000 + "</div>"}
    answer(ask(bundle({"resource": {**PATIENT["resource"], "text": narrative}}, B12)))


def test_the_same_request_gets_the_same_bytes(ask: Ask) -> None:
    assert ask(bundle(PATIENT, B12)).data == ask(bundle(PATIENT, B12)).data


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "structure"),
        (b'{"resourceType": "Bundle", "entry": [{"fullUrl": "Zq7x", "fullUrl": "Zq7x"}]}', 400, "structure"),
        (b"[]", 422, "invalid"),
        (b'{"resourceType": "Zq7x"}', 422, "invalid"),
        (b'{"resourceType": "Bundle"}', 422, "invalid"),
        (b'{"resourceType": "Parameters"}', 422, "invalid"),
        (
            b'{"resourceType": "Parameters", "parameter": [{"name": "rule_set", "valueString": "1.1.0"}]}',
            422,
            "invalid",
        ),
        (json.dumps(bundle(entry("Patient", MARKER, birthDate=MARKER))).encode(), 422, "invalid"),
        (b'{"x": 1e400}', 422, "invalid"),
    ],
)
def test_what_cannot_be_read_is_an_outcome_without_its_words(ask: Ask, body: bytes, status: int, kind: str) -> None:
    response = ask(body)
    assert {issue["code"] for issue in issues(response, status)} == {kind}
    assert MARKER not in response.text


def test_where_it_is_wrong_is_said(ask: Ask) -> None:
    [issue] = issues(ask(bundle(entry("Patient", "p1", gender="female"))), 422)
    assert issue["expression"] == ["entry[0].resource.birthDate"]


OTHER = entry("Patient", MARKER, "https://ehr.example/fhir/Patient/other", gender="male", birthDate="1930-01-02")
SEVERAL = [
    ([OTHER, PATIENT, B12], [0, 1]),
    ([PATIENT, B12, OTHER], [0, 2]),
    ([entry("Patient", "p1", "https://elsewhere.example/Patient/p1", birthDate="1930"), PATIENT, B12], [0, 1]),
    ([PATIENT, {"resource": {"resourceType": "Patient", "birthDate": "1930"}}], [0, 1]),
    ([{"resource": {"resourceType": "Patient", "birthDate": year}} for year in ("1930", "1959")], [0, 1]),
]


@pytest.mark.parametrize(("entries", "places"), SEVERAL)
def test_a_record_of_several_people_is_refused_where_each_stands(
    ask: Ask, entries: list[Part], places: list[int]
) -> None:
    response = ask(bundle(*entries))
    found = issues(response, 422)
    assert [issue["expression"] for issue in found] == [[f"entry[{place}].resource"] for place in places]
    assert all("one of several Patients" in issue["details"]["text"] for issue in found)
    assert MARKER not in response.text


def test_people_are_told_apart_across_parameters(ask: Ask) -> None:
    listed = [{"name": "bundle", "resource": bundle(PATIENT, B12)}, {"name": "patient", "resource": OTHER["resource"]}]
    places = [issue["expression"] for issue in issues(ask(parameters(*listed)), 422)]
    assert places == [["parameter[0].resource.entry[0].resource"], ["parameter[1].resource"]]


@pytest.mark.parametrize(
    "again",
    [
        PATIENT,
        {"resource": PATIENT["resource"]},
        entry("Patient", "p1", "https://ehr.example/fhir/Patient/p1", gender="female"),
        entry("Patient", "p1", gender="unknown", birthDate="1959"),
    ],
)
def test_a_patient_who_is_sent_twice_is_one_person(ask: Ask, again: Part) -> None:
    whose = {"resource": {name: part for name, part in B12["resource"].items() if name != "subject"}}
    document = answer(ask(bundle(PATIENT, again, whose)), "https://ehr.example/fhir/Patient/p1")
    assert figures(document)["level"] == "confirmed"


@pytest.mark.parametrize("again", [{"birthDate": "1989-03-01"}, {"birthDate": "1960"}, {"birthDate": "1959-04"}])
def test_copies_of_a_patient_that_contradict_each_other_on_the_age_leave_none(ask: Ask, again: Part) -> None:
    one, other = PATIENT["resource"], {**PATIENT["resource"], **again}
    listed = [{"name": "bundle", "resource": bundle({"resource": one}, B12)}, {"name": "patient", "resource": other}]
    inside = "parameter[0].resource.entry[0].resource"
    for document, place in (
        (bundle(PATIENT, B12, {"resource": other}), "entry[0].resource"),
        (parameters(*listed), inside),
    ):
        response = ask(document)
        [issue] = issues(response, 422)
        assert issue["expression"] == [f"{place}.birthDate"]
        assert "not the same in every copy" in issue["details"]["text"]
        assert again["birthDate"] not in response.text


def test_copies_of_a_patient_that_contradict_each_other_on_the_sex_leave_it_unknown(ask: Ask) -> None:
    other = {"resource": {**PATIENT["resource"], "gender": "male"}}
    document = answer(ask(bundle(PATIENT, other, B12)), "https://ehr.example/fhir/Patient/p1")
    [account] = resources(document, "OperationOutcome")
    told = [issue for issue in account["issue"] if issue["severity"] == "warning"]
    assert [issue["expression"] for issue in told] == [["Bundle.entry[0].resource.gender"]]
    assert "not the same in every copy" in told[0]["details"]["text"]


def test_results_may_point_at_either_copy_of_the_patient(ask: Ask) -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    told = result("b12", "2132-9", 142, "pg/mL", subject={"reference": urn})
    document = answer(ask(bundle({"resource": PATIENT["resource"]}, {**PATIENT, "fullUrl": urn}, told)), urn)
    assert figures(document)["level"] == "confirmed"


def test_two_nameless_patients_are_one_when_they_say_the_same(ask: Ask) -> None:
    nameless = {"resource": {"resourceType": "Patient", "birthDate": "1959-03-01"}}
    answer(ask(bundle(nameless, nameless)))
    addressed = {**nameless, "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}
    answer(ask(bundle(addressed, addressed)), addressed["fullUrl"])


def test_other_types_of_content_are_refused(ask: Ask) -> None:
    for content_type in (
        "application/xml",
        "application/fhir+xml",
        "text/plain",
        "application/fhir+json; charset=latin-1",
    ):
        [issue] = issues(ask(bundle(PATIENT), content_type=content_type), 415)
        assert "application/fhir+json" in issue["details"]["text"]
        assert issue["expression"] == ["http.Content-Type"]


@pytest.mark.parametrize(
    "said", ["fhirVersion=5.0", "fhirVersion=4.3", "charset=utf-8; fhirVersion=Zq7x", "fhirVersion="]
)
def test_another_version_of_fhir_is_refused_by_name(ask: Ask, said: str) -> None:
    response = ask(bundle(PATIENT, B12), content_type=f"application/fhir+json; {said}")
    [issue] = issues(response, 415)
    assert "no version of FHIR but 4.0 (R4)" in issue["details"]["text"]
    assert "application/fhir+json; fhirVersion=4.0" in issue["details"]["text"]
    assert MARKER not in response.text


@pytest.mark.parametrize("said", ["fhirVersion=4.0; fhirVersion=4.0", "charset=utf-8; charset=utf-8", "", "profile=x"])
def test_a_parameter_twice_or_unknown_is_refused(ask: Ask, said: str) -> None:
    assert issues(ask(bundle(PATIENT, B12), content_type=f"application/fhir+json; {said}"), 415)


def test_only_fhir_has_versions_of_fhir(client: FlaskClient) -> None:
    response = client.post("/v1/assessments", data=b"{}", content_type="application/json; fhirVersion=4.0")
    assert response.status_code == 415
    assert "fhirVersion" not in response.text


def test_a_document_over_sixteen_megabytes_is_refused(client: FlaskClient) -> None:
    response = client.post(PATH, data=b" " * (16 * 1024 * 1024 + 1), content_type="application/fhir+json")
    assert issues(response, 413)[0]["code"] == "too-long"


def most_memory(master: int) -> int:
    """The most kilobytes that the one worker ever took."""
    (worker,) = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def posted(port: int, body: bytes) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("POST", PATH, body, {"Content-Type": "application/fhir+json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status


def test_long_documents_sent_at_once_take_little_more_memory_than_one() -> None:
    results = [result(f"r{number}", "718-7", 102, "g/L", effectiveDateTime="2020-01-01") for number in range(6_000)]
    short, body = (
        json.dumps({"resourceType": "Bundle", "entry": [PATIENT, B12, *more]}).encode() for more in ([], results)
    )
    with service(port := free_port()) as master, ThreadPoolExecutor(4) as clients:
        assert posted(port, short) == 200
        before = most_memory(master)
        assert posted(port, body) == 200
        one = most_memory(master)
        assert list(clients.map(posted, [port] * 4, [body] * 4)) == [200] * 4
        assert most_memory(master) - one < 1.5 * (one - before)


@pytest.mark.parametrize(
    ("query", "status"),
    [("rule_set=9.9.9", 404), ("profile=Zq7x", 404), ("trace=true", 422), ("_format=xml", 422)],
)
def test_a_wrong_query_is_an_outcome(ask: Ask, query: str, status: int) -> None:
    response = ask(bundle(PATIENT, B12), f"{PATH}?{query}")
    assert issues(response, status)
    assert MARKER not in response.text


def test_other_methods_and_paths_are_outcomes_too(client: FlaskClient) -> None:
    response = client.get(PATH)
    assert issues(response, 405)[0]["code"] == "not-supported"
    assert response.headers["Allow"] == "OPTIONS, POST"
    assert issues(client.get("/fhir/Patient/1"), 404)[0]["code"] == "not-found"


def test_without_an_active_rule_set_it_is_not_ready(tmp_path: Any) -> None:
    client = create_app(Settings(rule_sets=tmp_path)).test_client()
    response = client.post(PATH, data=json.dumps(bundle(PATIENT)), content_type="application/fhir+json")
    assert issues(response, 503)[0]["code"] == "transient"


def test_a_failure_of_ours_says_nothing_of_the_patient(client: FlaskClient, monkeypatch: Any) -> None:
    def fail(*_: Any) -> None:
        raise ValueError(MARKER)

    monkeypatch.setattr("service.fhir.rules.assess", fail)
    response = client.post(PATH, data=json.dumps(bundle(PATIENT)), content_type="application/fhir+json")
    assert issues(response, 500)[0]["code"] == "exception"
    assert MARKER not in response.text
