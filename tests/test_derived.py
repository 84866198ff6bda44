"""Facts computed from other facts: each limit, its boundary, and what is unknown in gives unknown out."""

from decimal import Decimal

import pytest

from rules.dates import Period
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.derived.biotin import biotin_over_5_mg_a_day
from rules.derived.blood import who_limits
from rules.derived.confusion import new_or_worsening_confusion
from rules.derived.joints import (
    ACHES,
    girdle_pain,
    joint_complaint_months,
    joint_swelling_known,
    several_swollen_joints,
    small_joint_pain,
    small_joint_swelling,
    symmetric_joints,
    weight_bearing_joint_pain,
)
from rules.derived.one_sided import (
    longstanding_weakness_or_numbness,
    new_one_sided_weakness_or_numbness,
    new_weakness_or_numbness,
    one_sided_weakness_or_numbness,
)
from rules.derived.samples import b12_treatment_before_mma_sample, b12_treatment_before_sample
from rules.derived.sphincters import longstanding_stable_sphincter_symptom, recent_or_worsening_sphincter_symptom
from rules.derived.treatment import (
    acid_suppressant_months,
    b12_by_injection,
    daily_micrograms,
    injection_within_two_weeks,
    metformin_months,
    nitrous_oxide_exposure,
    on_b12_treatment,
)
from rules.truth import Truth
from tests.core_helpers import item, lab, patient

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

# age, sex, what is said of pregnancy, hemoglobin in g/L, anemia
ANEMIA = [
    (50, "male", {"pregnant": False}, "129.9", T),
    (50, "male", {"pregnant": False}, "130", F),
    (50, "female", {"pregnant": False}, "119.9", T),
    (50, "female", {"pregnant": False}, "120", F),
    (15, "female", {"pregnant": False}, "119", T),
    (14, "female", {"pregnant": False}, "60", U),
    (50, "other", {"pregnant": False}, "119.9", T),
    (50, "other", {"pregnant": False}, "120", U),
    (50, "unknown", {"pregnant": False}, "129.9", U),
    (50, "unknown", {"pregnant": False}, "130", F),
    (30, "female", {}, "104.9", T),
    (30, "female", {}, "105", U),
    (30, "female", {}, "119.9", U),
    (30, "female", {}, "120", F),
    (30, "unknown", {}, "104.9", T),
    (30, "unknown", {}, "129.9", U),
    (30, "unknown", {}, "130", F),
    (30, "female", {"gestation_weeks": 20}, "110", U),
    (30, "female", {"pregnant": True}, "104.9", T),
    (30, "female", {"pregnant": True}, "105", U),
    (30, "female", {"pregnant": True}, "109.9", U),
    (30, "female", {"pregnant": True}, "110", F),
    (30, "female", {"pregnant": True, "gestation_weeks": 13}, "109.9", T),
    (30, "female", {"pregnant": True, "gestation_weeks": 13}, "110", F),
    (30, "female", {"pregnant": True, "gestation_weeks": 14}, "104.9", T),
    (30, "female", {"pregnant": True, "gestation_weeks": 14}, "105", F),
    (30, "female", {"pregnant": True, "gestation_weeks": 27}, "105", F),
    (30, "female", {"pregnant": True, "gestation_weeks": 28}, "109.9", T),
    (30, "female", {"pregnant": True, "gestation_weeks": 28}, "110", F),
    (50, "female", {"pregnant": False}, "<120", T),
    (50, "female", {"pregnant": False}, "<125", U),
    (50, "female", {"pregnant": False}, ">120", F),
]


@pytest.mark.parametrize(("age", "sex", "said", "hemoglobin", "truth"), ANEMIA)
def test_anemia_by_the_who_limits_that_could_apply(age, sex, said, hemoglobin, truth) -> None:
    facts = patient(lab("hemoglobin", f"{hemoglobin} g/L"), age=age, sex=sex, **said)
    assert DERIVED["anemia"](facts) is truth


