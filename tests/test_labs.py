"""Laboratory results: what a result may be, in which units, within which limits, and which of several decides."""

from decimal import Decimal
from typing import Any

import pytest

from rules import Result, catalogue
from rules.quantities import Interval
from schemas.lab_checks import _implausible
from tests.summaries import accepted_at, load, refusals

B12 = {"test": "b12_total", "value": 142, "unit": "ng/L"}
MCV = {"test": "mcv", "value": 104, "unit": "fL"}
MMA = {"test": "mma", "value": 0.5, "unit": "umol/L"}


def result_of(lab: dict[str, Any]) -> Result:
    [results] = load(labs=[lab]).facts.results.values()
    return results[0]


def dated(value: object, date: str | None = None, **more: Any) -> dict[str, Any]:
    when = {} if date is None else {"date": date}
    return {**B12, "value": value, **when, **more}


class TestTheTest:
    @pytest.mark.parametrize("name", ["b12_total", "serum_b12", "vitamin_b12", "cobalamin"])
    def test_is_named_by_code_or_alias(self, name: str) -> None:
        assert result_of({**B12, "test": name}).test == "b12_total"

    def test_or_by_a_verified_loinc_code_whatever_its_unit(self) -> None:
        assert result_of({"loinc": "787-2", "value": 104, "unit": "fL"}).test == "mcv"
        assert result_of({"loinc": "2132-9", "value": 104, "unit": "pmol/L"}).test == "b12_total"

    @pytest.mark.parametrize("loinc", ["1-8", "2132", "2132-9 ", "LA6576-8", "", 2132, "99999999999-1"])
    def test_but_by_no_other_number(self, loinc: object) -> None:
        assert refusals(labs=[{"loinc": loinc, "value": 1, "unit": "fL"}]).keys() == {"labs[0].loinc"}

    def test_exactly_once(self) -> None:
        assert refusals(labs=[{**MCV, "loinc": "787-2"}]) == {"labs[0].loinc": "must be left out beside test"}
        assert refusals(labs=[{"value": 104, "unit": "fL"}]) == {"labs[0]": "needs test or loinc"}

    @pytest.mark.parametrize("name", ["B12_total", "midichlorians", "constructor", "cre\u0301atinine", 2823])
    def test_is_of_the_catalogue(self, name: object) -> None:
        assert refusals(labs=[{"test": name, "value": 1, "unit": "fL"}]).keys() == {"labs[0].test"}

    @pytest.mark.parametrize("lab", ["mcv 104", ["mcv", 104], 104])
    def test_is_an_object(self, lab: object) -> None:
        assert refusals(labs=[lab]) == {"labs[0]": "must be an object"}


