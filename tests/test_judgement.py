"""One reported result against one limit: judged in the unit it was reported in, by the laboratory's own limit first."""

import pytest

from rules.catalogue import catalogue
from rules.judgement import judge_number, judge_range, judge_result
from rules.lines import read_line
from rules.truth import Truth
from tests.core_helpers import interval, lab

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

TOTAL = "b12_total < 180 ng/L (133 pmol/L)"
MMA = "mma > 450 nmol/L"

# line, laboratory limit, uncertain from, result, truth
JUDGED = [
    # the printed limit of the reported kind decides: 132.9 pmol/L is 180.1 ng/L, 133 pmol/L is 180.26
    (TOTAL, None, None, lab("b12_total", "132.9 pmol/L"), T),
    (TOTAL, None, None, lab("b12_total", "133 pmol/L"), F),
    (TOTAL, None, None, lab("b12_total", "179.9 ng/L"), T),
    (TOTAL, None, None, lab("b12_total", "180 ng/L"), F),
    (TOTAL, None, None, lab("b12_total", "179.9 pg/mL"), T),
    (TOTAL, None, None, lab("b12_total", "180 pg/mL"), F),
    ("b12_total <= 350 ng/L (258 pmol/L)", None, None, lab("b12_total", "258 pmol/L"), T),
    ("b12_total <= 350 ng/L (258 pmol/L)", None, None, lab("b12_total", "258.2 pmol/L"), F),
    # powers of ten are exact, so the value at the limit is at the limit
    ("mma > 280 nmol/L", None, None, lab("mma", "0.28 umol/L"), F),
    ("mma >= 280 nmol/L", None, None, lab("mma", "0.28 umol/L"), T),
    ("mma > 280 nmol/L", None, None, lab("mma", "0.2801 umol/L"), T),
    # converted only when no limit of that kind is printed
    ("b12_total < 180 ng/L", None, None, lab("b12_total", "132.9 pmol/L"), F),
    ("b12_total < 180 ng/L", None, None, lab("b12_total", "132.8 pmol/L"), T),
    (MMA, None, None, lab("mma", "53.2 ng/mL"), T),
    (MMA, None, None, lab("mma", "53.1 ug/L"), F),
    # censored
    (TOTAL, None, None, lab("b12_total", "<150 ng/L"), T),
    (TOTAL, None, None, lab("b12_total", "<180 ng/L"), T),
    (TOTAL, None, None, lab("b12_total", "<=180 ng/L"), U),
    (TOTAL, None, None, lab("b12_total", "<200 ng/L"), U),
    (TOTAL, None, None, lab("b12_total", ">2000 ng/L"), F),
    (TOTAL, None, None, lab("b12_total", "<133 pmol/L"), T),
    (MMA, None, None, lab("mma", "<0.10 umol/L"), F),
    (MMA, None, None, lab("mma", ">0.45 umol/L"), T),
    (MMA, None, None, lab("mma", ">=0.45 umol/L"), U),
    # the laboratory's own cut-offs win, in its own unit
    (TOTAL, "deficient_below", None, lab("b12_total", "150 ng/L", deficient_below="145"), F),
    (TOTAL, "deficient_below", None, lab("b12_total", "144 ng/L", deficient_below="145"), T),
    (TOTAL, "deficient_below", None, lab("b12_total", "150 ng/L", unlikely_above="300"), T),
    (TOTAL, None, None, lab("b12_total", "150 ng/L", deficient_below="145"), T),
    (TOTAL, "deficient_below", None, lab("b12_total", "140 pmol/L", deficient_below="145"), T),
    # a lone cut-off that lies beyond the guideline's other limit takes its place, so that the bands never overlap
    (TOTAL, "deficient_below", None, lab("b12_total", "160 ng/L", unlikely_above="150"), F),
    (TOTAL, "deficient_below", None, lab("b12_total", "149 ng/L", unlikely_above="150"), T),
    (TOTAL, "deficient_below", None, lab("b12_total", "120 pmol/L", unlikely_above="110"), F),
    ("b12_total > 350 ng/L", "unlikely_above", None, lab("b12_total", "380 ng/L", deficient_below="400"), F),
    ("b12_total > 350 ng/L", "unlikely_above", None, lab("b12_total", "401 ng/L", deficient_below="400"), T),
    ("b12_total > 350 ng/L", "unlikely_above", None, lab("b12_total", "351 ng/L", deficient_below="300"), T),
    # its reference range likewise
    (MMA, "high", None, lab("mma", "0.30 umol/L", high="0.27"), T),
    (MMA, "high", None, lab("mma", "0.27 umol/L", high="0.27"), F),
    (MMA, "high", None, lab("mma", "0.50 umol/L", high="0.55"), F),
    (MMA, "high", None, lab("mma", "0.50 umol/L", low="0.05"), T),
    (MMA, None, None, lab("mma", "0.30 umol/L", high="0.27"), F),
    # only a flag
    (MMA, "high", None, lab("mma", flag="high"), T),
    (MMA, "high", None, lab("mma", flag="normal"), F),
    (MMA, "high", None, lab("mma", flag="low"), F),
    ("mma <= 450 nmol/L", "high", None, lab("mma", flag="high"), F),
    ("mma <= 450 nmol/L", "high", None, lab("mma", flag="normal"), T),
    ("ferritin < 30 ug/L", "low", None, lab("ferritin", flag="low"), T),
    ("ferritin < 30 ug/L", "low", None, lab("ferritin", flag="high"), F),
    ("ferritin >= 30 ug/L", "low", None, lab("ferritin", flag="low"), F),
    ("ferritin >= 30 ug/L", "low", None, lab("ferritin", flag="normal"), T),
    (MMA, None, None, lab("mma", flag="high"), U),
    (TOTAL, "deficient_below", None, lab("b12_total", flag="low"), U),
    (MMA, "high", None, lab("mma", "positive"), U),
    # a flag beside the figure is the laboratory's judgement where it sent no limit
    (MMA, "high", None, lab("mma", "300 nmol/L", flag="high"), T),
    (MMA, "high", None, lab("mma", "500 nmol/L", flag="normal"), F),
    (MMA, "high", None, lab("mma", "300 nmol/L", flag="high", high="350"), F),
    (TOTAL, "deficient_below", None, lab("b12_total", "170 ng/L", flag="normal"), T),
    # undecided between two limits in use
    (MMA, "high", "280 nmol/L", lab("mma", "280 nmol/L"), F),
    (MMA, "high", "280 nmol/L", lab("mma", "281 nmol/L"), U),
    (MMA, "high", "280 nmol/L", lab("mma", "450 nmol/L"), U),
    (MMA, "high", "280 nmol/L", lab("mma", "451 nmol/L"), T),
    (MMA, "high", "280 nmol/L", lab("mma", "0.28 umol/L"), F),
    (MMA, "high", "280 nmol/L", lab("mma", "0.3 umol/L"), U),
    (MMA, "high", "280 nmol/L", lab("mma", "<300 nmol/L"), U),
    (MMA, "high", "280 nmol/L", lab("mma", "<280 nmol/L"), F),
    (MMA, "high", "280 nmol/L", lab("mma", ">300 nmol/L"), U),
    (MMA, "high", "280 nmol/L", lab("mma", "300 nmol/L", high="290"), T),
    (MMA, "high", "280 nmol/L", lab("mma", "300 nmol/L", high="370"), F),
    (MMA, "high", "280 nmol/L", lab("mma", "40 ng/mL"), U),
    # nothing known
    (TOTAL, None, None, None, U),
]


