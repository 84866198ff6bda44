"""Examples and vignettes are run as promised, and one that does not hold is named."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from rules import assess
from rules.loading.examples import with_tables
from rules.model import Example
from rules.source import Problems
from rules.vignettes import differences, failed_examples, failed_vignettes, read_vignettes
from tests.core_helpers import TINY, item, lab, patient, read_given, tiny_set

LOW = patient(item("numbness"), item("joint_pain"), lab("b12_total", "150 ng/L"))


def tiny_vignettes() -> list:
    problems = Problems()
    found = read_vignettes(TINY, problems)
    assert problems.found == []
    return found


def test_the_examples_of_the_tiny_set_hold() -> None:
    assert list(failed_examples(tiny_set(), read_given)) == []


TABLES = {
    "recommendations": "treat:\n  - {given: {labs: {b12_total: 179 ng/L}}, fires: true}\n",
    "differential": "osteoarthritis:\n  - {given: {signs: [synovitis]}, stance: undetermined}\n",
}


@pytest.fixture
def with_examples(tmp_path: Path) -> Path:
    (tmp_path / "examples").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "examples" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_tables_beside_the_rules_stand_behind_their_own_examples(with_examples: Path) -> None:
    problems = Problems()
    longer = with_tables(tiny_set(), with_examples, problems)
    assert problems.found == []
    (*own, last) = longer.rules["treat"].examples
    assert tuple(own) == tiny_set().rules["treat"].examples
    assert (last.expected, last.where) == ("fires", "examples/recommendations.yaml:2")
    assert longer.flags == tiny_set().flags


def test_an_example_of_a_table_that_does_not_hold_is_named(with_examples: Path) -> None:
    longer = with_tables(tiny_set(), with_examples, Problems())
    assert list(failed_examples(longer, read_given)) == [
        "examples/differential.yaml:2: 'osteoarthritis' is against, not undetermined"
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("treats:\n  - {given: {}, fires: true}\n", "1: unknown rule 'treats'; did you mean 'treat'?"),
        ("treat: []\n", "1: 'treat' must be a list of mappings"),
        ("treat:\n  - {given: {}, fire: true}\n", "2: unknown key 'fire'; did you mean 'fires'?"),
    ],
)
def test_a_table_with_a_mistake_is_named(with_examples: Path, table: str, problem: str) -> None:
    (with_examples / "examples" / "recommendations.yaml").write_text(table, encoding="utf-8")
    problems = Problems()
    with_tables(tiny_set(), with_examples, problems)
    assert f"examples/recommendations.yaml:{problem}" in problems.found


def test_the_vignettes_of_the_tiny_set_hold() -> None:
    vignettes = tiny_vignettes()
    assert [vignette.id for vignette in vignettes] == ["low-b12", "nothing-known"]
    assert vignettes[0].where == "vignettes/patients.yaml:2"
    assert list(failed_vignettes(tiny_set(), vignettes, read_given)) == []


@pytest.mark.parametrize(
    ("rule", "example", "message"),
    [
        ("fever", Example({"symptoms": ["fever"]}, "silent", (), "here:1"), "here:1: 'fever' is fires, not silent"),
        ("fever", Example({}, "fires", (), "here:1"), "here:1: 'fever' is undecided, not fires"),
        ("fever", Example({"absent": ["fever"]}, "fires", (), "here:1"), "here:1: 'fever' is silent, not fires"),
        (
            *("fever", Example({}, "undecided", ("mma",), "here:1")),
            "here:1: 'fever' does not depend on the unknown 'mma'",
        ),
        # a rule for adults is silent for a child
        (
            *("treat", Example({"age": 10, "labs": {"b12_total": "150 ng/L"}}, "fires", (), "here:1")),
            "here:1: 'treat' is silent, not fires",
        ),
    ],
)
def test_an_example_that_does_not_hold_is_named(rule: str, example: Example, message: str) -> None:
    changed = tuple(replace(one, examples=(example,)) if one.id == rule else one for one in tiny_set().flags)
    advice = tuple(replace(one, examples=(example,)) if one.id == rule else one for one in tiny_set().recommendations)
    broken = replace(tiny_set(), flags=changed, recommendations=advice)
    assert list(failed_examples(broken, read_given)) == [message]


@pytest.mark.parametrize(
    ("given", "expected", "message"),
    [
        ({}, "possible", "here:1: 'osteoarthritis' is absent, not possible"),
        ({"symptoms": ["joint_pain"]}, "supported", "here:1: 'osteoarthritis' is undetermined, not supported"),
        ({"signs": ["synovitis"]}, "absent", "here:1: 'osteoarthritis' is against, not absent"),
    ],
)
def test_an_example_of_a_disease_that_does_not_hold_is_named(given, expected: str, message: str) -> None:
    disease = replace(tiny_set().differential["osteoarthritis"], examples=(Example(given, expected, (), "here:1"),))
    broken = replace(tiny_set(), differential={**tiny_set().differential, "osteoarthritis": disease})
    assert list(failed_examples(broken, read_given)) == [message]


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ({"level": "confirmed"}, None),
        ({"level": "possible"}, "has level confirmed, not possible"),
        ({"lowest": "confirmed"}, "has lowest possible, not confirmed"),
        ({"highest": "probable"}, "has highest confirmed, not probable"),
        ({"basis": "clinical"}, "has basis laboratory, not clinical"),
        ({"reason": "insufficient_data"}, "has reason None, not insufficient_data"),
        ({"flags": ["neurology"]}, None),
        ({"flags": []}, "has flags neurology, not none"),
        ({"flags": ["fever", "neurology"]}, "has flags neurology, not fever, neurology"),
        ({"recommends": ["treat"]}, None),
        ({"recommends": ["refer-child"]}, "lacks 'refer-child' among recommends: test-mma, treat"),
        ({"recommends_only": ["treat", "test-mma"]}, None),
        ({"recommends_only": ["treat"]}, "has recommends_only test-mma, treat, not treat"),
        ({"never": ["refer-child"]}, None),
        ({"never": ["treat"]}, "must not recommend 'treat'"),
        ({"assumes": ["pregnant"]}, None),
        ({"assumes": ["dementia"]}, "lacks 'dementia' among assumes: pregnant"),
        ({"missing": ["mma"]}, None),
        ({"missing": ["creatinine"]}, "lacks 'creatinine' among missing: "),
        ({"missing_only": []}, "has missing_only "),
        ({"differential": {"osteoarthritis": "undetermined"}}, None),
        ({"differential": {"osteoarthritis": "absent"}}, "has osteoarthritis undetermined, not absent"),
        ({"differential": {"lead_toxicity": "possible"}}, "has lead_toxicity absent, not possible"),
    ],
)
def test_the_difference_from_what_is_expected_is_named(expect, message: str | None) -> None:
    found = list(differences(expect, assess(tiny_set(), LOW)))
    if message is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(message)


def test_nothing_given_reads_as_none() -> None:
    (message,) = differences({"flags": ["fever"]}, assess(tiny_set(), patient()))
    assert message == "has flags none, not fever"
    (message,) = differences({"recommends": ["treat"]}, assess(tiny_set(), patient()))
    assert message == "lacks 'treat' among recommends: none"


def test_a_vignette_that_does_not_hold_is_named_with_its_place() -> None:
    (_, second) = tiny_vignettes()
    wrong = replace(second, expect={"level": "unlikely"})
    (message,) = failed_vignettes(tiny_set(), [wrong], read_given)
    assert message == f"{second.where}: 'nothing-known' has level undetermined, not unlikely"


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{given: {}, expect: {level: possible}}", "vignettes/bad.yaml:1: 'story' is missing"),
        ("{story: A, given: {}, expect: {levl: possible}}", "unknown key 'levl'; did you mean 'level'?"),
        ("{story: A, given: {}, expect: {flags: []}}", "vignettes/bad.yaml:1: 'level' is missing"),
        ("{story: A, given: {}}", "vignettes/bad.yaml:1: 'expect' is missing"),
        ("hello", "'bad' must be a mapping"),
        ("{story: A, given: 7, expect: {level: possible}}", "'given' must be a mapping"),
        ("{story: A, given: {}, expect: 5}", "'expect' must be a mapping"),
        ("{story: A, given: {}, expect: {level: certain}}", "'level' must be one of undetermined"),
        ("{story: A, givn: {}, expect: {level: possible}}", "unknown key 'givn'; did you mean 'given'?"),
    ],
)
def test_a_vignette_with_a_mistake_is_named(tmp_path: Path, entry: str, problem: str) -> None:
    directory = copytree(TINY, tmp_path / "0.1.0")
    (directory / "vignettes" / "bad.yaml").write_text(f"bad: {entry}\n", encoding="utf-8")
    problems = Problems()
    read_vignettes(directory, problems)
    assert any(problem in found for found in problems.found)