MAN = {"sex": "male", "pregnant": False}


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(**MAN), U),
        (patient(lab("hemoglobin", "12.9 g/dL"), **MAN), T),
        (patient(lab("hemoglobin", "13.0 g/dL"), **MAN), F),
        (patient(lab("hemoglobin", "8.0 mmol/L"), **MAN), T),
        (patient(lab("hemoglobin", "8.1 mmol/L"), **MAN), F),
        # the laboratory's own lower limit replaces the guideline's
        (patient(lab("hemoglobin", "134 g/L", low="135"), **MAN), T),
        (patient(lab("hemoglobin", "128 g/L", low="125"), **MAN), F),
        (patient(lab("hemoglobin", "128 g/L", high="170"), **MAN), T),
        (patient(lab("hemoglobin", "100 g/L", low="110"), age=10, **MAN), T),
        (patient(lab("hemoglobin", flag="low"), **MAN), T),
        (patient(lab("hemoglobin", flag="normal"), **MAN), F),
        # stated, or by the hematocrit
        (patient(item("macrocytic_anemia"), **MAN), T),
        (patient(item("macrocytic_anemia", present=False), **MAN), U),
        (patient(lab("hematocrit", flag="low"), **MAN), T),
        (patient(lab("hematocrit", "30 %", low="40"), **MAN), T),
        (patient(lab("hematocrit", "45 %", low="40"), **MAN), U),
        (patient(lab("hemoglobin", "150 g/L"), lab("hematocrit", "45 %", low="40"), **MAN), F),
    ],
)
def test_anemia_by_the_laboratory_or_as_stated(facts, truth: Truth) -> None:
    assert DERIVED["anemia"](facts) is truth


def test_the_limits_that_could_apply_when_nothing_is_known() -> None:
    assert set(who_limits(patient(sex="unknown"))) == {Decimal(limit) for limit in (130, 120, 110, 105)}