class TestTheValue:
    @pytest.mark.parametrize("value", [142, 142.5, Decimal("142.50"), 1e2])
    def test_is_a_number_as_it_was_sent(self, value: Any) -> None:
        quantity = result_of({**B12, "value": value}).quantity
        assert quantity is not None
        assert quantity.interval == Interval.exactly(Decimal(str(value)))

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("<150", "<150 ng/L"),
            ("< 150", "<150 ng/L"),
            ("<=150", "<=150 ng/L"),
            (">2000", ">2000 ng/L"),
            (">= 2000.5", ">=2000.5 ng/L"),
        ],
    )
    def test_may_be_censored(self, value: str, shown: str) -> None:
        assert result_of({**B12, "value": value}).reported() == shown

    @pytest.mark.parametrize(
        "value",
        [
            *("142", "142,5", "<", "<  150", "<-5", "< 150 ng/L", "~150", "150<", "<1e3", "<015", "≤150", "<１５０"),
            *("１４２", "1_42", "nan", "NaN", "inf", "3.5-5.1", "", "trace", "Positive", True, [142], {"value": 142}),
            *(float("nan"), float("inf"), Decimal("NaN"), Decimal("1E+400"), Decimal("1E-400"), 10**60),
            *(Decimal("4." + "4" * 50),),
        ],
    )
    def test_is_nothing_else(self, value: object) -> None:
        assert refusals(labs=[{**B12, "value": value}]).keys() == {"labs[0].value"}

    @pytest.mark.parametrize(
        ("word", "category"),
        [
            ("positive", "positive"),
            ("present", "positive"),
            ("negative", "negative"),
            ("absent", "negative"),
            ("borderline", "borderline"),
        ],
    )
    def test_may_be_a_word_for_tests_reported_so(self, word: str, category: str) -> None:
        result = result_of({"test": "intrinsic_factor_antibody", "value": word})
        assert (result.category, result.quantity) == (category, None)

    def test_is_no_word_for_others_and_has_no_unit_then(self) -> None:
        assert refusals(labs=[{"test": "mcv", "value": "positive"}]).keys() == {"labs[0].value"}
        lab = {"test": "intrinsic_factor_antibody", "value": "positive", "unit": "U/mL"}
        assert refusals(labs=[lab]) == {"labs[0].unit": "must be left out beside a word"}

    @pytest.mark.parametrize("word", ["low", "normal", "high"])
    def test_may_be_missing_where_the_laboratory_flagged_it(self, word: str) -> None:
        result = result_of({"test": "homocysteine", "interpretation": word})
        assert (result.flag, result.quantity, result.category) == (word, None, None)

    def test_may_stand_beside_a_flag(self) -> None:
        result = result_of({**B12, "interpretation": "low"})
        assert (result.flag, result.reported()) == ("low", "142 ng/L")

    @pytest.mark.parametrize("word", ["L", "High", "abnormal", "", True])
    def test_no_other_flag_is_read(self, word: object) -> None:
        assert refusals(labs=[{"test": "mcv", "interpretation": word}]).keys() == {"labs[0].interpretation"}

    def test_one_of_the_two_is_needed(self) -> None:
        assert refusals(labs=[{"test": "mcv"}]) == {"labs[0]": "needs a value, or the interpretation of the laboratory"}


class TestTheUnit:
    def test_is_needed_beside_a_number_and_only_there(self) -> None:
        assert refusals(labs=[{"test": "mcv", "value": 104}]) == {"labs[0].unit": "is required beside a number"}
        assert accepted_at("labs[0].unit", labs=[{"test": "b12_total", "value": 142}]) == ["ng/L", "pg/mL", "pmol/L"]
        lab = {"test": "mcv", "unit": "fL", "interpretation": "high"}
        assert refusals(labs=[lab]) == {"labs[0].unit": "must be left out where there is no value"}

    @pytest.mark.parametrize("unit", ["umol/L", "µmol/L", "μmol/L", "mcmol/L"])
    def test_has_one_spelling_inside(self, unit: str) -> None:
        assert result_of({"test": "creatinine", "value": 90, "unit": unit}).reported() == "90 umol/L"

    @pytest.mark.parametrize("unit", ["/uL", "/mm3", "10*3/uL", "K/uL", "10*9/L"])
    def test_of_a_cell_count_may_be_of_many_kinds(self, unit: str) -> None:
        value = 5000 if unit.startswith("/") else 5
        assert refusals(labs=[{"test": "wbc", "value": value, "unit": unit}]) == {}

    @pytest.mark.parametrize("unit", ["mmol/L", "mg/dL", "ng/dL", "NG/L", "ng/L ", "nɡ/L", "ng\u200b/L", "", "ng", 1])
    def test_is_one_the_test_takes(self, unit: object) -> None:
        assert refusals(labs=[{**B12, "unit": unit}]).keys() == {"labs[0].unit"}

    def test_every_unit_and_spelling_of_the_catalogue_is_taken(self) -> None:
        for fact in catalogue().groups["labs"].values():
            for unit in fact.units:
                middle = sum(fact.plausible or ()) / 2
                value = fact.convert(Interval.exactly(middle), fact.unit or unit, unit).low
                for spelling in (unit, *(other for other, meant in fact.spellings.items() if meant == unit)):
                    lab = {"test": fact.code, "value": round(value, 6), "unit": spelling}
                    assert refusals(labs=[lab]) == {}, lab


