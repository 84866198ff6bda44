"""The review sheet: everything of a rule set on one page, and every tried value true."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import rules
import schemas
from rules import Library
from rules.boundaries import Boundary, boundaries, explanation_outcome
from rules.library import SETS
from rules.model import best_verification
from rules.source import Problems
from rules.versions import version_key
from rules.vignettes import read_vignettes
from service.checking import with_all_examples
from service.cli import main
from service.page import VERIFIED
from service.review.parts import Card, explanation_chapters, finding_boundaries, judged_by, rule_chapters
from service.review.patients import patient
from service.review.sheet import render_sheet
from service.review.tables import used_findings
from tests.version_helpers import two_versions

NEWEST = max((folder.name for folder in SETS.iterdir() if folder.is_dir()), key=version_key)
EMPTY = ("meta", "br")
LOADING = {"src", "srcset", "data", "poster", "background", "action"}

PROFILE = """\
findings:
  b12_total_deficient:
    label: Total B12 below the lower limit of this laboratory
    is: b12_total < 200 ng/L (147 pmol/L)
    laboratory_limit: deficient_below
    cite: [aafp-2025/bands]
texts:
  test-mma-indeterminate-with-symptoms: {title: Measure MMA as this laboratory offers it}
"""

VIGNETTE = """\
deficient:
  story: A woman with a B12 of 100 ng/L.
  given: {age: 50, sex: female, as_of: "2026-01-15", labs: [{test: b12_total, value: 100, unit: ng/L}]}
  expect: {level: possible}