# what is known, on B12 treatment
TREATMENT = [
    (patient(), U),
    (patient(listed=True), U),  # the list says nothing of what is bought in a shop
    (patient(listed=True, b12_supplement=False), F),
    (patient(b12_supplement=False), U),
    (patient(b12_supplement=True), T),
    (patient(b12_supplement=True, listed=True), T),
    (patient(item("cyanocobalamin")), T),
    (patient(item("hydroxocobalamin", route="im")), T),
    (patient(item("mecobalamin", dose="10", dose_unit="ug")), T),
    (patient(item("cyanocobalamin", present=False), listed=True, b12_supplement=False), F),
    (patient(item("cyanocobalamin", present=False)), U),
    (patient(item("hydroxocobalamin", until="2025-11-15")), T),
    (patient(item("hydroxocobalamin", until="2025-10-15")), T),
    (patient(item("hydroxocobalamin", until="2025-09-15"), listed=True, b12_supplement=False), F),
    (patient(item("hydroxocobalamin", until="2025-10"), listed=True, b12_supplement=False), U),
    (patient(item("hydroxocobalamin", until="2025"), listed=True, b12_supplement=False), U),
    (patient(item("hydroxocobalamin", last_given="2025-11-15"), listed=True, b12_supplement=False), T),
    (patient(item("hydroxocobalamin", last_given="2025-09-15"), listed=True, b12_supplement=False), F),
    (patient(item("hydroxocobalamin", last_given="2025-09-15", until="2025-12-15"), listed=True), T),
    (patient(item("multivitamin"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", dose="50", dose_unit="ug/day"), listed=True), T),
    (patient(item("multivitamin", dose="49.9", dose_unit="ug/day"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", dose="0.05", dose_unit="mg/day"), listed=True), T),
    (patient(item("multivitamin", dose="50", dose_unit="ug"), listed=True), T),
    (patient(item("multivitamin", dose="2", dose_unit="tablet/day"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", dose="100", dose_unit="ug/week"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", dose="350", dose_unit="ug/week"), listed=True), T),
    (patient(item("multivitamin", route="im"), listed=True), T),
    (patient(item("multivitamin", route="oral"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", route="sc", until="2025-06"), listed=True, b12_supplement=False), F),
    (patient(item("multivitamin", present=False, dose="50", dose_unit="ug"), listed=True, b12_supplement=False), F),
    (patient(item("folic_acid", dose="5", dose_unit="mg/day"), listed=True, b12_supplement=False), F),
]


@pytest.mark.parametrize(("facts", "truth"), TREATMENT)
def test_on_b12_treatment(facts, truth: Truth) -> None:
    assert on_b12_treatment(facts) is truth


@pytest.mark.parametrize(
    ("dose", "unit", "micrograms"),
    [
        ("50", "ug/day", "50"),
        ("1", "mg", "1000"),
        ("0.001", "g/day", "1000"),
        ("70", "ug/week", "10"),
        ("300", "ug/month", "10"),
        ("25", "ug/dose", "25"),
    ],
)
def test_daily_micrograms(dose: str, unit: str, micrograms: str) -> None:
    assert daily_micrograms(item("multivitamin", dose=dose, dose_unit=unit)) == Decimal(micrograms)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"dose": "50"},
        {"dose_unit": "ug"},
        {"dose": "1", "dose_unit": "tablet"},
        {"dose": "1", "dose_unit": "ug/hour"},
    ],
)
def test_a_dose_that_was_not_stated_by_mass(said) -> None:
    assert daily_micrograms(item("multivitamin", **said)) is None


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(listed=True), F),
        (patient(b12_supplement=True), U),
        (patient(b12_supplement=True, listed=True), F),
        (patient(item("multivitamin", dose="100", dose_unit="ug"), listed=True), F),
        (patient(item("hydroxocobalamin")), U),
        (patient(item("hydroxocobalamin", route="oral")), F),
        (patient(item("hydroxocobalamin", route="im")), U),
        (patient(item("hydroxocobalamin", route="im", last_given="2026-01-01")), T),
        (patient(item("hydroxocobalamin", route="sc", last_given="2026-01-15")), T),
        (patient(item("hydroxocobalamin", route="im", last_given="2025-12-31")), F),
        (patient(item("hydroxocobalamin", route="im", last_given="2026-01")), T),
        (patient(item("hydroxocobalamin", route="im", last_given="2025")), F),
        (patient(item("hydroxocobalamin", route="im", until="2026-01-10")), T),
        (patient(item("hydroxocobalamin", route="im", present=False), listed=True), F),
        (patient(item("hydroxocobalamin", last_given="2026-01-14")), T),
        (patient(item("hydroxocobalamin", last_given="2025-12-01")), F),
        (patient(item("cyanocobalamin", last_given="2026-01-14")), U),
        (patient(item("cyanocobalamin", last_given="2025-12-01")), F),
        (
            patient(
                item("cyanocobalamin", last_given="2026-01-14"),
                item("hydroxocobalamin", route="im", last_given="2025-06-01"),
            ),
            U,
        ),
        (
            patient(
                item("cyanocobalamin", route="oral"), item("hydroxocobalamin", route="im", last_given="2026-01-10")
            ),
            T,
        ),
    ],
)
def test_a_b12_injection_in_the_last_two_weeks(facts, truth: Truth) -> None:
    assert injection_within_two_weeks(facts) is truth


TAKEN = {"date": Period.parse("2026-01-08")}
LOW = lab("b12_total", "90 ng/L", **TAKEN)
LOW_ACTIVE = lab("b12_active", "10 pmol/L", date=Period.parse("2026-01-12"))
UNDATED = lab("b12_total", "90 ng/L")


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(LOW), U),
        (patient(item("hydroxocobalamin", since="2026-01-07")), U),
        (patient(LOW, item("hydroxocobalamin")), U),
        (patient(UNDATED, item("hydroxocobalamin", since="2026-01-10")), U),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-07")), T),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-08")), U),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09")), F),
        (patient(LOW, item("hydroxocobalamin", since="2026-01")), U),
        (patient(LOW, item("hydroxocobalamin", since="2025")), T),
        # a last dose after the sample says nothing of the first; one before it does
        (patient(LOW, item("hydroxocobalamin", last_given="2026-01-10")), U),
        (patient(LOW, item("hydroxocobalamin", last_given="2026-01-07")), T),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09", last_given="2026-01-12")), F),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), item("cyanocobalamin")), U),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), item("cyanocobalamin", since="2025")), T),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), item("cyanocobalamin", present=False)), F),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), b12_supplement=True), U),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), b12_supplement=False), F),
        # what ended long ago is no treatment today
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), item("cyanocobalamin", until="2020")), F),
        (patient(LOW, item("hydroxocobalamin", since="2026-01-09"), item("multivitamin", since="2020")), F),
        (patient(LOW, item("multivitamin", route="im", since="2026-01-09")), F),
        (patient(LOW, LOW_ACTIVE, item("hydroxocobalamin", since="2026-01-10")), T),
        (patient(LOW, LOW_ACTIVE, item("hydroxocobalamin", since="2026-01-13")), F),
    ],
)
def test_b12_treatment_that_began_before_the_sample(facts, truth: Truth) -> None:
    assert b12_treatment_before_sample(facts) is truth