@pytest.mark.parametrize(("line", "own", "uncertain", "result", "truth"), JUDGED)
def test_a_result_against_a_limit(line, own, uncertain, result, truth) -> None:
    read = read_line(line, catalogue(), own, uncertain)
    assert judge_result(read.fact, read.comparisons[0], result).truth is truth


@pytest.mark.parametrize(
    ("line", "own", "result", "value", "limit", "distance"),
    [
        (TOTAL, None, lab("b12_total", "142 ng/L"), "142 ng/L", "180 ng/L", "38 ng/L below"),
        (TOTAL, None, lab("b12_total", "140.5 pmol/L"), "140.5 pmol/L", "133 pmol/L", "7.5 pmol/L above"),
        (TOTAL, None, lab("b12_total", "180.0 ng/L"), "180.0 ng/L", "180 ng/L", "exactly at the limit"),
        (TOTAL, None, lab("b12_total", "<150 ng/L"), "<150 ng/L", "180 ng/L", None),
        (MMA, None, lab("mma", "0.35 umol/L"), "0.35 umol/L", "450 nmol/L", "100 nmol/L below"),
        (MMA, "high", lab("mma", flag="high"), "flagged high", "the laboratory's own range", None),
        (TOTAL, None, lab("b12_total", flag="low"), "flagged low", None, None),
        (
            *(TOTAL, "deficient_below", lab("b12_total", "150 ng/L", deficient_below="145"), "150 ng/L"),
            *("145 ng/L (the laboratory's own; 180 ng/L otherwise)", "5 ng/L above"),
        ),
    ],
)
def test_both_limits_and_the_distance_are_shown(line, own, result, value, limit, distance) -> None:
    read = read_line(line, catalogue(), own, None)
    judged = judge_result(read.fact, read.comparisons[0], result)
    assert (judged.value, judged.limit, judged.distance) == (value, limit, distance)


