"""What to ask for next, on the tiny rule set."""

from dataclasses import replace
from typing import Any

import pytest

from rules import assess, catalogue
from rules.evaluation import Evaluation
from rules.model import LEVELS, Finding, Line, When
from rules.settling import Settling
from tests.core_helpers import item, lab, patient, published_set, tiny_set

FATIGUE, FEVER, NUMBNESS = (tiny_set().findings[name] for name in ("fatigue", "fever", "numbness"))
LISTED = {"listed": True, "b12_supplement": False}


def missing(*said, **known) -> dict[str, str]:
    return {one.fact: one.could_reach for one in assess(tiny_set(), patient(*said, **known)).missing}


def test_nothing_is_missing_for_a_well_person() -> None:
    assert missing() == {}
    assert missing(lab("b12_total", "400 ng/L")) == {}


def test_nothing_is_missing_for_a_child() -> None:
    assert missing(item("numbness"), age=15) == {}


def test_a_recommended_test_is_missing_until_it_is_done() -> None:
    assert missing(lab("b12_total", "250 ng/L"))["mma"] == "probable"
    assert "mma" not in missing(lab("b12_total", "250 ng/L"), lab("mma", "200 nmol/L"))


def test_what_a_level_assumes_is_missing() -> None:
    assert missing(lab("b12_total", "150 ng/L"), **LISTED)["pregnant"] == "confirmed"
    assert "pregnant" not in missing(lab("b12_total", "150 ng/L"), pregnant=False)


def test_half_a_rule_asks_for_its_other_half() -> None:
    asked = missing(item("numbness"), listed=True)
    assert asked["vegan"] == "possible"
    assert "gastric_bypass" in asked
    assert "metformin" not in asked


def test_a_complaint_alone_asks_for_nothing_that_no_rule_is_half_way_to() -> None:
    assert missing(item("fatigue")) == {}


def test_the_furthest_reaching_comes_first_and_eight_are_shown() -> None:
    tests = tuple(catalogue().groups["labs"])
    many = [replace(one, then=replace(one.then, tests=tests)) for one in tiny_set().recommendations]
    answer = assess(replace(tiny_set(), recommendations=tuple(many)), patient(item("numbness")))
    reached = [LEVELS.index(one.could_reach) for one in answer.missing]
    assert len(reached) == 8
    assert [one.fact for one in answer.missing][:2] == ["b12_total", "mma"]
    assert reached == sorted(reached, reverse=True)


def test_a_censored_result_is_asked_for_by_what_was_reported() -> None:
    answer = assess(tiny_set(), patient(lab("b12_total", "<200 ng/L"), pregnant=False))
    (censored,) = (one for one in answer.missing if one.fact == "b12_total")
    assert censored.label == "Total vitamin B12 (serum cobalamin) (reported as <200 ng/L)"
    assert censored.could_reach == "confirmed"


@pytest.mark.parametrize(
    ("finding", "said", "asked"),
    [
        ("fatigue", (), ["fatigue"]),
        ("fatigue", (item("fatigue"),), []),
        ("fatigue", (item("fatigue", present=False),), []),
        ("neurology", (), ["paresthesia", "numbness", "gait_ataxia"]),
        ("neurology", (item("paresthesia", present=False),), ["numbness", "gait_ataxia"]),
        ("neurology", (item("paresthesia"),), []),
        ("anemia", (), ["hemoglobin"]),
        ("anemia", (lab("hemoglobin", "115 g/L"),), ["pregnant"]),
        ("on_b12_treatment", (item("cyanocobalamin", present=False),), ["hydroxocobalamin"]),
        ("worn_joint", (), ["joint_pain"]),
    ],
)
def test_the_facts_that_would_settle_a_finding(finding: str, said, asked: list[str]) -> None:
    found = list(Evaluation(patient(*said)).unknown_facts(tiny_set().findings[finding]))
    assert found[: len(asked)] == asked
    assert bool(found) is bool(asked)


@pytest.mark.parametrize(
    ("when", "half"),
    [
        (When(all=(FATIGUE, FEVER)), True),
        (When(all=(FATIGUE, FEVER, NUMBNESS)), False),
        (When(all=(FEVER,)), False),
        (When(all=(FATIGUE,), none=(FEVER,)), True),
        (When(all=(FATIGUE,), none=(FEVER, NUMBNESS)), False),
        (When(any=(FATIGUE, FEVER, NUMBNESS), at_least=2), True),
        (When(any=(FATIGUE, FEVER, NUMBNESS), at_least=3), False),
        (When(all=(FATIGUE,), any=(FEVER, NUMBNESS)), True),
    ],
)
def test_half_true(when: When, half: bool) -> None:
    evaluation = Evaluation(patient(item("fatigue")))
    evaluation.look_at(when.findings)
    assert when.is_half_true(evaluation.true) is half


