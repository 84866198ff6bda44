"""What the mapper makes of FHIR: one table for each kind of resource, a row for each promise."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.fhir import Mapped, load_records, map_records, records_of_bundle
from tests.summaries import TODAY

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
Part = dict[str, Any]


def coded(code: str, system: str = LOINC, **more: Any) -> Part:
    return {"coding": [{"system": system, "code": code}], **more}


B12, MMA, HB, FERRITIN, CCP = (coded(code) for code in ("2132-9", "13964-2", "718-7", "2276-4", "32218-0"))
PATIENT = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1960-02-03"}


def observation(**said: Any) -> Part:
    """A total B12 of 142 ng/L of 20 November, but for what is said; None leaves an element out."""
    base = {"resourceType": "Observation", "status": "final", "code": B12, "effectiveDateTime": "2026-11-20"}
    value = {} if any(name.startswith("value") for name in said) else {"valueQuantity": quantity(142, "ng/L")}
    return {key: one for key, one in {**base, **value, **said}.items() if one is not None}


def quantity(value: Any, unit: str | None = None, **more: Any) -> Part:
    return {"value": value, **({"unit": unit} if unit else {}), **more}


def mapped(*resources: Part, patient: Part = PATIENT, **options: Any) -> Mapped:
    entries = [{"resource": one} for one in (patient, *resources)]
    return map_records(records_of_bundle({"resourceType": "Bundle", "entry": entries}), today=TODAY, **options)


def reason(found: Mapped, place: int = 1) -> str | None:
    return found.report[place].reason


PLAIN = {"test": "b12_total", "value": Decimal(142), "unit": "ng/L", "date": "2026-11-20"}

RESULTS: list[tuple[Part, Part]] = [
    # by any of several codings, whatever the system is spelled like; the molar code as well as that by mass
    ({}, {}),
    ({"code": {"coding": [{"code": "B12"}, {"system": "https://loinc.org/", "code": "2132-9"}]}}, {}),
    ({"code": coded("2132-9", "urn:oid:2.16.840.1.113883.6.1")}, {}),
    ({"code": coded("14685-2"), "valueQuantity": quantity(90, "pmol/L")}, {"value": Decimal(90), "unit": "pmol/L"}),
    # by its whole name, where no LOINC code says what else it is
    ({"code": {"text": "Vitamin B12"}}, {}),
    ({"code": {"coding": [{"system": "urn:local", "code": "1", "display": "Serum B12"}]}}, {}),
    # units: the code, the printed one, wild spellings, and a number sent as a text
    ({"valueQuantity": quantity(142, code="pg/mL")}, {"unit": "pg/mL"}),
    ({"valueQuantity": quantity(142, "pg/ml", code="pg/mL")}, {"unit": "pg/mL"}),
    ({"valueQuantity": quantity(142, "pg per milliliter", code="B12-unit")}, {"unit": "pg/mL"}),
    ({"valueQuantity": quantity("142", "ng/L")}, {}),
    ({"valueQuantity": quantity(142.5, "ng/L")}, {"value": Decimal("142.5")}),
    # comparators and texts
    ({"valueQuantity": quantity(150, "ng/L", comparator="<")}, {"value": "<150"}),
    ({"valueQuantity": quantity(2000, "ng/L", comparator=">=")}, {"value": ">=2000"}),
    ({"valueString": "142 ng/L"}, {}),
    ({"valueString": "< 150 pg/mL"}, {"value": "<150", "unit": "pg/mL"}),
    ({"valueString": "≥2000 ng/L"}, {"value": ">=2000"}),
    # words for tests that are reported in words, and figures for the same tests
    ({"code": CCP, "valueString": "POSITIVE"}, {"test": "anti_ccp", "value": "positive", "unit": None}),
    ({"code": CCP, "valueBoolean": False}, {"test": "anti_ccp", "value": "negative", "unit": None}),
    (
        {"code": CCP, "valueCodeableConcept": coded("10828004", SNOMED)},
        {"test": "anti_ccp", "value": "positive", "unit": None},
    ),
    (
        {"code": CCP, "valueCodeableConcept": {"text": "Equivocal"}},
        {"test": "anti_ccp", "value": "borderline", "unit": None},
    ),
    (
        {"code": CCP, "valueQuantity": None, "interpretation": [coded("NEG", "")]},
        {"test": "anti_ccp", "value": "negative", "unit": None},
    ),
    # how the laboratory flagged it, which is enough when there is no figure or none that can be read
    ({"interpretation": [coded("LL", "")]}, {"interpretation": "low"}),
    ({"interpretation": coded("H", "")}, {"interpretation": "high"}),
    ({"interpretation": [{"text": "Normal"}]}, {"interpretation": "normal"}),
    ({"interpretation": [coded("H", ""), coded("L", "")]}, {}),
    ({"interpretation": [coded("A", "")]}, {}),
    (
        {"valueQuantity": None, "interpretation": [coded("L", "")]},
        {"value": None, "unit": None, "interpretation": "low"},
    ),
    (
        {"valueQuantity": quantity(142), "interpretation": [coded("L", "")]},
        {"value": None, "unit": None, "interpretation": "low"},
    ),
    # the reference range: the normal one, in the value's unit
    (
        {"referenceRange": [{"low": quantity(180), "high": quantity(900, "ng/L")}]},
        {"reference_range": {"low": 180, "high": 900}},
    ),
    ({"referenceRange": [{"low": quantity(133, "pmol/L"), "high": quantity(900)}]}, {"reference_range": {"high": 900}}),
    ({"referenceRange": [{"text": "180 - 914 pg/mL"}]}, {"reference_range": {"low": 180, "high": 914}}),
    ({"referenceRange": [{"text": ">180"}]}, {"reference_range": {"low": 180}}),
    (
        {"code": FERRITIN, "referenceRange": [{"text": "<= 300"}], "valueQuantity": quantity(30, "ug/L")},
        {"test": "ferritin", "value": 30, "unit": "ug/L", "reference_range": {"high": 300}},
    ),
    ({"referenceRange": [{"text": "133 - 675 pmol/L"}]}, {}),
    ({"referenceRange": [{"text": "see report"}]}, {}),
    ({"referenceRange": [{"text": f"180.{'0' * 60} - 914"}]}, {}),
    ({"referenceRange": [{"text": f">{'0' * 60}180"}]}, {}),
    ({"referenceRange": [{"low": quantity(180)}, {"low": quantity(200)}]}, {}),
    (
        {"referenceRange": [{"low": quantity(180)}, {"low": quantity(9), "type": coded("treatment", "")}]},
        {"reference_range": {"low": 180}},
    ),
    ({"referenceRange": [{"low": quantity(900), "high": quantity(180)}]}, {}),
    # statuses that stand for a result, and where its date is found
    ({"status": "amended"}, {}),
    ({"status": "corrected"}, {}),
    ({"status": None}, {}),
    ({"effectiveDateTime": "2026-11"}, {"date": "2026-11"}),
    ({"effectiveDateTime": None, "issued": "2026-11-19T08:00:00Z"}, {"date": "2026-11-19"}),
    (
        {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-11-17", "end": "2026-11-18"}},
        {"date": "2026-11-18"},
    ),
    ({"effectiveDateTime": "2026-11-20 08:30"}, {}),
    ({"effectiveDateTime": "yesterday"}, {"date": None}),
    ({"effectiveDateTime": "2026-11-23T01:00:00+13:00"}, {"date": "2026-11-22"}),
]


@pytest.mark.parametrize(("said", "expected"), RESULTS, ids=range(len(RESULTS)))
def test_a_result_as_a_summary_takes_it(said: Part, expected: Part) -> None:
    wanted = {key: one for key, one in {**PLAIN, **expected}.items() if one is not None}
    found = mapped(observation(**said))
    assert found.summary["labs"] == [wanted]
    assert found.report[1].used_as == ("labs[0]",)


LOST = [
    ({"valueQuantity": quantity(142)}, "has no unit"),
    ({"valueString": "142"}, "has no unit"),
    ({"valueQuantity": quantity(142, "mmol/L")}, "has a unit that the test is not read in"),
    ({"valueString": "142 mmol/L"}, "has a unit that the test is not read in"),
    ({"valueQuantity": quantity(142, "ng/L", code="pmol/L")}, "has a unit and a code of another unit"),
    ({"valueQuantity": quantity(142, "ng/L", code="g/dL")}, "has a unit and a code of another unit"),
    ({"valueQuantity": quantity("low", "ng/L")}, "has no number"),
    ({"valueQuantity": quantity(142, "ng/L", comparator="ad")}, "has a comparator that is not known"),
    ({"valueQuantity": quantity(0, "ng/L", comparator="<")}, "is a bound that no result can have"),
    ({"valueQuantity": quantity(9_000_000, "ng/L")}, "is not plausible in its unit"),
    ({"valueString": "see comment"}, "is in words that are not known"),
    ({"valueString": f"350.{'0' * 60} pg/mL"}, "has no number that a measurement can be"),
    ({"valueString": f"< {'9' * 60} pg/mL"}, "has no number that a measurement can be"),
    ({"valueString": "positive"}, "is in words, and the test is not reported in words"),
    ({"valueRange": {"low": quantity(1)}}, "is of a kind that is not read"),
    ({"status": "final-ish"}, "has a status that is not known"),
    ({"effectiveDateTime": "2027-01-01"}, "is dated after the day of the assessment"),
    ({"effectiveDateTime": "2027-01-01T99:99:99Z"}, "is dated after the day of the assessment"),
    ({"effectiveDateTime": "9999-12-31T23:59:59-14:00"}, "is dated after the day of the assessment"),
    ({"code": {"coding": [*B12["coding"], *HB["coding"]]}}, "has codes of different tests"),
]


@pytest.mark.parametrize(("said", "why"), LOST, ids=[why for _, why in LOST])
def test_a_b12_that_cannot_be_used_is_reported_and_warned_of_in_every_rendering(said: Part, why: str) -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": observation(**said)}]}
    intake, found = load_records(records_of_bundle(bundle), today=TODAY)
    assert reason(found) == why
    assert "labs" not in found.summary
    warned = [(caution.path, caution.message) for caution in intake.inputs.warnings]
    assert warned == [("entry[1].resource", f"Total vitamin B12 (serum cobalamin) is not used: it {why}")]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"status": "registered"}, "is not ready yet"),
        ({"status": "cancelled"}, "was cancelled"),
        ({"status": "entered-in-error"}, "was entered in error"),
        ({"valueQuantity": None, "dataAbsentReason": coded("unknown")}, "has no value"),
        ({"valueQuantity": {"unit": "ng/L"}}, "has no value"),
        ({"code": coded("16695-9")}, "is about nothing in the catalogue of facts"),
        ({"code": coded("16695-9", text="Vitamin B12")}, "is about nothing in the catalogue of facts"),
        (
            {"code": {"text": "Creatinine"}, "specimen": {"display": "Urine"}},
            "is about nothing in the catalogue of facts",
        ),
        (
            {"valueQuantity": None, "hasMember": [{"reference": "x"}]},
            "only names results, which are read where they stand",
        ),
    ],
)
def test_what_is_no_result_is_left_out_without_a_warning(said: Part, why: str) -> None:
    found = mapped(observation(**said))
    assert (reason(found), found.warnings, "labs" in found.summary) == (why, (), False)


def test_what_is_unsure_of_a_b12_that_is_used_is_warned_of() -> None:
    assert [caution.message for caution in mapped(observation(status="preliminary")).warnings] == [
        "Total vitamin B12 (serum cobalamin) is preliminary"
    ]
    flagged = mapped(observation(valueQuantity=quantity(142), interpretation=[coded("L", "")]))
    assert [caution.message for caution in flagged.warnings] == [
        "Total vitamin B12 (serum cobalamin): only the laboratory's flag is used, since the result has no unit"
    ]


def b12(value: Any, when: str | None = "2026-11-20", unit: str = "ng/L", **more: Any) -> Part:
    return observation(valueQuantity=quantity(value, unit) if unit else quantity(value), effectiveDateTime=when, **more)


DECISIONS = [
    # the newest decides
    ([b12(300, "2025-01-01"), b12(142)], 142, {1: "is older than entry[2].resource"}),
    ([b12(142), b12(300, "2025-01-01")], 142, {2: "is older than entry[1].resource"}),
    # the same twice, also in the other unit, which rounds
    ([b12(142), b12(142)], 142, {2: "repeats entry[1].resource"}),
    ([b12(142), b12(105, unit="pmol/L", code=coded("14685-2"))], 142, {2: "repeats entry[1].resource"}),
    # two on one day: the later hour decides, a final one before a preliminary one
    (
        [b12(142, "2026-11-20T08:00:00Z"), b12(150, "2026-11-20T09:00:00Z")],
        150,
        {1: "is earlier on the same day than entry[2].resource"},
    ),
    ([b12(142, status="preliminary"), b12(150)], 150, {1: "is preliminary, and the final one is there"}),
    # a result without a date beside one that has a date
    ([b12(142, None), b12(150)], 150, {1: "has no date, and another result of the test has one"}),
    # nobody can say which: then none decides, and no older one stands in
    ([b12(142), b12(150), b12(400, "2020")], None, {3: "is older than results of the test that contradict each other"}),
    ([b12(142, "2026-11"), b12(150)], None, {}),
    (
        [b12(142, None), b12(150, None)],
        None,
        {1: "differs from another result of the test, and nothing says which is the newer one"},
    ),
    ([b12(142), b12(142, unit="pmol/L", code=coded("14685-2"))], None, {}),
    # the newest cannot be read: an older one does not stand in for it
    ([b12(400, "2025-01-01"), b12(142, unit="")], None, {1: "is older than a result of the test that cannot be used"}),
    ([b12(400, "2026-11-20"), b12(142, unit="")], 400, {2: "has no unit"}),
    ([b12(400, "2026-11-21"), b12(142, unit="")], 400, {2: "has no unit"}),
]


@pytest.mark.parametrize(("results", "decides", "reasons"), DECISIONS, ids=range(len(DECISIONS)))
def test_which_of_several_results_decides(results: list[Part], decides: int | None, reasons: dict[int, str]) -> None:
    found = mapped(*results)
    assert [lab["value"] for lab in found.summary.get("labs", [])] == ([] if decides is None else [decides])
    assert {place: reason(found, place) for place in reasons} == reasons
    lost = [line for line in found.report if line.reason and "entry[" not in line.reason and "final" not in line.reason]
    assert len(found.warnings) == len(lost)


def test_words_of_one_day_that_differ_contradict_each_other() -> None:
    said = [observation(code=CCP, valueString=word) for word in ("positive", "negative")]
    assert "labs" not in mapped(*said).summary
    flags = [observation(code=CCP, valueQuantity=None, interpretation=[coded(code, "")]) for code in ("H", "H", "L")]
    assert mapped(*flags[:2]).summary["labs"][0]["interpretation"] == "high"
    assert "labs" not in mapped(*flags).summary
    assert "labs" not in mapped(said[0], observation(code=CCP, valueQuantity=quantity(3, "U/mL"))).summary


def test_a_panel_gives_a_result_for_each_component_it_can_read() -> None:
    components = [
        {"code": HB, "valueQuantity": quantity(9.1, "g/dL")},
        {"code": FERRITIN, "valueQuantity": quantity(30)},
        {"code": {"text": "Remark"}, "valueString": "hemolyzed"},
    ]
    found = mapped(observation(code={"text": "Panel"}, valueQuantity=None, component=components))
    assert found.summary["labs"] == [
        {"test": "hemoglobin", "value": Decimal("9.1"), "unit": "g/dL", "date": "2026-11-20"}
    ]
    assert reason(found) == "has no unit; is about nothing in the catalogue of facts"


FINDINGS: list[tuple[Part, Part]] = [
    (
        {"code": coded("84229001", SNOMED), "valueBoolean": True},
        {"symptoms": [{"code": "fatigue", "date": "2026-11-20"}]},
    ),
    (
        {"code": coded("84229001", SNOMED), "valueCodeableConcept": coded("2667000", SNOMED)},
        {"symptoms": [{"code": "fatigue", "present": False, "date": "2026-11-20"}]},
    ),
    (
        {"code": {"text": "Symptom"}, "valueCodeableConcept": {"text": "Pins and needles"}},
        {"symptoms": [{"code": "paresthesia", "date": "2026-11-20"}]},
    ),
    (
        {"code": {"text": "Joint pain"}, "valueBoolean": True, "bodySite": {"text": "Both knees, left hand"}},
        {"symptoms": [{"code": "joint_pain", "date": "2026-11-20", "sites": ["hand"], "laterality": "both"}]},
    ),
    (
        {"code": {"text": "Joint pain"}, "valueBoolean": True, "bodySite": {"text": "right hand, both knees"}},
        {"symptoms": [{"code": "joint_pain", "date": "2026-11-20", "sites": ["hand"], "laterality": "both"}]},
    ),
    (
        {
            "code": {"text": "Joint pain"},
            "valueBoolean": True,
            "bodySite": [{"text": "left knee"}, {"text": "right knee"}],
        },
        {"symptoms": [{"code": "joint_pain", "date": "2026-11-20", "sites": ["knee"], "laterality": "both"}]},
    ),
    (
        {"code": coded("72166-2"), "valueCodeableConcept": coded("449868002", SNOMED)},
        {"history": [{"code": "smoking", "date": "2026-11-20"}]},
    ),
    (
        {"code": coded("72166-2"), "valueCodeableConcept": coded("266919005", SNOMED)},
        {"history": [{"code": "smoking", "present": False, "date": "2026-11-20"}]},
    ),
    (
        {"code": {"text": "Dietary habit"}, "valueCodeableConcept": {"text": "Vegan diet"}},
        {"diet": {"pattern": "vegan"}},
    ),
    ({"code": {"text": "Vegan"}, "valueBoolean": True}, {"diet": {"pattern": "vegan"}}),
    ({"code": coded("82810-3"), "valueCodeableConcept": coded("77386006", SNOMED)}, {"pregnant": True}),
    ({"code": coded("82810-3"), "valueCodeableConcept": coded("LA26683-5")}, {"pregnant": False}),
    ({"code": {"text": "Swollen small joints"}, "valueInteger": 3}, {"joints": {"swollen_small": 3}}),
    (
        {"code": {"text": "Morning stiffness"}, "valueQuantity": quantity(45, "min")},
        {"joints": {"morning_stiffness_minutes": 45}},
    ),
]


@pytest.mark.parametrize(("said", "expected"), FINDINGS, ids=range(len(FINDINGS)))
def test_a_finding_as_a_summary_takes_it(said: Part, expected: Part) -> None:
    assert dict(mapped(observation(**said)).summary) == {"age": 66, "sex": "female", **expected}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"code": {"text": "Fatigue"}, "valueString": "sometimes"}, "has no answer that is known"),
        (
            {"code": {"text": "Fatigue"}, "valueBoolean": True, "effectiveDateTime": "2024"},
            "was noted too long ago to say anything of today",
        ),
        (
            {"code": coded("82810-3"), "valueBoolean": True, "effectiveDateTime": "2025-01-01"},
            "was noted too long ago to say anything of today",
        ),
        (
            {"code": coded("82810-3"), "valueBoolean": False, "effectiveDateTime": "2026-09-01"},
            "was noted too long ago to say anything of today",
        ),
        (
            {"code": {"text": "Fatigue"}, "valueBoolean": True, "effectiveDateTime": "2027"},
            "is dated after the day of the assessment",
        ),
        ({"code": {"text": "Vegan"}, "valueBoolean": False}, "says only what is not eaten"),
        ({"code": {"text": "Sex"}, "valueString": "yes"}, "is read from the Patient alone"),
        ({"code": {"text": "Swollen small joints"}, "valueInteger": 99}, "has a number that is not plausible"),
        ({"code": {"text": "Morning stiffness"}, "valueQuantity": quantity(1, "h")}, "has no number that can be read"),
        (
            {"code": {"text": "Swollen small joints"}, "valueInteger": 2, "effectiveDateTime": "2024"},
            "is dated after the day of the assessment, or over a year ago",
        ),
        (
            {"code": {"text": "Weeks of pregnancy"}, "valueQuantity": quantity(20, "wk")},
            "does not come with a pregnancy",
        ),
        ({"code": {"text": "No fatigue at all"}, "valueBoolean": True}, "is about nothing in the catalogue of facts"),
    ],
)
def test_a_finding_that_says_nothing_of_today_is_left_out(said: Part, why: str) -> None:
    found = mapped(observation(**said))
    assert (reason(found), dict(found.summary)) == (why, {"age": 66, "sex": "female"})


def condition(**said: Any) -> Part:
    base = {"resourceType": "Condition", "code": {"text": "Pernicious anemia"}}
    return {key: one for key, one in {**base, **said}.items() if one is not None}


def status(clinical: str) -> Part:
    return {"clinicalStatus": {"coding": [{"code": clinical}]}}


CONDITIONS: list[tuple[Part, Part]] = [
    ({}, {"conditions": [{"code": "pernicious_anemia"}]}),
    (
        {**status("remission"), "onsetDateTime": "2020-05"},
        {"conditions": [{"code": "pernicious_anemia", "since": "2020-05"}]},
    ),
    ({"clinicalStatus": "active"}, {"conditions": [{"code": "pernicious_anemia"}]}),
    (
        {**status("resolved"), "abatementDateTime": "2024"},
        {"conditions": [{"code": "pernicious_anemia", "until": "2024"}]},
    ),
    ({"abatementDateTime": "2027"}, {"conditions": [{"code": "pernicious_anemia"}]}),
    # a period of onset is one in which it began, not one in which it was over
    (
        {**status("active"), "onsetPeriod": {"start": "2020-01-01", "end": "2020-06-30"}},
        {"conditions": [{"code": "pernicious_anemia", "since": "2020-01-01"}]},
    ),
    (
        {**status("resolved"), "abatementPeriod": {"start": "2024-01", "end": "2024-03"}},
        {"conditions": [{"code": "pernicious_anemia", "until": "2024-03"}]},
    ),
    ({"verificationStatus": coded("refuted", "")}, {"conditions": [{"code": "pernicious_anemia", "present": False}]}),
    ({"code": coded("E11.9", "http://hl7.org/fhir/sid/icd-10-cm")}, {"conditions": [{"code": "type_2_diabetes"}]}),
    ({"code": coded("709044004", SNOMED)}, {"conditions": [{"code": "chronic_kidney_disease"}]}),
    (
        {"code": {"text": "Type 2 diabetes mellitus without complication"}},
        {"conditions": [{"code": "type_2_diabetes"}]},
    ),
    ({"code": {"text": "Back pain"}}, {"symptoms": [{"code": "back_pain"}]}),
    # what was cut out stays out, whatever became of the problem
    (
        {**status("resolved"), "code": {"text": "Gastrectomy"}, "onsetDateTime": "2001"},
        {"procedures": [{"code": "gastrectomy", "date": "2001"}]},
    ),
    ({"code": {"text": "History of gastric bypass"}}, {"procedures": [{"code": "gastric_bypass"}]}),
    ({"code": coded("77386006", SNOMED), "recordedDate": "2026-09-01"}, {"pregnant": True}),
]


@pytest.mark.parametrize(("said", "expected"), CONDITIONS, ids=range(len(CONDITIONS)))
def test_a_condition_as_a_summary_takes_it(said: Part, expected: Part) -> None:
    assert dict(mapped(condition(**said)).summary) == {"age": 66, "sex": "female", **expected}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"verificationStatus": coded("entered-in-error", "")}, "was entered in error"),
        ({"verificationStatus": coded("provisional", "")}, "is not confirmed"),
        ({"verificationStatus": coded("differential", "")}, "is not confirmed"),
        (status("resolved"), "is resolved, and nothing says since when"),
        ({**status("resolved"), "onsetPeriod": {"end": "2020"}}, "is resolved, and nothing says since when"),
        ({"onsetDateTime": "2027-05"}, "is dated after the day of the assessment"),
        ({"onsetDateTime": "2020", "abatementDateTime": "2010"}, "ends before it begins"),
        ({"code": {"text": "Family history of pernicious anemia"}}, "is about nothing in the catalogue of facts"),
        ({"code": {"text": "Suspected celiac disease"}}, "is about nothing in the catalogue of facts"),
        ({"code": {"text": "Gestational diabetes mellitus"}}, "is about nothing in the catalogue of facts"),
        ({"code": {"text": "History of gout"}}, "is about nothing in the catalogue of facts"),
        ({"code": coded("77386006", SNOMED), "verificationStatus": coded("refuted", "")}, "was refuted"),
        ({"code": coded("77386006", SNOMED), "abatementDateTime": "2026-05"}, "is over"),
    ],
)
def test_a_condition_that_is_not_known_to_be_there_is_left_out(said: Part, why: str) -> None:
    found = mapped(condition(**said))
    assert (reason(found), dict(found.summary)) == (why, {"age": 66, "sex": "female"})


def test_a_name_that_no_code_backs_is_reported_as_such() -> None:
    assert reason(mapped(condition())) == "recognized by its name, not by a code"
    assert reason(mapped(condition(code=coded("709044004", SNOMED)))) is None


def test_what_is_said_to_be_there_and_not_there_counts_as_there_unless_a_newer_word_says_otherwise() -> None:
    refuted = condition(verificationStatus=coded("refuted", ""))
    found = mapped(condition(), refuted)
    assert found.summary["conditions"] == [{"code": "pernicious_anemia"}]
    assert reason(found, 2) == "is contradicted by another resource"
    fatigue = {"code": coded("84229001", SNOMED)}
    gone = observation(**fatigue, valueBoolean=False, effectiveDateTime="2026-11-01")
    there = observation(**fatigue, valueBoolean=True, effectiveDateTime="2026-10-01")
    assert mapped(there, gone).summary["symptoms"] == [{"code": "fatigue", "present": False, "date": "2026-11-01"}]


def test_of_statements_the_newest_counts_and_those_of_one_day_must_agree() -> None:
    def said(value: bool, when: str) -> Part:
        return observation(code=coded("82810-3"), valueBoolean=value, effectiveDateTime=when)

    assert mapped(said(True, "2026-10-01"), said(False, "2026-11-01")).summary["pregnant"] is False
    assert "pregnant" not in mapped(said(True, "2026-11-01"), said(False, "2026-11-01")).summary
    man = {**PATIENT, "gender": "male"}
    found = mapped(said(True, "2026-11-01"), patient=man)
    assert ("pregnant" in found.summary, reason(found)) == (False, "does not fit a male patient")


def procedure(**said: Any) -> Part:
    return {
        "resourceType": "Procedure",
        "status": "completed",
        "code": {"text": "Laparoscopic sleeve gastrectomy"},
        **said,
    }


@pytest.mark.parametrize(
    ("said", "expected", "why"),
    [
        ({}, [{"code": "sleeve_gastrectomy"}], "recognized by its name, not by a code"),
        (
            {"performedDateTime": "2017-03"},
            [{"code": "sleeve_gastrectomy", "date": "2017-03"}],
            "recognized by its name, not by a code",
        ),
        (
            {"performedPeriod": {"start": "2017", "end": "2018"}},
            [{"code": "sleeve_gastrectomy", "date": "2018"}],
            "recognized by its name, not by a code",
        ),
        ({"status": "not-done"}, None, "was not done, or not to its end"),
        ({"code": {"text": "Reversal of gastric bypass"}}, None, "is about nothing in the catalogue of facts"),
    ],
)
def test_a_procedure_that_was_done_stays_done(said: Part, expected: Any, why: str) -> None:
    found = mapped(procedure(**said))
    assert (found.summary.get("procedures"), reason(found)) == (expected, why)