"""


class Sheet(HTMLParser):
    """A page read as a browser would, with its words, ids and what each tag says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in ("td", "th", "dt", "dd", "p"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def ids(self) -> list[str]:
        return [said["id"] or "" for _, said in self.tags if "id" in said]


@cache
def library() -> Library:
    return Library.open()


@cache
def page(version: str) -> str:
    return render_sheet(library(), version)


@cache
def sheet(version: str) -> Sheet:
    return Sheet(page(version))


@cache
def cards(version: str) -> list[Card]:
    rule_set = with_all_examples(library(), version)
    chapters = (*rule_chapters(rule_set), *explanation_chapters(rule_set))
    return [card for chapter in chapters for card in chapter.cards]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def trials(tried: Iterable[Boundary]) -> Iterator[Any]:
    return chain.from_iterable((boundary.inside, boundary.outside) for boundary in tried)


@pytest.fixture
def version() -> str:
    return NEWEST


def test_every_rule_disease_cause_finding_and_source_is_on_the_sheet(version):
    rule_set = library().get(version)
    ids = set(sheet(version).ids)
    assert ids >= {f"rule-{rule}" for rule in rule_set.rules}
    assert ids >= {f"explained-{other}" for other in (*rule_set.differential, *rule_set.causes)}
    assert ids >= {f"finding-{finding.id}" for finding in used_findings(rule_set)}
    assert ids >= {f"source-{source}" for source in rule_set.sources}


def test_each_with_its_own_words(version):
    rule_set, text = library().get(version), sheet(version).text
    for rule in rule_set.rules.values():
        assert squeezed(rule.title) in text
        assert squeezed(rule.wrong_when) in text
        assert squeezed(getattr(rule.then, "text", "")) in text
    for other in (*rule_set.differential.values(), *rule_set.causes.values()):
        assert squeezed(other.note) in text
    for finding in used_findings(rule_set):
        assert squeezed(finding.label) in text


def test_and_every_passage_with_its_quotation_and_how_it_was_verified(version):
    text = sheet(version).text
    for source in library().get(version).sources.values():
        assert source.title in text
        for passage in source.passages.values():
            said = f"{VERIFIED[passage.verified]} {squeezed(passage.locator)}. {squeezed(passage.says)}"
            quotation = f" {squeezed(passage.quotation)}" if passage.quotation else ""
            assert said + quotation in text


def test_every_vignette_is_told_and_answered_as_expected(version):
    vignettes = read_vignettes(SETS / version, Problems())
    text = sheet(version).text
    assert {f"vignette-{vignette.id}" for vignette in vignettes} <= set(sheet(version).ids)
    assert all(squeezed(vignette.story) in text for vignette in vignettes)
    assert f"All {len(vignettes)} are answered as expected." in text
    assert "NOT AS EXPECTED" not in text


def test_it_is_sound_html_that_needs_nothing_from_elsewhere(version):
    found = sheet(version)
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    names = {tag for tag, _ in found.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "svg"}
    assert not {name for _, said in found.tags for name in said} & LOADING
    assert not [name for _, said in found.tags for name in said if name.startswith("on")]
    style = page(version).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_its_links_lead_to_the_page_itself_or_to_a_source(version):
    found = sheet(version)
    urls = {source.url for source in library().get(version).sources.values()}
    targets = [said["href"] or "" for tag, said in found.tags if tag == "a"]
    assert all(target in urls or target.removeprefix("#") in found.ids for target in targets)


def test_nobody_having_signed_is_plainly_said(version):
    manifest = library().get(version).manifest
    head = sheet(version).text.partition("How to read this sheet")[0]
    assert ("No clinician has signed this rule set." in head) == (manifest.review == "unreviewed")
    assert manifest.review in head
    assert manifest.authored_by in head
    assert library().get(version).digest in head
    for line in ("Name", "Registration", "Date", "Signature", "Author", "Clinical checker", "Chair"):
        assert line in head


def test_every_tried_value_is_true_when_run_again(version):
    rule_set = library().get(version)
    for card in cards(version):
        for trial in trials(card.tried):
            assessment = rules.assess(rule_set, facts(trial.given), trace=True)
            assert outcome(card, assessment, trial.outcome) == trial.outcome, (card.part.id, trial)


def facts(given: Any) -> rules.Facts:
    return schemas.load_patient(dict(given), today=date(2026, 1, 15)).facts


def outcome(card: Card, assessment: rules.Assessment, tried: str) -> str:
    """What the assessment says of the rule, disease or cause of a card; a cause only of who may be deficient."""
    traced = {rule.rule: rule.outcome for rule in assessment.trace}
    if card.number[0] in "LFR":
        return traced[card.part.id].replace("out_of_scope", "silent")
    if card.number[0] == "C" and not assessment.likelihood.flagged:
        return tried
    notes = assessment.causes if card.number[0] == "C" else assessment.differential
    return next((note.stance for note in notes if note.explanation.id == card.part.id), "absent")


def test_and_stands_on_the_page(version):
    rows = [said for tag, said in sheet(version).tags if tag == "tr" and "data-finding" in said]
    assert len(rows) == sum(len(card.deciding) for card in cards(version))
    assert len(rows) > 100


def test_the_limit_of_deficiency_is_tried_in_both_units_as_reported():
    (card,) = [card for card in cards(NEWEST) if card.part.id == "b12-total-deficient"]
    tried = [(trial.value, trial.outcome) for trial in trials(card.deciding)]
    assert tried == [
        ("179 ng/L", "fired"),
        ("180 ng/L", "silent"),
        ("132.9 pmol/L", "fired"),
        ("133 pmol/L", "silent"),
    ]


def test_a_rule_is_a_sentence_of_plain_english():
    text = sheet(NEWEST).text
    assert (
        "When total vitamin B12 (serum cobalamin) is below 180 ng/L (133 pmol/L; the laboratory’s own limit wins), "
        "unless pregnant (if not known, taken as not so, and the answer says so): deficiency is confirmed."
    ) in text


def test_a_limit_that_is_undecided_for_a_while_is_tried_at_both_ends():
    finding = library().get("1.0.0").findings["mma_raised"]
    tried = [(trial.value, trial.outcome) for trial in trials(finding_boundaries(finding))]
    assert tried == [
        ("451 nmol/L", "yes"),
        ("450 nmol/L", "undecided"),
        ("281 nmol/L", "undecided"),
        ("280 nmol/L", "no"),
    ]


def test_a_duration_is_tried_by_the_day_it_began():
    finding = library().get("1.0.0").findings["metformin_five_years"]
    (boundary,) = finding_boundaries(finding)
    assert [(trial.value, trial.outcome) for trial in trials([boundary])] == [("1827 days", "yes"), ("1826 days", "no")]
    assert boundary.inside.given["medications"] == [{"name": "metformin", "since": "2021-01-14"}]


def test_a_value_that_nobody_can_report_is_not_tried():
    findings = library().get("1.0.0").findings
    score, child = findings["acr_eular_score_6"], findings["child"]
    assert finding_boundaries(score) == []
    assert boundaries([child], [{"age": 30, "sex": "female"}], lambda _: None) == []
    assert judged_by(str)({"age": 15, "sex": "male", "pregnant": True}) is None


def test_a_disease_is_not_shown_for_those_the_set_is_not_meant_for():
    rule_set = library().get("1.0.0")
    child = facts({"age": 12, "sex": "female", "conditions": ["osteoarthritis"]})
    assert explanation_outcome(rule_set.differential["osteoarthritis"], rule_set, child) == "absent"


def test_a_patient_is_told_in_words():
    given = {
        "age": 71,
        "sex": "male",
        "pregnant": False,
        "diet": {"pattern": "vegan", "fortified_foods": False},
        "joints": {"morning_stiffness_minutes": 10, "symmetric": True},
        "labs": [
            {"test": "b12_total", "value": 142, "unit": "ng/L", "cutoffs": {"deficient_below": 145}, "date": "2025"},
            {"test": "mma", "interpretation": "high"},
        ],
        "symptoms": ["fatigue", {"code": "confusion", "present": False}],
        "medications": [{"name": "hydroxocobalamin", "dose": 1, "unit": "mg", "route": "im", "since": "2020"}],
    }
    assert patient(given) == (
        "Man of 71; not pregnant; vegan diet; not: eats foods fortified with B12; morning stiffness 10 min; "
        "joints affected on both sides alike; total vitamin B12 142 ng/L (the laboratory’s cutoffs: deficient below "
        "145; 2025); methylmalonic acid reported as high; fatigue; no confusion; "
        "hydroxocobalamin (B12) (1 mg, into the muscle, since 2020)."
    )
    assert patient({"sex": "other", "medications": []}) == "Person; no prescribed medicines."


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A second version with a profile of its own, a signature and a source that no longer holds."""
    folder = two_versions(
        tmp_path_factory.mktemp("sets"),
        {
            "manifest.yaml": ("review: unreviewed", "review: signed by <Dr A & Dr B>"),
            "evidence.yaml": ("status: current", "status: withdrawn"),
            "rules/likelihood.yaml": ("A total B12 below 180", "A <b>total</b> B12 below 180"),
        },
    )
    manifest = folder / "1.1.0" / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace("default_profile", "  other: Another laboratory\ndefault_profile"))
    (folder / "1.1.0" / "profiles").mkdir(exist_ok=True)
    (folder / "1.1.0" / "profiles" / "other.yaml").write_text(PROFILE)
    for version in ("1.0.0", "1.1.0"):
        for file in (folder / version / "vignettes").glob("*.yaml"):
            file.write_text(VIGNETTE if file.name == "bands.yaml" else "{}")
    return Library.open(folder)


@pytest.fixture(scope="module")
def later(edited: Library) -> Sheet:
    return Sheet(render_sheet(edited, "1.1.0"))


def test_profiles_stand_side_by_side_with_what_they_make_of_a_result(later):
    profiles = later.text.partition("Findings that a profile states its own way")[2].partition("Index of findings")[0]
    assert "below 180 ng/L (133 pmol/L; the laboratory’s own limit wins)" in profiles
    assert "below 200 ng/L (147 pmol/L; the laboratory’s own limit wins)" in profiles
    assert "Total vitamin B12 180 ng/L possible confirmed" in profiles
    assert "Total vitamin B12 200 ng/L possible possible" in profiles
    assert "Measure MMA as this laboratory offers it." in profiles


def test_a_later_version_says_what_changed_and_who_signed(later):
    head = later.text.partition("How to read this sheet")[0]
    assert "No clinician has signed this rule set." not in head
    assert "signed by <Dr A & Dr B>" in head
    assert "Compared with 1.0.0:" in head
    assert "Every change since 1.0.0" in later.text
    assert "A <b>total</b> B12 below 180" in later.text
    assert "This source is withdrawn." in later.text


def test_a_vignette_that_is_answered_otherwise_says_so(later):
    assert "1 of 1 are not answered as expected." in later.text
    assert "NOT AS EXPECTED: it has level confirmed, not possible" in later.text


def test_the_command_line_writes_it(runner, tmp_path: Path):
    file = tmp_path / "sheet.html"
    result = runner.invoke(main, ["show", "--set", "1.0.0", "--output", str(file)])
    assert result.exit_code == 0
    assert not result.output
    assert "Rule set 1.0.0" in Sheet(file.read_text(encoding="utf-8")).text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name one RULE, or a --set alone."),
        (["b12-total-deficient", "--set", "1.0.0"], "Name one RULE, or a --set alone."),
        (["--set", "1.0.0", "--rule-set", "1.0.0"], "Name one RULE, or a --set alone."),
        (["--set", "9.9.9"], "there is 1.0.0"),
    ],
)
def test_it_is_one_rule_or_one_set(runner, arguments, said):
    result = runner.invoke(main, ["show", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("ways", "best"),
    [
        (["knowledge", "secondary", "primary"], "primary"),
        (["knowledge", "consumer", "secondary"], "secondary"),
        (["knowledge", "consumer"], "consumer"),
        ([], "knowledge"),
    ],
)
def test_the_best_read_passage_speaks_for_all_and_none_for_itself(ways, best):
    assert best_verification(ways) == best