class TestPlausibility:
    @pytest.mark.parametrize(
        "lab",
        [
            {"test": "hemoglobin", "value": 1.5, "unit": "g/dL"},
            {"test": "b12_total", "value": 200_000, "unit": "ng/L"},
            {"test": "mma", "value": 36, "unit": "umol/L"},
            {"test": "homocysteine", "value": 200, "unit": "umol/L"},
        ],
    )
    def test_real_extremes_are_accepted(self, lab: dict[str, Any]) -> None:
        assert refusals(labs=[lab]) == {}

    @pytest.mark.parametrize(
        "lab",
        [
            {"test": "hemoglobin", "value": 140, "unit": "g/dL"},
            {"test": "mma", "value": 0.5, "unit": "nmol/L"},
            {"test": "mma", "value": "<0.5", "unit": "nmol/L"},
            {"test": "b12_total", "value": ">900000", "unit": "ng/L"},
            {"test": "b12_total", "value": 0, "unit": "ng/L"},
            {"test": "b12_total", "value": -1, "unit": "ng/L"},
            {"test": "potassium", "value": "<0.1", "unit": "mmol/L"},
            {"test": "hba1c", "value": 48, "unit": "%"},
        ],
    )
    def test_slips_of_the_unit_are_refused(self, lab: dict[str, Any]) -> None:
        assert "is not plausible in its unit" in refusals(labs=[lab])["labs[0].value"]

    @pytest.mark.parametrize(
        ("lab", "said"),
        [
            ({"test": "hemoglobin", "value": 140, "unit": "g/dL"}, "1.5 to 26 g/dL would be"),
            ({"test": "hemoglobin", "value": 14, "unit": "g/L"}, "15 to 260 g/L would be"),
            ({"test": "b12_total", "value": 900000, "unit": "pmol/L"}, "about 3.68 to 185000 pmol/L would be"),
        ],
    )
    def test_what_would_be_plausible_is_said_in_the_unit_that_was_sent(self, lab: dict[str, Any], said: str) -> None:
        assert refusals(labs=[lab])["labs[0].value"] == f"is not plausible in its unit: {said}"

    def test_no_plausible_value_is_outside_what_is_said_to_be(self) -> None:
        for fact in catalogue().groups["labs"].values():
            for unit in fact.units.values() if fact.plausible else ():
                exact = fact.convert(Interval(*fact.plausible), fact.unit, unit.name)
                said = _implausible(fact, unit).removesuffix(f" {unit.name} would be").split()
                low, high = Decimal(said[-3]), Decimal(said[-1])
                assert low <= exact.low <= exact.high <= high
                assert exact.low - low <= abs(exact.low) / 100
                assert high - exact.high <= exact.high / 100

    def test_less_than_nothing_is_no_result(self) -> None:
        lab = {"test": "esr", "value": "<0", "unit": "mm/h"}
        assert refusals(labs=[lab]) == {"labs[0].value": "leaves no value that it can be"}
        assert refusals(labs=[{**lab, "value": "<=0"}]) == {}
        assert refusals(labs=[{**lab, "value": 0}]) == {}