# result, then whether the laboratory calls it low, normal, high
RANGES = [
    (None, U, U, U),
    (lab("b12_total", flag="low"), T, F, F),
    (lab("b12_total", flag="normal"), F, T, F),
    (lab("b12_total", flag="high"), F, F, T),
    (lab("b12_total", "150 ng/L"), U, U, U),
    (lab("b12_total", "150 ng/L", low="160"), T, F, U),
    (lab("b12_total", "170 ng/L", low="160"), F, U, U),
    (lab("b12_total", "170 ng/L", low="160", high="900"), F, T, F),
    (lab("b12_total", "160 ng/L", low="160", high="900"), F, T, F),
    (lab("b12_total", "900 ng/L", low="160", high="900"), F, T, F),
    (lab("b12_total", "901 ng/L", low="160", high="900"), F, F, T),
    (lab("b12_total", "<200 ng/L", low="160", high="900"), U, U, F),
    (lab("b12_total", "<150 ng/L", low="160", high="900"), T, F, F),
    (lab("b12_total", ">800 ng/L", low="160", high="900"), F, U, U),
    (lab("b12_total", "170 ng/L", low="160", flag="high"), F, F, T),
    (lab("b12_total", "170 ng/L", low="160", high="900", flag="low"), F, T, F),
    (lab("b12_total", "150 ng/L", flag="low"), T, F, F),
    (lab("anti_ccp", "positive"), U, U, U),
]


@pytest.mark.parametrize(("result", "low", "normal", "high"), RANGES)
def test_the_laboratorys_own_words(result, low: Truth, normal: Truth, high: Truth) -> None:
    assert [judge_range(result, word).truth for word in ("low", "normal", "high")] == [low, normal, high]


@pytest.mark.parametrize(
    ("result", "limit"),
    [
        (lab("esr", "40 mm/h", high="20"), "reference range -20 mm/h"),
        (lab("esr", "40 mm/h", low="2", high="20"), "reference range 2-20 mm/h"),
        (lab("esr", "40 mm/h", flag="high"), None),
        (lab("esr", flag="high"), None),
    ],
)
def test_the_range_is_shown(result, limit: str | None) -> None:
    assert judge_range(result, "high").limit == limit


@pytest.mark.parametrize(
    ("line", "number", "truth", "value", "distance"),
    [
        ("age >= 65 years", "65", T, "65 years", "exactly at the limit"),
        ("age >= 65 years", "64", F, "64 years", "1 years below"),
        ("swollen_small >= 1 joints", "0", F, "0 joints", "1 joints below"),
        ("swollen_small >= 1", "3", T, "3 joints", "2 joints above"),
    ],
)
def test_a_number_against_a_limit(line, number, truth, value, distance) -> None:
    read = read_line(line, catalogue(), None, None)
    judged = judge_number(read.comparisons[0], interval(number), read.fact.unit)
    assert (judged.truth, judged.value, judged.distance) == (truth, value, distance)


def test_an_unknown_number_is_unknown() -> None:
    read = read_line("age >= 65 years", catalogue(), None, None)
    assert judge_number(read.comparisons[0], None, "years").truth is U
