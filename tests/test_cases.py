"""Published patients with known answers: what a clinician accepts, with and without markers."""

import pytest

from tests.case_table import (
    MARKERS,
    TABLE,
    Document,
    assess,
    read_cases,
    render_table,
    without_markers,
)

CASES = read_cases()
DEFICIENT_ADULTS = [case for case in CASES if case["b12_deficient"] and case["adult"]]
WITH_A_TEST_DUE = [case for case in CASES if "tests_without" in case["expect"]]


def each(cases: list[Document]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


def level(request: Document) -> str:
    word: str = assess(request)["likelihood"]["level"]
    return word


def recommended_tests(answer: Document) -> set[str]:
    advice = [one for one in answer["recommendations"] if one["action"] == "test"]
    return {test for one in advice for test in one["tests"]}


@each(CASES)
def test_the_level_of_the_case_as_published(case: Document) -> None:
    assert level(case["request"]) in case["expect"]["level_with"], case["expect"]["clinician"]


@each(CASES)
def test_the_level_before_any_marker_was_measured(case: Document) -> None:
    found = level(without_markers(case["request"]))
    assert found in case["expect"]["level_without"], case["expect"]["clinician"]


@each(CASES)
@pytest.mark.parametrize("markers", ["shown", "hidden"])
def test_every_red_flag_of_the_case_is_raised_whatever_the_markers(case: Document, markers: str) -> None:
    request = case["request"] if markers == "shown" else without_markers(case["request"])
    raised = {flag["id"] for flag in assess(request)["flags"]}
    assert set(case["expect"]["flags"]) <= raised


@each(WITH_A_TEST_DUE)
def test_a_marker_is_recommended_while_none_is_known(case: Document) -> None:
    recommended = recommended_tests(assess(without_markers(case["request"])))
    assert recommended & set(case["expect"]["tests_without"]), case["expect"]["clinician"]


@each(CASES)
def test_what_is_expected_keeps_to_what_was_promised(case: Document) -> None:
    """Guards the expectations themselves: a rule that misses a patient is not mended by asking less of it."""
    expect = case["expect"]
    if case["decisive"]:
        assert set(expect["level_with"]) <= {"probable", "confirmed"}
    if not case["b12_deficient"] or not case["adult"]:
        assert not {"probable", "confirmed"} & set(expect["level_with"])
    if "nitrous oxide" in case["cause"]:
        assert "unlikely" not in expect["level_with"] + expect["level_without"]
    assert set(expect["level_without"]) <= {"undetermined", "possible"}


def test_every_deficient_adult_is_owed_a_marker() -> None:
    assert all(set(case["expect"]["tests_without"]) == MARKERS for case in DEFICIENT_ADULTS)


def test_the_committed_table_is_the_one_the_rules_give() -> None:
    assert TABLE.read_text(encoding="utf-8") == render_table(), "rewrite it: python -m tests.case_table"
