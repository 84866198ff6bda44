"""The loader names every mistake at once, with file and line, and what was probably meant."""

import re
from pathlib import Path
from shutil import copytree

import pytest
from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.loading import load_rule_set
from rules.model import Finding, RuleSet
from rules.source import Problems, RuleSetError, read_yaml
from tests.core_helpers import TINY, tiny_set

MISTAKES = YAML(typ="safe", pure=True).load(TINY.parent / "mistakes.yaml")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return copytree(TINY, tmp_path / "0.1.0")


def change(directory: Path, mistake: dict[str, object]) -> None:
    path = directory / str(mistake["file"])
    if "put" not in mistake:
        path.unlink()
        return
    if "find" not in mistake:
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(mistake["put"]), encoding="utf-8")
        return
    text, count = re.subn(str(mistake["find"]), str(mistake["put"]), path.read_text(encoding="utf-8"), count=1)
    assert count == 1
    path.write_text(text, encoding="utf-8")


def problems_of(directory: Path) -> list[str]:
    with pytest.raises(RuleSetError) as refused:
        load_rule_set(directory, catalogue())
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


@pytest.mark.parametrize("mistake", list(MISTAKES.values()), ids=list(MISTAKES))
def test_a_mistake_is_named_with_its_file_and_line(broken: Path, mistake) -> None:
    change(broken, mistake)
    found = problems_of(broken)
    if mistake.get("also"):
        assert set(mistake["expect"]) <= set(found)
    else:
        assert sorted(found) == sorted(mistake["expect"])


def test_all_mistakes_are_named_at_once(broken: Path) -> None:
    several = [MISTAKES[name] for name in ("unknown-scope", "unknown-fact", "unknown-severity", "unknown-test")]
    for mistake in several:
        change(broken, mistake)
    assert {message for mistake in several for message in mistake["expect"]} <= set(problems_of(broken))


def test_an_empty_directory_lacks_every_file(tmp_path: Path) -> None:
    missing = {problem for problem in problems_of(tmp_path) if problem.endswith(":1: the file is missing")}
    assert len(missing) == 6


def test_a_finding_of_one_name_in_two_files(broken: Path) -> None:
    (broken / "findings" / "more.yaml").write_text("adult: {label: Again, is: age >= 18 years}\n", encoding="utf-8")
    assert problems_of(broken) == ["findings/more.yaml:1: finding 'adult' is already at findings/all.yaml:1"]


def test_the_tiny_set_as_it_was_written() -> None:
    rule_set = tiny_set()
    assert isinstance(rule_set, RuleSet)
    assert rule_set.manifest.version == "0.1.0"
    assert rule_set.digest == "sha256:tiny"
    assert [rule.id for rule in rule_set.flags] == ["neurology", "cord-signs", "fever"]
    assert {rule.scope for rule in rule_set.flags} == {"everyone"}
    assert rule_set.rules["refer-child"].scope == "child"
    assert rule_set.sources["guide"].published == "2024"
    assert rule_set.sources["guide"].passages["bands"].quotation == "below 180"
    assert rule_set.rules["cord-signs"].citations[0].was_read is False
    assert rule_set.differential["rheumatoid_arthritis"].criteria == {
        "name": "ACR/EULAR 2010",
        "score": "acr_eular_score",
        "needs": 6,
    }


def test_what_a_finding_reads_reaches_through_groups_and_computed_facts() -> None:
    findings = tiny_set().findings
    assert findings["neurology"].reads == {"paresthesia", "numbness", "gait_ataxia"}
    assert findings["worn_joint"].reads == {"joint_pain", "tender_large"}
    assert findings["no_swelling"].group == "none"
    assert findings["two_cord_signs"].at_least == 2
    assert findings["b12_deficient"].reads == {"b12_total"}
    assert Finding("empty", "Empty", group="any").reads == frozenset()
    assert {"b12_total", "age", "pregnant", "mma", "chronic_kidney_disease", "dementia"} <= tiny_set().reads


def test_every_yes_or_no_fact_is_a_finding_of_its_own_name() -> None:
    own = {fact.code for fact in catalogue() if fact.kind in ("presence", "yes_no")}
    assert own <= tiny_set().findings.keys()
    assert tiny_set().findings["vegan"].label == catalogue().fact("vegan").label


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("12", 12),
        ("010", 10),
        ("12:30:45", "12:30:45"),
        ("'12'", "12"),
        ("2026-01-15", "2026-01-15"),
        ("[1, a]", [1, "a"]),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    (tmp_path / "one.yaml").write_text(f"key: {text}\n", encoding="utf-8")
    assert read_yaml(tmp_path / "one.yaml", tmp_path, Problems())["key"] == value


def test_decimals_are_exact(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("key: 0.1\n", encoding="utf-8")
    assert str(read_yaml(tmp_path / "one.yaml", tmp_path, Problems())["key"]) == "0.1"


def test_several_documents_in_one_file_are_no_rule_set(tmp_path: Path) -> None:
    problems = Problems()
    (tmp_path / "one.yaml").write_text("a: 1\n---\nb: 2\n", encoding="utf-8")
    assert read_yaml(tmp_path / "one.yaml", tmp_path, problems) == {}
    assert problems.found[0].startswith("one.yaml:2: not YAML: ")
