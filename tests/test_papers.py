"""The safety papers hold: what they point to exists, every control is tested, and pages say what the data say."""

import csv

import pytest

from tests.papers.asvs import ANSWERS
from tests.papers.reading import PAPERS, TESTS, controls_of, dead_references, read_paper
from tests.papers.writing import PAGES

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
ENTRIES = [(paper, name) for paper in ("hazards", "threats") for name in read_paper(paper)[paper]]


@pytest.mark.parametrize(("paper", "name"), ENTRIES)
def test_every_hazard_and_threat_is_met_by_controls_that_are_tested(paper: str, name: str) -> None:
    entry = read_paper(paper)[paper][name]
    assert entry["left"]
    assert controls_of(entry)
    assert all(control.get("tests") or control.get("patients") for control in controls_of(entry))
    assert dead_references(entry) == []


def test_a_control_that_names_no_test_of_ours_is_found() -> None:
    entry = {"controls": [{"what": "x", "tests": ["test_papers.py::test_of_nothing"], "patients": ["nobody"]}]}
    assert dead_references(entry) == ["nobody", "test_papers.py::test_of_nothing"]


def test_the_hazard_log_is_long_enough_to_be_one_and_rates_every_hazard() -> None:
    hazards = read_paper("hazards")["hazards"]
    assert len(hazards) >= 20
    assert {entry["severity"] for entry in hazards.values()} <= set(SEVERITIES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_its_data_say(name: str) -> None:
    assert (PAPERS / f"{name}.md").read_text(encoding="utf-8") == PAGES[name]()


@pytest.mark.parametrize("name", PAGES)
def test_nobody_has_signed_and_every_paper_says_so(name: str) -> None:
    assert "Review status: **unreviewed**" in PAGES[name]()


def test_the_safety_case_answers_every_hazard_and_points_to_what_exists() -> None:
    claims = read_paper("safety-case")["claims"]
    answered = [hazard for claim in claims.values() for hazard in claim["hazards"]]
    assert sorted(answered) == sorted(read_paper("hazards")["hazards"])
    assert all(dead_references(claim) == [] for claim in claims.values())


def test_each_of_the_ten_risks_is_answered_by_tests_that_exist() -> None:
    risks = read_paper("owasp-api")["risks"]
    assert [name.split(":")[0] for name in risks] == [f"API{number}" for number in range(1, 11)]
    assert all(risk["answer"] and risk["tests"] and dead_references(risk) == [] for risk in risks.values())


def test_every_requirement_of_asvs_is_answered_once_in_the_order_of_its_numbers() -> None:
    """All of level 1, and level 2 of eight chapters: the numbers are those of the published standard."""
    with (TESTS / "data" / "asvs.csv").open(encoding="utf-8", newline="") as numbers:
        published = [(row["number"], int(row["level"])) for row in csv.DictReader(numbers)]
    answered = read_paper("asvs")["requirements"]
    assert [(number, entry["level"]) for number, entry in answered.items()] == published


@pytest.mark.parametrize("number", read_paper("asvs")["requirements"])
def test_an_answer_to_asvs_is_shown_by_what_exists_or_says_what_would_be_needed(number: str) -> None:
    entry = read_paper("asvs")["requirements"][number]
    assert entry["asks"]
    assert entry["how"]
    assert entry["answer"] in ANSWERS
    assert ("needed" in entry) == (entry["answer"] in ("partly", "not met"))
    assert entry["answer"] != "met" or entry.get("tests") or entry.get("read")
    assert dead_references(entry) == []
    assert all((PAPERS.parent.parent / name).is_file() for name in entry.get("read", ()))