def test_the_mma_sample_is_judged_by_its_own_date() -> None:
    injected = item("hydroxocobalamin", since="2026-01-10")
    assert b12_treatment_before_mma_sample(patient(LOW, injected)) is U
    assert b12_treatment_before_mma_sample(patient(LOW, lab("mma", "900 nmol/L", **TAKEN), injected)) is F
    later = lab("mma", "900 nmol/L", date=Period.parse("2026-01-13"))
    assert b12_treatment_before_mma_sample(patient(LOW, later, injected)) is T


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(listed=True), F),
        (patient(listed=True, b12_supplement=True), F),
        (patient(item("cyanocobalamin")), U),
        (patient(item("cyanocobalamin", route="oral")), F),
        (patient(item("cyanocobalamin", route="sc")), T),
        (patient(item("hydroxocobalamin")), T),
        (patient(item("hydroxocobalamin", route="sublingual")), F),
        (patient(item("hydroxocobalamin", until="2020"), listed=True), F),
        (patient(item("hydroxocobalamin", present=False), listed=True), F),
        (patient(item("multivitamin", route="im")), T),
        (patient(item("cyanocobalamin", route="oral"), item("hydroxocobalamin", route="im")), T),
    ],
)
def test_b12_by_injection(facts, truth: Truth) -> None:
    assert b12_by_injection(facts) is truth


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(listed=True), F),
        (patient(item("biotin")), U),
        (patient(item("biotin", present=False)), F),
        (patient(item("biotin", until="2020", dose="10", dose_unit="mg/day")), F),
        (patient(item("biotin", dose="5", dose_unit="mg/day")), F),
        (patient(item("biotin", dose="5.1", dose_unit="mg/day")), T),
        (patient(item("biotin", dose="50", dose_unit="ug/day")), F),
        (patient(item("biotin", dose="10", dose_unit="mg")), T),
        (patient(item("biotin", dose="1", dose_unit="tablet/day")), U),
        (patient(item("biotin", dose="3", dose_unit="mg/day"), item("biotin", dose="3", dose_unit="mg/day")), T),
        (patient(item("biotin", dose="3", dose_unit="mg/day"), item("biotin")), U),
        (patient(item("biotin", dose="10", dose_unit="mg/day"), item("biotin")), T),
    ],
)
def test_biotin_of_more_than_5_mg_a_day(facts, truth: Truth) -> None:
    assert biotin_over_5_mg_a_day(facts) is truth


