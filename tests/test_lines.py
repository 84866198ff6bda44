"""The grammar of a finding line, and what each form of it says of a patient."""

from decimal import Decimal

import pytest

from rules.catalogue import catalogue
from rules.limits import Comparison, Limit
from rules.lines import LineError, read_line
from rules.truth import Truth
from tests.core_helpers import item, judged, lab, patient

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
INDETERMINATE = "180 ng/L (133 pmol/L) <= b12_total <= 350 ng/L (258 pmol/L)"

# line, what is known, truth
SAID = [
    ("fatigue", patient(), U),
    ("fatigue", patient(item("fatigue")), T),
    ("fatigue", patient(item("fatigue", present=False)), F),
    ("fatigue", patient(item("fatigue", until="2025-12")), F),
    ("fatigue", patient(item("fatigue", until="2026-01")), U),
    ("fatigue", patient(item("fatigue", until="2026-01-15")), T),
    ("fatigue", patient(item("fatigue", present=False), item("fatigue")), T),
    ("pregnant", patient(), U),
    ("pregnant", patient(pregnant=True), T),
    ("pregnant", patient(pregnant=False), F),
    ("metformin", patient(), U),
    ("metformin", patient(listed=True), F),
    ("metformin", patient(item("metformin"), listed=True), T),
    ("metformin", patient(item("metformin", present=False)), F),
    ("vegan", patient(), U),
    ("vegan", patient(diet="vegan"), T),
    ("vegan", patient(diet="omnivore"), F),
    ("anemia", patient(lab("hemoglobin", "100 g/L")), T),
    ("anemia", patient(), U),
    ("sex is female", patient(), T),
    ("sex is female", patient(sex="male"), F),
    ("sex is female", patient(sex="other"), F),
    ("sex is female", patient(sex="unknown"), U),
    ("known age", patient(), T),
    ("known sex", patient(sex="unknown"), T),
    ("known b12_total", patient(), F),
    ("known b12_total", patient(lab("b12_total", flag="low")), T),
    ("known fatigue", patient(item("fatigue", present=False)), T),
    ("known pregnant", patient(pregnant=False), T),
    ("known pregnant", patient(), F),
    ("measured b12_total", patient(), F),
    ("measured b12_total", patient(lab("b12_total", flag="low")), F),
    ("measured b12_total", patient(lab("b12_total", "<150 ng/L")), T),
    ("intrinsic_factor_antibody is positive", patient(), U),
    ("intrinsic_factor_antibody is positive", patient(lab("intrinsic_factor_antibody", "positive")), T),
    ("intrinsic_factor_antibody is positive", patient(lab("intrinsic_factor_antibody", "borderline")), F),
    ("intrinsic_factor_antibody is negative", patient(lab("intrinsic_factor_antibody", "negative")), T),
    ("anti_ccp is positive", patient(lab("anti_ccp", "40 U/mL", high="10")), T),
    ("anti_ccp is positive", patient(lab("anti_ccp", "4 U/mL", high="10")), F),
    ("anti_ccp is negative", patient(lab("anti_ccp", "4 U/mL", high="10")), T),
    ("anti_ccp is positive", patient(lab("anti_ccp", "40 U/mL")), U),
    ("anti_ccp is positive", patient(lab("anti_ccp", flag="high")), T),
    ("b12_total is low", patient(lab("b12_total", "150 ng/L", low="160")), T),
    ("b12_total is normal", patient(lab("b12_total", flag="normal")), T),
    (INDETERMINATE, patient(), U),
    (INDETERMINATE, patient(lab("b12_total", "179 ng/L")), F),
    (INDETERMINATE, patient(lab("b12_total", "180 ng/L")), T),
    (INDETERMINATE, patient(lab("b12_total", "350 ng/L")), T),
    (INDETERMINATE, patient(lab("b12_total", "351 ng/L")), F),
    (INDETERMINATE, patient(lab("b12_total", "258 pmol/L")), T),
    (INDETERMINATE, patient(lab("b12_total", "132.9 pmol/L")), F),
    (INDETERMINATE, patient(lab("b12_total", "<350 ng/L")), U),
    ("age < 16 years", patient(age=15), T),
    ("age < 16 years", patient(age=16), F),
    ("metformin_months >= 4 months", patient(item("metformin", since="2025")), U),
    ("metformin_months >= 4 months", patient(item("metformin", since="2024")), T),
    ("metformin_months >= 4 months", patient(), U),
    ("swollen_small >= 1 joints", patient(swollen_small=0), F),
]


@pytest.mark.parametrize(("line", "facts", "truth"), SAID)
def test_what_a_line_says_of_a_patient(line, facts, truth) -> None:
    assert judged(read_line(line, catalogue(), None, None), facts).truth is truth


