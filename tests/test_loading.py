"""The loader names every mistake at once, with file and line, and what was probably meant."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML, __with_libyaml__
from ruamel.yaml.nodes import MappingNode, ScalarNode

from rules.catalogue import HERE, catalogue
from rules.loading import load_rule_set
from rules.model import Finding, RuleSet
from rules.source import Problems, RuleSetError, read_yaml
from tests.core_helpers import TINY, tiny_set

YAML_FILES = sorted(HERE.rglob("*.yaml"))
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


def problems_if_any(directory: Path) -> list[str]:
    try:
        load_rule_set(directory, catalogue())
    except RuleSetError as error:
        return error.problems
    return []


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


def test_groups_that_contain_groups_without_end_are_not_followed(broken: Path) -> None:
    groups = [f"g{depth}: {{label: Group, any: [g{depth + 1}]}}\n" for depth in range(500)]
    (broken / "findings" / "deep.yaml").write_text("".join(groups), encoding="utf-8")
    assert "findings/deep.yaml:20: 'g20' stands 20 groups deep" in problems_of(broken)


@pytest.mark.parametrize(
    "text", ["[" * 1000, "a: &a [*a]", "a: \ud83d", "{a: b", "a: !!int b", "%YAML 3.0\n---\na: b", ""]
)
def test_a_file_that_is_hardly_yaml_is_a_problem_like_any_other(broken: Path, text: str) -> None:
    (broken / "rules" / "flags.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    assert problems_of(broken)[0].startswith("rules/flags.yaml:1: ")


def test_a_bad_manifest_and_bad_evidence_do_not_hide_what_else_is_wrong(broken: Path) -> None:
    several = [MISTAKES[name] for name in ("unknown-status", "passage-that-is-text", "empty-list-of-findings")]
    for mistake in several:
        change(broken, mistake)
    assert sorted(problems_of(broken)) == sorted(message for mistake in several for message in mistake["expect"])


@pytest.fixture
def two_profiles(broken: Path) -> Path:
    mistake = MISTAKES["profile-without-a-file"]
    change(broken, mistake)
    (broken / "profiles").mkdir()
    (broken / "profiles" / "us-aafp.yaml").write_text(PROFILE, encoding="utf-8")
    return broken


PROFILE = """\
findings:
  mma_raised: {label: MMA raised, is: mma > 400 nmol/L}
  diet_or_surgery: {label: Surgery, any: [gastric_bypass]}
texts:
  treat: {text: By the other guide.}