RECREATIONAL, ANESTHESIA = "nitrous_oxide_recreational", "nitrous_oxide_anesthesia"
NEVER = item(ANESTHESIA, present=False)


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(item(RECREATIONAL)), T),
        (patient(item(RECREATIONAL, since="2015")), T),
        (patient(item(RECREATIONAL, present=False)), U),
        (patient(item(RECREATIONAL, present=False), NEVER), F),
        (patient(item(RECREATIONAL, until="2025-02"), NEVER), T),
        (patient(item(RECREATIONAL, until="2025-01-15"), NEVER), T),
        (patient(item(RECREATIONAL, until="2025-01-10"), NEVER), F),
        (patient(item(RECREATIONAL, until="2025-01"), NEVER), U),
        (patient(item(RECREATIONAL, until="2025"), NEVER), U),
        (patient(item(RECREATIONAL, until="2024"), NEVER), F),
        (patient(item(RECREATIONAL, date="2024"), NEVER), F),
        (patient(item(RECREATIONAL, date="2025-06"), NEVER), T),
        (patient(item(RECREATIONAL, until="2024"), item(RECREATIONAL, date="2025-12"), NEVER), T),
        (patient(item(ANESTHESIA)), T),
        (patient(item(ANESTHESIA, date="2025-11")), T),
        (patient(item(ANESTHESIA, date="2025-10-15")), T),
        (patient(item(ANESTHESIA, date="2025-10-14"), item(RECREATIONAL, present=False)), F),
        (patient(item(ANESTHESIA, date="2025-10"), item(RECREATIONAL, present=False)), U),
        (patient(item(ANESTHESIA, date="2020")), U),
    ],
)
def test_nitrous_oxide_that_counts(facts, truth: Truth) -> None:
    assert nitrous_oxide_exposure(facts) is truth


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(item("bladder_dysfunction", present=False)), U),
        (patient(item("bladder_dysfunction")), U),
        (patient(item("bladder_dysfunction", since="2020")), U),
        (patient(item("bladder_dysfunction", course="stable")), U),
        (patient(item("bladder_dysfunction", course="worsening")), F),
        (patient(item("bladder_dysfunction", since="2020", course="stable")), T),
        (patient(item("urinary_incontinence", since="2020", course="improving")), T),
        (patient(item("bladder_dysfunction", since="2020", course="worsening")), F),
        (patient(item("bladder_dysfunction", since="2025-12", course="stable")), F),
        (patient(item("bladder_dysfunction", since="2025-10-15", course="stable")), F),
        (patient(item("bladder_dysfunction", since="2025-10-14", course="stable")), T),
        (patient(item("bladder_dysfunction", since="2025", course="stable")), U),
        (patient(item("bladder_dysfunction", since="2020", course="stable"), item("sexual_dysfunction")), U),
        (patient(item("bladder_dysfunction", since="2020", until="2021", course="stable")), U),
        (
            patient(
                item("bladder_dysfunction", since="2020", course="stable"),
                item("bowel_dysfunction", since="2020", until="2021", course="worsening"),
            ),
            T,
        ),
        (
            patient(item("bowel_dysfunction", since="2020", course="stable"), item("sexual_dysfunction", since="2026")),
            F,
        ),
    ],
)
def test_sphincter_symptoms_that_are_old_and_steady(facts, truth: Truth) -> None:
    assert longstanding_stable_sphincter_symptom(facts) is truth


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(item("bowel_dysfunction", present=False)), U),
        (patient(item("bowel_dysfunction")), U),
        (patient(item("bowel_dysfunction", course="worsening")), T),
        (patient(item("bowel_dysfunction", course="stable")), U),
        (patient(item("bowel_dysfunction", since="2026-01-01")), T),
        (patient(item("bowel_dysfunction", since="2025-12-31", course="stable")), F),
        (patient(item("bowel_dysfunction", since="2025-12-31")), U),
        (patient(item("bowel_dysfunction", since="2020", until="2021", course="worsening")), U),
        (patient(item("bowel_dysfunction", since="2020", course="stable"), item("sexual_dysfunction")), U),
        (
            patient(
                item("bowel_dysfunction", since="2020", course="stable"),
                item("sexual_dysfunction", course="worsening"),
            ),
            T,
        ),
    ],
)
def test_sphincter_symptoms_that_are_recent_or_worsening(facts, truth: Truth) -> None:
    assert recent_or_worsening_sphincter_symptom(facts) is truth


@pytest.mark.parametrize(
    ("facts", "truth"),
    [
        (patient(), U),
        (patient(item("confusion", present=False)), U),
        (patient(item("confusion")), U),
        (patient(item("confusion", course="worsening")), T),
        (patient(item("confusion", course="stable")), U),
        (patient(item("confusion", since="2025-10-15")), T),
        (patient(item("confusion", since="2025-10-14", course="stable")), F),
        (patient(item("confusion", since="2025")), U),
        (patient(item("confusion", until="2025-12-31", course="worsening")), U),
    ],
)
def test_confusion_that_is_new_or_worsening(facts, truth: Truth) -> None:
    assert new_or_worsening_confusion(facts) is truth


