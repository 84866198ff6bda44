"""What the mapper makes of medicines, of the Patient, and of whose resources they are."""

from typing import Any

import pytest

from rules.catalogue import catalogue
from schemas.fhir import Record, Records, load_records, map_records, placed, records_of_bundle
from service import create_app
from service.settings import Settings
from tests.summaries import TODAY
from tests.test_fhir_reading import PATIENT, SNOMED, Part, coded, condition, mapped, observation, reason

RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
METFORMIN = {"medicationCodeableConcept": {"text": "Metformin 500 MG Oral Tablet"}}
B12 = {"medicationCodeableConcept": {"text": "Hydroxocobalamin"}}


def named(text: str) -> Part:
    return {"medicationCodeableConcept": {"text": text}}


def use(kind: str = "MedicationRequest", **said: Any) -> Part:
    defaults = {"MedicationRequest": "active", "MedicationStatement": "active"}
    return {"resourceType": kind, "status": defaults.get(kind, "completed"), **METFORMIN, **said}


def dosage(**said: Any) -> Part:
    return {"dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": 500, "unit": "mg"}}], **said}]}


def repeat(**said: Any) -> Part:
    return {"timing": {"repeat": said}}


TAKEN: list[tuple[Part, list[Part]]] = [
    (use(), [{"name": "metformin"}]),
    (use(status="on-hold"), [{"name": "metformin"}]),
    (use(medicationCodeableConcept=coded("6809", RXNORM)), [{"name": "metformin"}]),
    (use(medicationCodeableConcept=coded("860975", RXNORM)), [{"name": "metformin"}]),
    (use(medicationCodeableConcept=coded("A10BA02", ATC)), [{"name": "metformin"}]),
    (use(**named("Glucophage sugar free oral solution")), [{"name": "metformin"}]),
    # combinations: with B12 or folic acid among other things, a multivitamin
    (use(**named("Vitamin B12 and folic acid")), [{"name": "multivitamin"}]),
    (use(**named("Cyanocobalamin 1 MG / pyridoxine 25 MG")), [{"name": "multivitamin"}]),
    (use(**named("Ferrous fumarate / folic acid")), [{"name": "iron_supplement"}, {"name": "multivitamin"}]),
    (use(**named("Folic acid 5 mg tablet")), [{"name": "folic_acid"}]),
    (use(**named("Hydroxocobalamin 1 MG/ML Injectable Solution")), [{"name": "hydroxocobalamin"}]),
    # when it began and ended; the day a prescription was written says neither
    (use(authoredOn="2026-01-01"), [{"name": "metformin"}]),
    (
        use(**dosage(**repeat(boundsPeriod={"start": "2018-05"}))),
        [{"name": "metformin", "since": "2018-05", "dose": 500, "unit": "mg"}],
    ),
    (
        use(status="completed", **dosage(**repeat(boundsPeriod={"end": "2026-03"}))),
        [{"name": "metformin", "until": "2026-03", "dose": 500, "unit": "mg"}],
    ),
    (use("MedicationStatement", effectivePeriod={"start": "2019"}), [{"name": "metformin", "since": "2019"}]),
    (
        use("MedicationStatement", status="stopped", effectivePeriod={"end": "2025"}),
        [{"name": "metformin", "until": "2025"}],
    ),
    (
        use("MedicationStatement", status="completed", effectiveDateTime="2025"),
        [{"name": "metformin", "until": "2025"}],
    ),
    (use("MedicationStatement", status="not-taken"), [{"name": "metformin", "present": False}]),
    (
        use("MedicationAdministration", effectiveDateTime="2026-01-02"),
        [{"name": "metformin", "until": "2026-01-02", "last_given": "2026-01-02"}],
    ),
    (
        use("MedicationAdministration", **B12, effectiveDateTime="2026-01-02"),
        [{"name": "hydroxocobalamin", "last_given": "2026-01-02"}],
    ),
    (
        use("MedicationDispense", whenHandedOver="2026-11-01", daysSupply={"value": 90, "unit": "days"}),
        [{"name": "metformin", "last_given": "2026-11-01"}],
    ),
    (
        use("MedicationDispense", whenHandedOver="2026-01-01", daysSupply={"value": 30}),
        [{"name": "metformin", "until": "2026-01-31", "last_given": "2026-01-01"}],
    ),
    # dose and route, where they are plain
    (
        use(**dosage(route={"text": "Oral"}, **repeat(frequency=2, period=1, periodUnit="d"))),
        [{"name": "metformin", "dose": 1000, "unit": "mg/day", "route": "oral"}],
    ),
    (
        use(**dosage(**repeat(frequency=1, period=12, periodUnit="h"))),
        [{"name": "metformin", "dose": 1000, "unit": "mg/day"}],
    ),
    (
        use(**dosage(**repeat(frequency=1, period=2, periodUnit="mo"))),
        [{"name": "metformin", "dose": 250, "unit": "mg/month"}],
    ),
    (
        use(**dosage(route=coded("26643006", SNOMED))),
        [{"name": "metformin", "dose": 500, "unit": "mg", "route": "oral"}],
    ),
    (use(**dosage(**repeat(when=["C"]))), [{"name": "metformin"}]),
    (use(**dosage(asNeededBoolean=True, **repeat(frequency=1, period=1, periodUnit="d"))), [{"name": "metformin"}]),
    (use(dosageInstruction=[*dosage()["dosageInstruction"], *dosage()["dosageInstruction"]]), [{"name": "metformin"}]),
    (use(dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 0, "unit": "mg"}}]}]), [{"name": "metformin"}]),
    # a dose that is next to nothing once it is worked out
    (
        use(
            dosageInstruction=[
                {
                    "doseAndRate": [{"doseQuantity": {"value": 1e-20, "unit": "mg"}}],
                    **repeat(frequency=1, period=1e20, periodUnit="d"),
                }
            ]
        ),
        [{"name": "metformin"}],
    ),
    (
        use(dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 1, "unit": "glass"}}]}]),
        [{"name": "metformin"}],
    ),
    # the product inside the resource, elsewhere in the document, or only named
    (
        use(
            medicationCodeableConcept=None,
            medicationReference={"reference": "#m"},
            contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "Metformin"}}],
        ),
        [{"name": "metformin"}],
    ),
    (
        use(
            medicationCodeableConcept=None,
            medicationReference={"reference": "http://fhir.example/r4/Medication/m/_history/2"},
        ),
        [{"name": "omeprazole"}],
    ),
    (
        use(medicationCodeableConcept=None, medicationReference={"display": "Lansoprazole 15mg"}),
        [{"name": "lansoprazole"}],
    ),
]
PRODUCT = {
    "resourceType": "Medication",
    "id": "m",
    "code": {},
    "ingredient": [{"itemCodeableConcept": {"text": "Omeprazole"}}],
}


