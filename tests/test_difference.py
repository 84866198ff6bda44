"""What changed between two versions, in plain words, and the version number that it takes."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import RuleSet, assess, catalogue
from rules.differences import compare, required_bump
from rules.differences.answers import shifts_between
from rules.differences.changes import Change
from rules.differences.content import changes_between
from rules.differences.patients import ChangedVignette
from rules.limits import Comparison, Limit
from rules.loading import load_rule_set
from rules.model import Explanation, Finding, Flag, When
from rules.source import Problems
from rules.versions import STEPS, is_enough, step_between, version_key
from rules.vignettes import read_vignettes
from tests.core_helpers import TINY, item, lab, patient, published_set, read_given, tiny_set
from tests.version_helpers import DEFICIENT, difference, entry, rewrite, two_versions

Edit = Callable[[RuleSet], RuleSet]


def says(old: RuleSet, new: RuleSet) -> list[str]:
    return [change.says for change in changes_between(old, new)]


def needs(old: RuleSet, new: RuleSet) -> list[str]:
    return [change.needs for change in changes_between(old, new)]


def with_finding(id_: str, **changed: Any) -> RuleSet:
    finding = replace(tiny_set().findings[id_], **changed)
    return replace(tiny_set(), findings={**tiny_set().findings, id_: finding})


def with_rule(id_: str, **changed: Any) -> RuleSet:
    kinds = ("likelihood", "flags", "recommendations")
    rules = {kind: tuple(_edited(rule, id_, changed) for rule in getattr(tiny_set(), kind)) for kind in kinds}
    return replace(tiny_set(), **rules)


def _edited(rule: Any, id_: str, changed: dict[str, Any]) -> Any:
    if rule.id != id_:
        return rule
    parts = {name: value for name, value in changed.items() if hasattr(rule, name)}
    then = {name: value for name, value in changed.items() if name not in parts}
    return replace(rule, **{"then": replace(rule.then, **then), **parts})


def with_disease(**changed: Any) -> RuleSet:
    disease = replace(tiny_set().differential["osteoarthritis"], **changed)
    return replace(tiny_set(), differential={**tiny_set().differential, "osteoarthritis": disease})


def finding(id_: str) -> Finding:
    return tiny_set().findings[id_]


def below(number: int, other: int, **more: Any) -> Any:
    limits = (Limit(Decimal(number), "ng/L"), Limit(Decimal(other), "pmol/L"))
    comparison = Comparison("<", limits, **{"laboratory_limit": "deficient_below", **more})
    line = finding("b12_deficient").line
    assert line is not None
    return replace(line, comparisons=(comparison,))


# A set and itself


@pytest.mark.parametrize("rule_set", [tiny_set(), published_set()], ids=["tiny", "shipped"])
def test_a_set_does_not_differ_from_itself(rule_set: RuleSet) -> None:
    assert changes_between(rule_set, rule_set) == ()
    assert required_bump(rule_set, rule_set, []) == "none"


@given(st.sets(st.sampled_from(sorted(tiny_set().rules))))
def test_exactly_the_rules_that_went_are_removed_and_backwards_added(gone: set[str]) -> None:
    kinds = ("likelihood", "flags", "recommendations")
    left = {kind: tuple(rule for rule in getattr(tiny_set(), kind) if rule.id not in gone) for kind in kinds}
    smaller = replace(tiny_set(), **left)
    assert {(change.kind, change.id) for change in changes_between(tiny_set(), smaller)} == {
        ("removed", id_) for id_ in gone
    }
    assert {(change.kind, change.id) for change in changes_between(smaller, tiny_set())} == {
        ("added", id_) for id_ in gone
    }


# Findings


@pytest.mark.parametrize(
    ("new", "sentence", "step"),
    [
        (
            with_finding("b12_deficient", line=below(200, 148)),
            "Finding b12_deficient: limit 180 ng/L (133 pmol/L) became 200 ng/L (148 pmol/L)",
            "minor",
        ),
        (
            with_finding("b12_deficient", line=below(180, 133, laboratory_limit=None)),
            "Finding b12_deficient: the laboratory's own limit deficient_below became nothing",
            "minor",
        ),
        (
            with_finding("b12_deficient", line=below(180, 133, uncertain_from=Limit(Decimal(190), "ng/L"))),
            "Finding b12_deficient: uncertain from nothing became 190 ng/L",
            "minor",
        ),
        (
            with_finding("b12_reported", line=replace(finding("b12_reported").line, form="measured"), text="measured"),
            "Finding b12_reported: 'known b12_total' became 'measured'",
            "minor",
        ),
        (
            with_finding("b12_deficient", label="Low"),
            'Finding b12_deficient: label "Total B12 in the deficient range" became "Low"',
            "patch",
        ),
        (
            with_finding("b12_deficient", citations=()),
            "Finding b12_deficient: citations no longer has guide/bands",
            "patch",
        ),
        (
            with_finding("neurology", members=(finding("numbness"), finding("fever"))),
            ["any no longer has paresthesia, gait_ataxia", "any now has fever"],
            "minor",
        ),
        (
            with_finding("neurology", members=finding("neurology").members[::-1]),
            "Finding neurology: any stands in another order",
            "patch",
        ),
        (with_finding("two_cord_signs", at_least=3), "Finding two_cord_signs: at_least 2 became 3", "minor"),
        (
            with_finding("no_swelling", group="all"),
            "Finding no_swelling: 'none: synovitis, joint_swelling' became 'all: synovitis, joint_swelling'",
            "minor",
        ),
    ],
)
def test_a_changed_finding_is_said_in_one_sentence(new: RuleSet, sentence: str | list[str], step: str) -> None:
    expected = [sentence] if isinstance(sentence, str) else [f"Finding neurology: {part}" for part in sentence]
    assert says(tiny_set(), new) == expected
    assert set(needs(tiny_set(), new)) == {step}


def test_an_added_and_a_removed_finding_say_how_they_are_judged() -> None:
    fewer = {id_: one for id_, one in tiny_set().findings.items() if id_ != "mma_raised"}
    new = replace(tiny_set(), findings=fewer)
    assert says(tiny_set(), new) == ["Finding mma_raised is removed: 'mma > 450 nmol/L'"]
    assert says(new, tiny_set()) == ["Finding mma_raised is added: 'mma > 450 nmol/L'"]


# Rules


@pytest.mark.parametrize(
    ("new", "sentence", "step"),
    [
        (with_rule("treat", title="Start."), 'Rule treat: title "Treat." became "Start."', "patch"),
        (with_rule("mma-raised", wrong_when="Never."), 'Rule mma-raised: wrong_when "The kidneys." became', "patch"),
        (with_rule("fever", scope="adult"), "Rule fever: scope everyone became adult", "minor"),
        (with_rule("mma-raised", level="possible"), "Rule mma-raised: level probable became possible", "major"),
        (with_rule("mma-raised", basis="clinical"), "Rule mma-raised: basis laboratory became clinical", "minor"),
        (with_rule("fever", severity="warning"), "Rule fever: severity urgent became warning", "major"),
        (with_rule("fever", severity="emergency"), "Rule fever: severity urgent became emergency", "minor"),
        (with_rule("treat", action="inform"), "Rule treat: action treat became inform", "major"),
        (with_rule("measure-mma", tests=("mma", "tsh")), "Rule measure-mma: tests mma became mma, tsh", "major"),
        (with_rule("measure-mma", tests=()), "Rule measure-mma: tests mma became nothing", "major"),
        (with_rule("treat", strength="conditional"), "Rule treat: strength strong became conditional", "major"),
        (with_rule("treat", urgency="routine"), "Rule treat: urgency soon became routine", "major"),
        (with_rule("treat", urgency="urgent"), "Rule treat: urgency soon became urgent", "minor"),
        (with_rule("treat", certainty="low"), "Rule treat: certainty moderate became low", "minor"),
        (with_rule("treat", text="Now."), 'Rule treat: its text "By the guide." became "Now."', "patch"),
        (with_rule("treat", citations=()), "Rule treat: citations no longer has guide/bands", "patch"),
        (with_rule("treat", examples=()), "Rule treat: its examples are others", "patch"),
        (
            with_rule("treat", when=When(all=(finding("b12_deficient"),))),
            "Rule treat: unless no longer has on_b12_treatment",
            "minor",
        ),
        (
            with_rule("neurology-at-risk", when=replace(tiny_set().rules["neurology-at-risk"].when, at_least=2)),
            "Rule neurology-at-risk: at_least 1 became 2",
            "minor",
        ),
        (
            with_rule("treat", then=Flag("treat", "urgent", "Treat", "Now.")),
            "Rule treat: it concludes something of another kind",
            "major",
        ),
    ],
)
def test_a_changed_rule_is_said_in_one_sentence(new: RuleSet, sentence: str, step: str) -> None:
    (change,) = changes_between(tiny_set(), new)
    assert change.says.startswith(sentence)
    assert (change.part, change.kind, change.needs) == ("rule", "changed", step)


def test_an_example_that_only_moved_in_its_file_is_no_change() -> None:
    moved = tuple(replace(example, where="elsewhere:1") for example in tiny_set().rules["treat"].examples)
    assert changes_between(tiny_set(), with_rule("treat", examples=moved)) == ()


@pytest.mark.parametrize(
    ("gone", "step"),
    [("measure-mma", "minor"), ("treat", "major"), ("fever", "major"), ("cord-signs", "minor"), ("b12-above", "major")],
)
def test_a_removed_rule_is_major_when_nothing_else_concludes_the_same(gone: str, step: str) -> None:
    kinds = ("likelihood", "flags", "recommendations")
    left = {kind: tuple(rule for rule in getattr(tiny_set(), kind) if rule.id != gone) for kind in kinds}
    assert needs(tiny_set(), replace(tiny_set(), **left)) == [step]
    assert needs(replace(tiny_set(), **left), tiny_set()) == ["minor"]


def test_rules_in_another_order_are_a_patch() -> None:
    new = replace(tiny_set(), flags=tiny_set().flags[::-1])
    assert says(tiny_set(), new) == ["The order of the rules: stands in another order"]
    assert needs(tiny_set(), new) == ["patch"]


# Diseases, causes, sources, profiles, the manifest


@pytest.mark.parametrize(
    ("new", "sentence", "step"),
    [
        (with_disease(label="Worn joints"), 'Disease osteoarthritis: label "Osteoarthritis" became', "patch"),
        (with_disease(known=None), "Disease osteoarthritis: known osteoarthritis became nothing", "minor"),
        (with_disease(speaks_against=()), "Disease osteoarthritis: against no longer has synovitis", "minor"),
        (with_disease(possible=None), "Disease osteoarthritis: possible: all no longer has worn_joint", "minor"),
        (with_disease(coexists=False), "Disease osteoarthritis: coexists True became False", "minor"),
        (with_disease(settled_by=("esr",)), "Disease osteoarthritis: settled_by now has esr", "minor"),
        (with_disease(note="Other."), 'Disease osteoarthritis: note "Both may be present." became', "patch"),
        (with_disease(criteria={"needs": 6}), "Disease osteoarthritis: criteria nothing became", "minor"),
    ],
)
def test_a_changed_disease_is_said_in_one_sentence(new: RuleSet, sentence: str, step: str) -> None:
    (change,) = changes_between(tiny_set(), new)
    assert change.says.startswith(sentence)
    assert change.needs == step


def test_a_new_cause_is_minor_and_a_dropped_one_major() -> None:
    cause: Explanation = replace(tiny_set().differential["osteoarthritis"], id="metformin", label="Metformin")
    new = replace(tiny_set(), causes={"metformin": cause})
    assert changes_between(tiny_set(), new) == (
        Change("cause", "metformin", "added", "Cause metformin is added: Metformin", "minor"),
    )
    assert needs(new, tiny_set()) == ["major"]


def test_evidence_never_asks_for_more_than_a_patch() -> None:
    guide = tiny_set().sources["guide"]
    passage = replace(guide.passages["bands"], says="Other.", verified="secondary")
    changed = replace(guide, status="withdrawn", passages={"bands": passage})
    new = replace(tiny_set(), sources={"guide": changed, "other": guide})
    assert says(tiny_set(), new) == [
        "Source habit is removed: What is done",
        "Source other is added: A guide",
        "Source guide: status current became withdrawn",
        "Source guide: passages no longer has restated",
        'Source guide: passage bands, says "Below 180 ng/L is deficient." became "Other."',
        "Source guide: passage bands, verified primary became secondary",
    ]
    assert set(needs(tiny_set(), new)) == {"patch"}


def with_manifest(**changed: Any) -> RuleSet:
    return replace(tiny_set(), manifest=replace(tiny_set().manifest, **changed))


@pytest.mark.parametrize(
    ("new", "sentence", "step"),
    [
        (with_manifest(notice="Other."), 'Rule set: notice "Not for patients." became "Other."', "patch"),
        (with_manifest(scope="child"), "Rule set: scope adult became child", "major"),
        (with_manifest(default_profile="us"), "Rule set: default profile uk-nice became us", "major"),
        (with_manifest(profiles={"uk-nice": "Other"}), 'Profile uk-nice: description "The only one" became', "patch"),
        (with_manifest(profiles={}), "Profile uk-nice is removed: The only one", "major"),
    ],
)
def test_what_the_manifest_promises_is_compared(new: RuleSet, sentence: str, step: str) -> None:
    (change,) = changes_between(tiny_set(), new)
    assert change.says.startswith(sentence)
    assert change.needs == step


def test_version_status_and_dates_are_no_change() -> None:
    assert changes_between(tiny_set(), with_manifest(version="9.0.0", status="retired", changes=("More",))) == ()


def test_a_profile_says_only_what_is_its_own() -> None:
    higher = with_finding("b12_deficient", line=below(200, 148))
    old = replace(tiny_set(), by_profile={"uk-nice": tiny_set(), "mayo": replace(tiny_set(), profile="mayo")})
    new = replace(
        with_rule("treat", title="Start."),
        by_profile={
            "uk-nice": tiny_set(),
            "mayo": replace(with_rule("treat", title="Start."), findings=higher.findings),
        },
    )
    (common, own) = changes_between(old, new)
    assert common.part == "rule"
    assert (own.part, own.id) == ("profile", "mayo")
    assert own.says.startswith("Under mayo: Finding b12_deficient: limit 180 ng/L (133 pmol/L) became 200 ng/L")


# Answers


LOW = patient(item("numbness"), lab("b12_total", "150 ng/L"))


def shifts(new: RuleSet, facts: Any = LOW, old: RuleSet | None = None) -> list[tuple[str, str, bool]]:
    found = shifts_between(assess(old or tiny_set(), facts), assess(new, facts))
    return [(shift.says, shift.needs, shift.loses) for shift in found]


def test_a_level_that_changes_is_major_and_loses_when_it_drops() -> None:
    lower = with_rule("b12-deficient", level="possible")
    assert shifts(lower) == [("level confirmed became possible", "major", True)]
    assert shifts(tiny_set(), old=lower) == [("level possible became confirmed", "major", False)]


def test_an_answer_without_data_that_is_now_decided_is_an_addition() -> None:
    silent = replace(tiny_set(), likelihood=())
    said = patient(lab("mma", "500 nmol/L"))
    assert shifts(tiny_set(), said, silent) == [("level undetermined became probable", "minor", False)]
    assert shifts(silent, said) == [("level probable became undetermined", "major", True)]


def test_a_lost_flag_or_recommendation_is_major_and_a_new_one_minor() -> None:
    fewer = replace(
        tiny_set(),
        flags=tuple(rule for rule in tiny_set().flags if rule.id != "neurology"),
        recommendations=tuple(rule for rule in tiny_set().recommendations if rule.id != "treat"),
    )
    assert shifts(fewer) == [
        ("flag neurology is lost", "major", True),
        ("recommendation treat is lost", "major", True),
    ]
    assert shifts(tiny_set(), old=fewer) == [
        ("flag neurology is new", "minor", False),
        ("recommendation treat is new", "minor", False),
    ]


def test_a_weakened_or_altered_one_is_major() -> None:
    assert shifts(with_rule("neurology", severity="info")) == [
        ("flag neurology: severity warning became info", "major", False)
    ]
    assert shifts(with_rule("treat", strength="conditional", urgency="urgent")) == [
        ("recommendation treat: strength strong became conditional", "major", False),
        ("recommendation treat: urgency soon became urgent", "minor", False),
    ]


def test_other_words_are_no_other_answer() -> None:
    assert shifts(with_rule("treat", text="Now.", title="Now")) == []


# The version number


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("1.0.0", "2.0.0", "major"),
        ("1.9.3", "2.0.0", "major"),
        ("1.9.0", "1.10.0", "minor"),
        ("1.0.9", "1.0.10", "patch"),
        ("1.0.0", "1.0.0", "none"),
        ("2.0.0", "1.9.9", "none"),
    ],
)
def test_the_step_between_two_versions(before: str, after: str, step: str) -> None:
    assert step_between(before, after) == step


def test_a_larger_step_is_always_enough() -> None:
    for place, required in enumerate(STEPS):
        assert [is_enough(taken, required) for taken in STEPS] == [other >= place for other in range(len(STEPS))]
    assert version_key("1.10.0") > version_key("1.9.0")


def test_the_vignettes_decide_where_the_rules_alone_do_not(tmp_path) -> None:
    problems = Problems()
    vignettes = read_vignettes(TINY, problems)
    directory = copytree(TINY, tmp_path / "0.1.0")
    rewrite(directory / "findings" / "all.yaml", "b12_total < 180 ng/L (133 pmol/L)", "b12_total < 140 ng/L")
    new = load_rule_set(directory, catalogue())
    found = compare(tiny_set(), new, vignettes, read_given)
    assert set(needs(tiny_set(), new)) == {"minor"}
    assert (found.vignettes, [changed.id for changed in found.changed_vignettes]) == (2, ["low-b12"])
    assert found.changed_vignettes[0].needs == found.required == "major"
    assert required_bump(tiny_set(), new, found.changed_vignettes) == "major"
    assert (found.taken, found.enough) == ("none", False)
    assert next(found.reasons()) == "vignette low-b12: level confirmed became possible"


def test_nothing_to_step_for_needs_no_step() -> None:
    found = compare(tiny_set(), tiny_set(), [], read_given)
    assert (found.required, found.enough, list(found.reasons())) == ("none", True, [])
    assert ChangedVignette("none", ()).needs == "none"


# Copies of the shipped set


RECOMMENDATIONS = "rules/recommendations.yaml"
FLAGS = "rules/flags.yaml"
BIOTIN = entry(RECOMMENDATIONS, "biotin-hold")
MORE_BIOTIN = BIOTIN.replace("biotin-hold:", "biotin-hold-again:").replace("id: biotin-hold", "id: biotin-hold-again")


@pytest.mark.parametrize(
    ("edits", "step"),
    [
        ({"findings/laboratory.yaml": (DEFICIENT, "is: b12_total < 200 ng/L (148 pmol/L)")}, "major"),
        ({RECOMMENDATIONS: (BIOTIN, "")}, "major"),
        ({FLAGS: (entry(FLAGS, "macrocytosis-without-anemia"), "")}, "major"),
        ({RECOMMENDATIONS: (BIOTIN, BIOTIN + MORE_BIOTIN)}, "minor"),
        ({"manifest.yaml": ("Options are for the", "Options remain for the")}, "patch"),
        (
            {RECOMMENDATIONS: ("action: refer\n      title: Under 16, outside", "action: refer\n      title: Outside")},
            "patch",
        ),
        ({}, "none"),
    ],
    ids=["cut-off", "dropped recommendation", "dropped flag", "added rule", "notice", "title", "nothing"],
)
def test_the_step_that_an_edited_copy_takes(tmp_path, edits, step: str) -> None:
    found = difference(two_versions(tmp_path, edits))
    assert found.required == step
    assert bool(found.changes) == (step != "none")
    assert found.enough == (step != "major")