@pytest.mark.parametrize(
    ("line", "facts", "value"),
    [
        ("fatigue", patient(), "not known"),
        ("fatigue", patient(item("fatigue")), "present"),
        ("fatigue", patient(item("fatigue", present=False)), "absent"),
        ("anemia", patient(lab("hemoglobin", "100 g/L")), "Hemoglobin 100 g/L"),
        (
            "anemia",
            patient(item("macrocytic_anemia"), lab("hemoglobin", "151 g/L")),
            "Macrocytic anemia, Hemoglobin 151 g/L",
        ),
        ("on_b12_treatment", patient(item("hydroxocobalamin")), "Hydroxocobalamin (B12)"),
        ("anti_ccp is positive", patient(lab("anti_ccp", "positive")), "positive"),
        ("sex is female", patient(), "female"),
    ],
)
def test_what_a_reader_sees(line, facts, value: str) -> None:
    assert judged(read_line(line, catalogue(), None, None), facts).value == value


def test_a_comparison_keeps_the_printed_numbers_and_our_spelling_of_the_unit() -> None:
    line = read_line("mma > 0.45 µmol/L", catalogue(), "high", "280 nmol/L")
    limit, uncertain = Limit(Decimal("0.45"), "umol/L"), Limit(Decimal(280), "nmol/L")
    assert line.comparisons == (Comparison(">", (limit,), "high", uncertain),)


def test_a_band_is_two_comparisons_of_which_the_upper_takes_the_laboratorys_limit() -> None:
    lower, upper = read_line(INDETERMINATE, catalogue(), "unlikely_above", None).comparisons
    assert (lower.sign, lower.laboratory_limit) == (">=", None)
    assert (upper.sign, upper.laboratory_limit) == ("<=", "unlikely_above")


@pytest.mark.parametrize(("below", "truth"), [("<", F), ("<=", T)])
def test_a_band_takes_open_and_closed_ends(below: str, truth: Truth) -> None:
    line = read_line(f"180 ng/L {below} b12_total < 350 ng/L", catalogue(), None, None)
    assert judged(line, patient(lab("b12_total", "180 ng/L"))).truth is truth
    assert judged(line, patient(lab("b12_total", "350 ng/L"))).truth is F


REFUSED = [
    ("", "'' is not a finding line; write for example 'b12_total < 180 ng/L (133 pmol/L)'"),
    ("b12_total = 180 ng/L", "'b12_total = 180 ng/L' is not a finding line"),
    ("b12_total<180 ng/L", "'b12_total<180 ng/L' is not a finding line"),
    ("b12_total < 180 ng/L or mma > 280 nmol/L", "is not a finding line"),
    ("350 ng/L > b12_total > 180 ng/L", "is not a finding line"),
    ("180 ng/L < b12_total > 350 ng/L", "is not a finding line"),
    ("B12_total < 180 ng/L", "is not a finding line"),
    ("b12_totl < 180 ng/L", "unknown fact 'b12_totl'; near it: b12_total, b12_active"),
    ("zzz", "unknown fact 'zzz'"),
    ("known zzz", "unknown fact 'zzz'"),
    ("b12_total < 180", "'b12_total' has no such unit; accepted: ng/L, pg/mL, pmol/L"),
    ("b12_total < 180 mg/dL", "'b12_total' has no such unit; accepted: ng/L, pg/mL, pmol/L"),
    ("b12_total < 180 ng/L (180 pmol/L)", "the two limits disagree: 180 pmol/L is 244.0 ng/L, not 180 ng/L"),
    ("age >= 65 months", "'age' is counted in years"),
    ("sex is femal", "'sex' cannot be 'femal'; accepted: female, male, other, unknown"),
    ("fatigue is present", "'fatigue' cannot be 'present'; accepted: no word"),
    ("b12_total is positive", "'b12_total' cannot be 'positive'; accepted: low, normal, high"),
    ("b12_total", "'b12_total' is not a yes or no"),
    ("age", "'age' is not a yes or no"),
    ("fatigue > 3", "'fatigue' is not a number"),
    ("sex < 3", "'sex' is not a number"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_a_line_that_is_none_is_refused(line: str, message: str) -> None:
    with pytest.raises(LineError) as refused:
        read_line(line, catalogue(), None, None)
    assert message in str(refused.value)


@pytest.mark.parametrize("uncertain", ["280", "280 mg/dL", "much", ""])
def test_an_uncertain_from_without_number_and_unit_is_refused(uncertain: str) -> None:
    with pytest.raises(LineError):
        read_line("mma > 450 nmol/L", catalogue(), "high", uncertain)


@pytest.mark.parametrize("limits", ["180 ng/L (133 pmol/L)", "180 ng/L (130.2 pmol/L)", "180 ng/L (135 pmol/L)"])
def test_printed_pairs_may_disagree_by_two_per_cent(limits: str) -> None:
    assert len(read_line(f"b12_total < {limits}", catalogue(), None, None).comparisons[0].limits) == 2


@pytest.mark.parametrize("limits", ["180 ng/L (129 pmol/L)", "180 ng/L (136 pmol/L)"])
def test_printed_pairs_that_disagree_by_more_are_refused(limits: str) -> None:
    with pytest.raises(LineError, match="the two limits disagree"):
        read_line(f"b12_total < {limits}", catalogue(), None, None)


def test_a_pair_with_an_offset_between_its_units_agrees() -> None:
    line = read_line("hba1c >= 6.5 % (48 mmol/mol)", catalogue(), None, None)
    assert judged(line, patient(lab("hba1c", "48 mmol/mol"))).truth is T
    assert judged(line, patient(lab("hba1c", "47 mmol/mol"))).truth is F