@pytest.mark.parametrize(("resource", "expected"), TAKEN, ids=range(len(TAKEN)))
def test_a_medicine_as_a_summary_takes_it(resource: Part, expected: list[Part]) -> None:
    found = mapped({key: one for key, one in resource.items() if one is not None}, PRODUCT)
    assert found.summary["medications"] == expected
    load_records(
        records_of_bundle({"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": resource}]}),
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (use(intent="proposal"), "is only proposed"),
        (use(doNotPerform=True), "says what is not to be given"),
        (use(status="draft"), "is only planned"),
        (use(status="cancelled"), "was cancelled"),
        (use(status="entered-in-error"), "was entered in error"),
        (use(status="completed"), "has ended, and nothing says when"),
        (use("MedicationAdministration", status="not-done"), "was not given"),
        (use("MedicationAdministration"), "does not say when it was given"),
        (use("MedicationDispense", whenHandedOver="2026-11-01"), "does not say for how long the supply lasts"),
        (
            use("MedicationDispense", whenHandedOver="9999-11-01", daysSupply={"value": 90}),
            "does not say for how long the supply lasts",
        ),
        (
            use("MedicationDispense", whenHandedOver="2026-11-01", daysSupply={"value": 2, "unit": "wk"}),
            "does not say for how long the supply lasts",
        ),
        (use(**named("Lisinopril 10 MG")), "is no medicine of the catalogue of facts"),
    ],
)
def test_a_medicine_that_is_not_taken_leaves_an_empty_list(resource: Part, why: str) -> None:
    found = mapped(resource)
    assert (found.summary["medications"], reason(found), found.warnings) == ([], why, ())


def test_a_b12_medicine_that_ended_nobody_knows_when_is_warned_of() -> None:
    (caution,) = mapped(use(status="completed", **B12)).warnings
    assert caution.message == "Hydroxocobalamin (B12) is not used: it has ended, and nothing says when"


def test_nitrous_oxide_that_was_given_is_an_anesthetic() -> None:
    gas = use(
        "MedicationAdministration", medicationCodeableConcept=coded("N01AX13", ATC), effectiveDateTime="2026-10-05"
    )
    assert mapped(gas).summary["procedures"] == [{"code": "nitrous_oxide_anesthesia", "date": "2026-10-05"}]


def known(*resources: Part, medications_known: bool) -> Records:
    return Records(tuple(record for one in (PATIENT, *resources) for record in placed(one, "x")), medications_known)


def test_only_a_list_known_to_be_whole_denies_medicines() -> None:
    assert map_records(known(medications_known=True), today=TODAY).summary["medications"] == []
    assert "medications" not in map_records(known(medications_known=False), today=TODAY).summary
    partial = map_records(known(use(), medications_known=False), today=TODAY)
    assert "medications" not in partial.summary
    assert partial.report[1].reason == "the list of medicines is not known to be whole"