class TestLimitsOfTheLaboratory:
    def test_stand_in_the_unit_of_the_value(self) -> None:
        result = result_of({**MMA, "reference_range": {"low": 0, "high": 0.27}})
        assert (result.low, result.high) == (Decimal(0), Decimal("0.27"))
        cutoffs = {"deficient_below": 35, "unlikely_above": 50}
        result = result_of({"test": "b12_active", "value": 31, "unit": "pmol/L", "cutoffs": cutoffs})
        assert (result.deficient_below, result.unlikely_above) == (Decimal(35), Decimal(50))

    @pytest.mark.parametrize(
        ("lab", "path"),
        [
            ({**MCV, "reference_range": {"low": 100, "high": 80}}, "reference_range"),
            ({**MCV, "reference_range": {"low": "80"}}, "reference_range.low"),
            ({**MCV, "reference_range": {"high": None}}, "reference_range.high"),
            ({**MCV, "reference_range": {"upper": 100}}, "reference_range"),
            ({**MCV, "reference_range": "80-100"}, "reference_range"),
            ({**MCV, "reference_range": [80, 100]}, "reference_range"),
            ({**MMA, "reference_range": {"high": 270}}, "reference_range.high"),
            ({**MMA, "reference_range": {"low": -1}}, "reference_range.low"),
            ({**MMA, "reference_range": {"high": 0}}, "reference_range.high"),
            ({**MMA, "cutoffs": {"deficient_below": 0.3}}, "cutoffs"),
            ({**B12, "cutoffs": {"deficient_below": 200, "unlikely_above": 100}}, "cutoffs"),
            ({**B12, "cutoffs": {"deficient_below": 0}}, "cutoffs.deficient_below"),
            ({**B12, "cutoffs": {"low": 200}}, "cutoffs"),
            ({"test": "mcv", "interpretation": "low", "reference_range": {"low": 80}}, "reference_range"),
            ({"test": "anti_ccp", "value": "positive", "reference_range": {"high": 7}}, "reference_range"),
        ],
    )
    def test_are_in_order_plausible_and_beside_a_number(self, lab: dict[str, Any], path: str) -> None:
        assert refusals(labs=[lab]).keys() == {f"labs[0].{path}"}

    @pytest.mark.parametrize("limits", [{}, {"low": 80}, {"high": 100}, {"low": 100, "high": 100}])
    def test_may_be_one_or_both(self, limits: dict[str, int]) -> None:
        assert refusals(labs=[{**MCV, "reference_range": limits}]) == {}

    def test_are_not_judged_beside_an_unknown_unit(self) -> None:
        lab = {**MCV, "unit": "cc", "reference_range": {"low": 1, "high": 2}}
        assert refusals(labs=[lab]).keys() == {"labs[0].unit"}