def test_a_finding_of_another_name_for_a_fact_asks_for_the_fact() -> None:
    known = Finding("tired", "Tired", Line(FATIGUE.line.fact, "present"))
    assert list(Evaluation(patient()).unknown_facts(known)) == ["fatigue"]


@pytest.mark.parametrize(
    ("medicines", "asked"),
    [
        ([item("omeprazole")], ["Omeprazole (PPI) (since when, or other details)"]),
        ([item("omeprazole", since="2026-01")], []),
        ([], []),
    ],
)
def test_a_medicine_that_is_not_on_the_list_is_not_asked_for(medicines: list[Any], asked: list[str]) -> None:
    known = patient(lab("b12_total", "150 ng/L"), *medicines, listed=True)
    causes = {cause.explanation.id: cause for cause in assess(published_set(), known).causes}
    missing = causes["acid_suppressant"].missing if "acid_suppressant" in causes else ()
    assert [question.label for question in missing] == asked


EITHER = Finding("either", "Either", group="any", members=(FEVER, NUMBNESS))
BOTH = Finding("both", "Both", group="all", members=(FEVER, NUMBNESS))
NEITHER = Finding("neither", "Neither", group="none", members=(FEVER, NUMBNESS))
FEVERISH = Finding("feverish", "Feverish", group="all", members=(FATIGUE, FEVER))
TWICE = Finding("twice", "Fever by another name", group="any", members=(FEVER,))
WITHOUT = Finding("without", "Without fever", group="none", members=(FEVER,))


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        (When(all=(FATIGUE, FEVER)), {"fever"}),
        (When(all=(FEVER, NUMBNESS)), set()),
        (When(all=(FEVER, TWICE)), {"fever"}),
        (When(all=(FATIGUE,)), set()),
        (When(any=(FEVER, NUMBNESS)), {"fever", "numbness"}),
        (When(any=(FATIGUE, FEVER, NUMBNESS), at_least=2), {"fever", "numbness"}),
        (When(any=(FATIGUE, FEVER, NUMBNESS), at_least=3), set()),
        (When(any=(FEVER, TWICE, NUMBNESS), at_least=2), {"fever"}),
        (When(all=(FEVER,), any=(FATIGUE, NUMBNESS)), {"fever"}),
        (When(all=(FEVER,), unless=(NUMBNESS,)), {"fever"}),
        (When(all=(FATIGUE,), none=(FEVER,)), {"fever"}),
        (When(all=(FATIGUE,), none=(FEVER, NUMBNESS)), set()),
        (When(all=(EITHER,)), {"fever", "numbness"}),
        (When(all=(BOTH,)), set()),
        (When(all=(FEVERISH,)), {"fever"}),
        (When(all=(NEITHER,)), set()),
        (When(all=(WITHOUT,)), {"fever"}),
        (When(none=(EITHER,)), set()),
        (When(none=(BOTH,)), {"fever", "numbness"}),
        (When(none=(NEITHER,)), {"fever", "numbness"}),
    ],
)
def test_the_facts_of_which_one_answer_makes_a_rule_fire(when: When, facts: set[str]) -> None:
    evaluation = Evaluation(patient(item("fatigue")))
    evaluation.look_at(when.findings)
    assert Settling(evaluation).one_answer_from(when) == facts


def test_what_only_two_answers_would_reach_counts_for_neither() -> None:
    asked = {one.fact: one.could_reach for one in assess(published_set(), patient(item("numbness"), age=86)).missing}
    assert asked["nitrous_oxide_recreational"] == "possible"
    assert asked["mma"] == "probable"


def test_no_long_group_of_tests_hides_the_other_questions() -> None:
    tests = tuple(catalogue().groups["labs"])
    many = [replace(one, then=replace(one.then, tests=tests)) for one in tiny_set().recommendations]
    answer = assess(replace(tiny_set(), recommendations=tuple(many)), patient(item("numbness"), listed=True))
    assert "vegan" in [one.fact for one in answer.missing]


def test_a_complaint_that_is_there_is_asked_more_about() -> None:
    known = patient(item("confusion"), item("dementia"), lab("b12_total", "210 ng/L"), age=86)
    asked = [one.fact for one in assess(published_set(), known).missing]
    assert "confusion" in asked[:4]


def test_the_limits_of_the_laboratory_are_asked_for_only_where_they_could_raise_the_level() -> None:
    deficient = patient(lab("b12_total", "150 ng/L"), item("numbness"), pregnant=False)
    assert "b12_total" not in [one.fact for one in assess(published_set(), deficient).missing]
    undecided = patient(lab("b12_total", "250 ng/L"), lab("mma", "300 nmol/L"), item("numbness"), pregnant=False)
    assert ("mma", "probable") in [(one.fact, one.could_reach) for one in assess(published_set(), undecided).missing]