def test_a_bundle_without_medicines_says_nothing_of_them_unless_it_says_that_there_are_none() -> None:
    assert "medications" not in mapped(condition()).summary
    none = {"resourceType": "List", "code": coded("10160-0"), "emptyReason": coded("nilknown", "")}
    assert mapped(none).summary["medications"] == []
    assert "medications" not in mapped({**none, "emptyReason": coded("notasked", "")}).summary


UNVERIFIED = next(code for code in catalogue().fact("intrinsic_factor_antibody").codes if not code.verified)
ANTIBODY = observation(code=coded(UNVERIFIED.code), valueString="positive")


def test_unverified_codes_count_only_when_they_are_switched_on() -> None:
    assert "labs" not in mapped(ANTIBODY).summary
    assert mapped(ANTIBODY, unverified_codes=True).summary["labs"][0]["test"] == "intrinsic_factor_antibody"


@pytest.mark.parametrize(("switched_on", "level"), [(False, "undetermined"), (True, "possible")])
def test_the_operator_switches_unverified_codes_on(switched_on: bool, level: str) -> None:
    client = create_app(Settings(unverified_codes=switched_on)).test_client()
    document = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": ANTIBODY}]}
    answer = client.post("/fhir/$assess?as_of=2026-11-22", json=document)
    assert f'"{level}"' in answer.text


@pytest.mark.parametrize(
    ("said", "expected", "warned"),
    [
        ({}, {"age": 66, "sex": "female"}, []),
        ({"birthDate": "1960-11-22"}, {"age": 66, "sex": "female"}, []),
        ({"birthDate": "1960-11-23"}, {"age": 65, "sex": "female"}, []),
        (
            {"birthDate": "1960"},
            {"age": 65, "sex": "female"},
            ["leaves the age open by a year: the younger one was used"],
        ),
        (
            {"birthDate": "2026"},
            {"age": 0, "sex": "female"},
            ["leaves the age open by a year: the younger one was used"],
        ),
        ({"gender": "OTHER"}, {"age": 66, "sex": "other"}, []),
        ({"gender": "divers"}, {"age": 66, "sex": "unknown"}, []),
        ({"gender": None}, {"age": 66, "sex": "unknown"}, []),
        ({"deceasedDateTime": "2026-01-01"}, {"age": 66, "sex": "female"}, ["says that the patient has died"]),
    ],
)
def test_age_and_sex(said: Part, expected: Part, warned: list[str]) -> None:
    found = mapped(patient={**PATIENT, **said})
    assert dict(found.summary) == expected
    assert [caution.message for caution in found.warnings] == warned


@pytest.mark.parametrize(
    ("subject", "taken"),
    [
        ({"reference": "Patient/p"}, True),
        ({"reference": "http://fhir.example/Patient/p/_history/3"}, True),
        ({"reference": "urn:uuid:p"}, True),
        ({"display": "The patient"}, True),
        ({"reference": "Patient/q"}, False),
        ({"reference": "urn:uuid:q"}, False),
        ({"reference": "Group/p"}, False),
        ({"reference": "Device/d"}, False),
    ],
)
def test_what_is_about_somebody_else_is_left_out(subject: Part, taken: bool) -> None:
    entries = [{"fullUrl": "urn:uuid:p", "resource": PATIENT}, {"resource": condition(subject=subject)}]
    found = map_records(records_of_bundle({"resourceType": "Bundle", "entry": entries}), today=TODAY)
    assert ("conditions" in found.summary) == taken
    assert taken or found.report[1].reason == "is about somebody else"


def test_of_two_patients_the_first_one_is_meant_and_each_resource_must_say_whose_it_is() -> None:
    other = {**PATIENT, "id": "q"}
    found = mapped(
        other, condition(), condition(subject={"reference": "Patient/q"}), condition(subject={"reference": "Patient/p"})
    )
    assert [line.reason for line in found.report[1:4]] == [
        "is not the first Patient, which is the one that is read",
        "does not say which of the patients it is about",
        "is about somebody else",
    ]
    assert found.summary["conditions"] == [{"code": "pernicious_anemia"}]


def test_a_list_longer_than_a_summary_may_have_is_cut() -> None:
    days = [f"{year}-{month:02}-01" for year in range(2000, 2026) for month in range(1, 13)]
    found = mapped(*(condition(onsetDateTime=day) for day in days))
    assert len(found.summary["conditions"]) == 200
    assert found.report[-1].reason == "is beyond the 200 that a list of a summary may have"


def test_a_resource_that_stands_alone_has_its_own_place() -> None:
    report = {"resourceType": "DiagnosticReport", "contained": [observation(), "x"]}
    assert [record.path for record in placed(report)] == ["", "contained[0]"]
    assert [record.path for record in placed(report, "prefetch.report")] == [
        "prefetch.report",
        "prefetch.report.contained[0]",
    ]
    assert Record("", {"resourceType": "no type"}).type == ""