class TestSeveralResults:
    def test_the_newest_decides_and_older_ones_are_history(self) -> None:
        labs = [dated(300, "2025"), dated(142, "2026-11-20"), dated(200, "2026-05"), dated(250, "2024-01-01")]
        results = load(labs=labs).facts.results["b12_total"]
        assert [result.reported() for result in results] == ["142 ng/L", "200 ng/L", "300 ng/L", "250 ng/L"]

    def test_one_undated_result_is_current(self) -> None:
        assert load(labs=[B12]).facts.results["b12_total"][0].date is None

    def test_one_name_or_another_is_the_same_test(self) -> None:
        labs = [dated(142, "2026"), {**dated(200, "2026"), "test": "cobalamin"}]
        assert refusals(labs=labs).keys() == {"labs[1]"}

    @pytest.mark.parametrize(
        ("labs", "path"),
        [
            ([dated(142), dated(200, "2026-05-01")], "labs[0]"),
            ([dated(200, "2026-05-01"), dated(142)], "labs[1]"),
            ([dated(142), dated(142, "2026-05-01")], "labs[0]"),
            ([dated(142), dated(200)], "labs[1]"),
            ([dated(142, "2026-05-01"), dated(200, "2026-05-01")], "labs[1]"),
            ([dated(142, "2026-05-01T08:00:00Z"), dated(200, "2026-05-01")], "labs[1]"),
            ([dated(142, "2026"), dated(200, "2026-05-01")], "labs[1]"),
            ([dated(200, "2026-05-01"), dated(142, "2026-05"), dated(300, "2020")], "labs[1]"),
            ([dated(142), dated("<142")], "labs[1]"),
            ([dated(5.5), {**B12, "value": 250, "unit": "pmol/L"}], "labs[1]"),
            ([{"test": "mcv", "interpretation": "high"}, {"test": "mcv", "interpretation": "low"}], "labs[1]"),
            ([{"test": "mcv", "interpretation": "high"}, MCV], "labs[1]"),
            ([{"test": "anti_ccp", "value": "positive"}, {"test": "anti_ccp", "value": "negative"}], "labs[1]"),
            ([dated(142, reference_range={"low": 180}), dated(142, reference_range={"low": 200})], "labs[1]"),
            ([dated(142, interpretation="low"), dated(142, interpretation="normal")], "labs[1]"),
            ([dated(142, cutoffs={"deficient_below": 150}), dated(142, unit="pg/mL", interpretation="low")], "labs[1]"),
        ],
    )
    def test_when_nobody_can_say_which_decides_they_are_refused(self, labs: list[Any], path: str) -> None:
        assert refusals(labs=labs).keys() == {path}

    @pytest.mark.parametrize(
        "again",
        [
            dated(142, "2026-05-01"),
            dated(142.0, "2026-05-01"),
            dated(142, "2026-05-01T08:00:00Z"),
            dated(142, "2026-05-01", unit="pg/mL"),
            dated(142, "2026-05-01", interpretation="low"),
        ],
    )
    def test_equal_ones_count_once(self, again: dict[str, Any]) -> None:
        first = dated(142, "2026-05-01")
        for labs in ([first, again], [again, first], [first, again, first]):
            assert len(load(labs=labs).facts.results["b12_total"]) == 1

    def test_limits_are_kept_in_the_unit_they_were_sent_in(self) -> None:
        labs = [dated(142), dated(142, unit="pg/mL", cutoffs={"deficient_below": 150})]
        [result] = load(labs=labs).facts.results["b12_total"]
        assert (result.reported(), result.deficient_below) == ("142 pg/mL", Decimal(150))

    def test_what_only_one_of_two_equal_ones_says_is_kept(self) -> None:
        labs = [dated(142, reference_range={"low": 180}), dated(142, interpretation="low")]
        [result] = load(labs=labs).facts.results["b12_total"]
        assert (result.low, result.flag) == (Decimal(180), "low")

    def test_equal_words_and_flags_count_once(self) -> None:
        labs = [{"test": "anti_ccp", "value": "positive"}, {"test": "anti_ccp", "value": "present"}]
        labs += [{"test": "mcv", "interpretation": "high"}] * 2
        assert {test: len(results) for test, results in load(labs=labs).facts.results.items()} == {
            "anti_ccp": 1,
            "mcv": 1,
        }

    def test_the_order_of_the_list_makes_no_difference(self) -> None:
        labs = [dated(value, str(year)) for value, year in zip(range(100, 120), range(2006, 2026), strict=True)]
        expected = [result.reported() for result in load(labs=labs).facts.results["b12_total"]]
        labs = [*labs[::3], *labs[2::3], *labs[1::3]]
        assert [result.reported() for result in load(labs=labs).facts.results["b12_total"]] == expected

    @pytest.mark.parametrize(
        ("date", "warning"),
        [
            ("2026-11-22", None),
            ("2025-11-22", None),
            ("2025-11-21", "is over a year old"),
            ("2025", "may be over a year old"),
            ("2025-12", None),
            ("2024", "is over a year old"),
            (None, None),
        ],
    )
    def test_an_old_result_that_decides_is_warned_of(self, date: str | None, warning: str | None) -> None:
        warnings = load(labs=[dated(142, date)]).inputs.warnings
        assert [(caution.path, caution.message) for caution in warnings] == ([("labs[0]", warning)] if warning else [])

    def test_an_old_result_that_does_not_decide_is_not(self) -> None:
        assert load(labs=[dated(142, "2020"), dated(200, "2026")]).inputs.warnings == ()