# what is known; new on one side, on one side, new, long-standing
ONE_SIDED = [
    (patient(), (U, U, U, U)),
    (patient(item("numbness", present=False)), (U, U, U, U)),
    (patient(item("numbness")), (U, U, U, U)),
    (patient(item("numbness", laterality="left")), (U, T, U, U)),
    (patient(item("numbness", laterality="both")), (F, F, U, U)),
    (patient(item("numbness", since="2026-01-08")), (U, U, T, F)),
    (patient(item("numbness", since="2026-01-07")), (F, U, F, F)),
    (patient(item("leg_weakness", since="2026-01-14", laterality="right")), (T, T, T, F)),
    (patient(item("motor_weakness", since="2026-01-14", laterality="both")), (F, F, T, F)),
    (patient(item("muscle_weakness", since="2026-01", laterality="left")), (U, T, U, F)),
    (patient(item("numbness", since="2025-10-15", laterality="left")), (F, T, F, F)),
    (patient(item("numbness", since="2025-10-14", laterality="left")), (F, T, F, T)),
    (patient(item("numbness", since="2025", laterality="left")), (F, T, F, U)),
    # general weakness counts where it is said to be of one side
    (patient(item("weakness", since="2026-01-14", laterality="left")), (T, T, U, F)),
    (patient(item("weakness", since="2026-01-14")), (U, U, U, F)),
    # what has passed may have been a transient attack, and is not there today
    (patient(item("numbness", since="2026-01-14", until="2026-01-14", laterality="left")), (T, F, T, U)),
    # an old one on one side does not hide a new one
    (
        patient(item("numbness", since="2020", laterality="left"), item("leg_weakness", since="2026-01-14")),
        (U, T, T, F),
    ),
    (patient(item("numbness", since="2020"), item("leg_weakness", since="2019", laterality="both")), (F, U, F, T)),
]


@pytest.mark.parametrize(("facts", "truths"), ONE_SIDED)
def test_weakness_or_numbness_of_one_side(facts, truths: tuple[Truth, ...]) -> None:
    asked = (
        new_one_sided_weakness_or_numbness,
        one_sided_weakness_or_numbness,
        new_weakness_or_numbness,
        longstanding_weakness_or_numbness,
    )
    assert tuple(ask(facts) for ask in asked) == truths


HANDS = item("joint_swelling", sites=("mcp", "pip"))
JOINTS = [
    (joint_swelling_known, patient(), U),
    (joint_swelling_known, patient(item("joint_swelling")), U),  # what a patient reports was not examined
    (joint_swelling_known, patient(item("synovitis")), T),
    (joint_swelling_known, patient(item("hot_swollen_joint")), T),
    (joint_swelling_known, patient(item("synovitis", present=False)), U),
    (joint_swelling_known, patient(item("synovitis", present=False), item("hot_swollen_joint", present=False)), F),
    (joint_swelling_known, patient(swollen_small=1), T),
    (joint_swelling_known, patient(swollen_large=2), T),
    (joint_swelling_known, patient(swollen_small=0), U),
    (joint_swelling_known, patient(swollen_small=0, swollen_large=0), F),
    (joint_swelling_known, patient(item("synovitis"), swollen_small=0, swollen_large=0), T),
    (small_joint_swelling, patient(), U),
    (small_joint_swelling, patient(swollen_small=1), T),
    (small_joint_swelling, patient(swollen_small=0), F),
    (small_joint_swelling, patient(HANDS), T),
    (small_joint_swelling, patient(HANDS, swollen_small=0), T),
    (small_joint_swelling, patient(item("synovitis", sites=("knee",))), U),
    (small_joint_swelling, patient(item("synovitis")), U),
    (several_swollen_joints, patient(), U),
    (several_swollen_joints, patient(swollen_small=2), T),
    (several_swollen_joints, patient(swollen_small=1), U),
    (several_swollen_joints, patient(swollen_small=1, swollen_large=1), T),
    (several_swollen_joints, patient(swollen_small=1, swollen_large=0), F),
    (several_swollen_joints, patient(HANDS), T),
    (several_swollen_joints, patient(item("synovitis", sites=("knee",), laterality="both")), T),
    (several_swollen_joints, patient(item("synovitis", sites=("knee",), laterality="left")), U),
    (several_swollen_joints, patient(item("synovitis", laterality="both")), U),
    (several_swollen_joints, patient(item("joint_swelling", sites=("mcp", "pip"), until="2020")), U),
    (weight_bearing_joint_pain, patient(), U),
    (weight_bearing_joint_pain, patient(item("joint_pain")), U),
    (weight_bearing_joint_pain, patient(item("joint_pain", present=False)), F),
    (weight_bearing_joint_pain, patient(item("joint_pain", sites=("mcp", "hip"))), T),
    (weight_bearing_joint_pain, patient(item("joint_pain", sites=("mcp",))), F),
    (small_joint_pain, patient(item("joint_pain", sites=("thumb_ip",))), T),
    (small_joint_pain, patient(item("joint_pain", sites=("dip", "thumb_base", "knee"))), F),
    (small_joint_pain, patient(item("joint_pain", sites=("knee",)), item("joint_pain", sites=("mtp",))), T),
    (girdle_pain, patient(), U),
    (girdle_pain, patient(item("joint_pain", sites=("shoulder",))), T),
    (girdle_pain, patient(item("joint_stiffness", sites=("hip", "knee"), laterality="both")), T),
    (girdle_pain, patient(item("muscle_pain", sites=("shoulder",), laterality="left")), U),
    (girdle_pain, patient(item("muscle_pain")), U),
    (girdle_pain, patient(*(item(code, sites=("shoulder",), laterality="right") for code in ACHES)), F),
    (girdle_pain, patient(*(item(code, sites=("knee",)) for code in ACHES)), F),
    (girdle_pain, patient(*(item(code, present=False) for code in ACHES)), F),
    (symmetric_joints, patient(), U),
    (symmetric_joints, patient(symmetric=True), T),
    (symmetric_joints, patient(item("joint_pain", laterality="both"), symmetric=False), F),
    (symmetric_joints, patient(item("joint_pain", laterality="both")), T),
    (symmetric_joints, patient(item("joint_pain", laterality="left")), U),
    (symmetric_joints, patient(item("joint_pain", laterality="both", present=False)), U),
]