"""


def test_a_profile_replaces_findings_and_words(two_profiles: Path) -> None:
    first = load_rule_set(two_profiles, catalogue())
    other = first.under("us-aafp")
    assert (first.profile, other.profile) == ("uk-nice", "us-aafp")
    assert (first.findings["mma_raised"].text, other.findings["mma_raised"].text) == (
        "mma > 450 nmol/L",
        "mma > 400 nmol/L",
    )
    assert first.rules["treat"].then.text == "By the guide."
    assert (other.rules["treat"].then.title, other.rules["treat"].then.text) == (
        "Start treatment",
        "By the other guide.",
    )


def test_words_of_a_profile_rest_on_the_sources_it_names(two_profiles: Path) -> None:
    path = two_profiles / "profiles" / "us-aafp.yaml"
    path.write_text(PROFILE.replace("guide.}", "guide., cite: [guide/restated, habit/usual]}"), encoding="utf-8")
    first = load_rule_set(two_profiles, catalogue())
    cited = [[one.passage.id for one in each.rules["treat"].citations] for each in (first, first.under("us-aafp"))]
    assert cited == [["bands"], ["restated", "usual"]]


@pytest.mark.parametrize(
    ("cite", "problem"),
    [
        ("guide/band", "profiles/us-aafp.yaml:5: unknown citation 'guide/band'; did you mean 'guide/bands'?"),
        ("habit/usual", "profiles/us-aafp.yaml:5: 'treat' is strong but none of its sources was read"),
    ],
)
def test_words_of_a_profile_need_sources_as_good_as_the_rules(two_profiles: Path, cite: str, problem: str) -> None:
    path = two_profiles / "profiles" / "us-aafp.yaml"
    path.write_text(PROFILE.replace("guide.}", f"guide., cite: [{cite}]}}"), encoding="utf-8")
    assert problems_of(two_profiles) == [problem]


def test_a_finding_that_one_profile_uses_is_used(two_profiles: Path) -> None:
    path = two_profiles / "findings" / "all.yaml"
    text = path.read_text(encoding="utf-8").replace("any: [vegan, gastric_bypass]", "any: [eats_nothing]")
    path.write_text(text + "eats_nothing: {label: No animal products, is: vegan}\n", encoding="utf-8")
    assert load_rule_set(two_profiles, catalogue()).findings["eats_nothing"].text == "vegan"


def test_a_mistake_under_every_profile_is_named_once(two_profiles: Path) -> None:
    change(two_profiles, MISTAKES["unknown-finding-in-a-rule"])
    assert problems_of(two_profiles) == MISTAKES["unknown-finding-in-a-rule"]["expect"]


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


TREE = {path.relative_to(TINY).as_posix(): YAML(typ="safe", pure=True).load(path) for path in TINY.rglob("*.yaml")}
TREE = {name: content for name, content in TREE.items() if not name.startswith("vignettes/")}
TREE["manifest.yaml"]["profiles"]["us-aafp"] = "The other one"
TREE["profiles/us-aafp.yaml"] = YAML(typ="safe", pure=True).load(PROFILE)
REMOVED = "@removed"
ODD_VALUES = ["0x1F", "0o17", ".inf", "-.nan", "~", "!!int a", "*a", "&a [*a]", "{? [a] : b}", '"\\UFFFFFFFF"', "1: 2"]
VALUES = st.sampled_from(ODD_VALUES) | st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(["", "fever", "guide/bands", "1_0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["any", "at_least", "given", "is", "", "level"]), inner, max_size=3)
    ),
    max_leaves=5,
).map(json.dumps)


def places(node: object) -> Iterator[tuple[str | int, ...]]:
    """The way to every value below a node."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield (key,)
        yield from ((key, *rest) for rest in places(child))


def replaced(tree: dict[str, Any], place: tuple[str | int, ...]) -> dict[str, Any]:
    """The whole tree with a mark at one place."""
    changed = deepcopy(tree)
    reduce(getitem, place[:-1], changed)[place[-1]] = REMOVED
    return changed


def without_mark(node: Any) -> Any:
    """The tree without the place of the mark."""
    if isinstance(node, dict):
        return {key: without_mark(value) for key, value in node.items() if value != REMOVED}
    return [without_mark(value) for value in node if value != REMOVED] if isinstance(node, list) else node


@given(st.sampled_from(list(places(TREE))), st.none() | VALUES)
@settings(max_examples=50, deadline=None)
def test_a_set_with_anything_anywhere_loads_or_says_what_is_wrong_and_where(place, value: str | None) -> None:
    changed = replaced(TREE, place)
    tree = without_mark(changed) if value is None else changed
    with TemporaryDirectory() as directory:
        for name, content in tree.items():
            path = Path(directory, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content).replace(f'"{REMOVED}"', value or ""), encoding="utf-8")
        found = problems_if_any(Path(directory))
    assert all(re.fullmatch(r"[a-z/-]+\.yaml:[1-9]\d*: .+", problem) for problem in found)


def _nodes(node: Any) -> Any:
    line = node.start_mark.line
    if isinstance(node, ScalarNode):
        return line, str(node.tag), node.value
    if isinstance(node, MappingNode):
        return line, [(_nodes(key), _nodes(value)) for key, value in node.value]
    return line, [_nodes(child) for child in node.value]


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_libyaml_reads_every_shipped_file_as_python_does(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quick, slow = (YAML(typ="safe", pure=pure).compose(text) for pure in (False, True))
    assert _nodes(quick) == _nodes(slow)


def test_libyaml_is_there_to_read_them() -> None:
    assert __with_libyaml__