@pytest.mark.parametrize(("compute", "facts", "truth"), JOINTS)
def test_joints(compute, facts, truth: Truth) -> None:
    assert compute(facts) is truth


# what is computed, what is known, the fewest and the most whole months
MONTHS = [
    (joint_complaint_months, patient(), None),
    (joint_complaint_months, patient(duration_weeks=0), (0, 0)),
    (joint_complaint_months, patient(duration_weeks=10), (2, 2)),
    (joint_complaint_months, patient(item("joint_pain", since="2020"), duration_weeks=10), (2, 2)),
    (joint_complaint_months, patient(item("joint_pain")), None),
    (joint_complaint_months, patient(item("joint_pain", since="2025-10-10")), (3, 3)),
    (joint_complaint_months, patient(item("joint_pain", since="2025")), (0, 12)),
    (
        joint_complaint_months,
        patient(item("joint_pain", since="2025-10-10"), item("synovitis", since="2025-01-10")),
        (12, 12),
    ),
    (metformin_months, patient(), None),
    (metformin_months, patient(item("metformin")), None),
    (metformin_months, patient(item("metformin", present=False, since="2020")), None),
    (metformin_months, patient(item("metformin", since="2024", until="2025-06")), None),
    (metformin_months, patient(item("metformin", since="2021-01-10")), (60, 60)),
    (metformin_months, patient(item("metformin", since="2025-12"), item("metformin", since="2021-01-10")), (60, 60)),
    (acid_suppressant_months, patient(), None),
    (acid_suppressant_months, patient(item("omeprazole", since="2025-01-10")), (12, 12)),
    (
        acid_suppressant_months,
        patient(item("famotidine", since="2024-01-10"), item("ppi", since="2025-01-10")),
        (24, 24),
    ),
    (acid_suppressant_months, patient(item("metformin", since="2021")), None),
]


@pytest.mark.parametrize(("compute", "facts", "whole"), MONTHS)
def test_durations(compute, facts, whole: tuple[int, int] | None) -> None:
    months = compute(facts)
    assert (months and (int(months.low), int(months.high))) == whole


@pytest.mark.parametrize("name", [*DERIVED, *DERIVED_NUMBERS])
def test_nothing_known_gives_nothing(name: str) -> None:
    compute = DERIVED.get(name) or DERIVED_NUMBERS[name]
    assert compute(patient()) in (Truth.UNKNOWN, None)
