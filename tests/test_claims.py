"""Every statement of five consumer articles has one disposition, and every rule has a source that is none of them.

`python -m tests.test_claims` writes the table of `rules/claims.md` anew. Rows and rules are joined with the highest
version below `rules/sets`, or below another directory named in `CLAIMS_SETS`, for a version not yet published.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain
from os import environ
from pathlib import Path
from typing import Any

import pytest

import rules
import schemas
from rules.library import HERE, SETS
from rules.model import AnyRule, Citation, Explanation, Finding, RuleSet
from rules.source import Problems
from rules.versions import version_key
from rules.vignettes import Vignette, failed_vignettes, read_vignettes
from tests.version_helpers import NEW, two_versions

DIRECTORY = Path(environ.get("CLAIMS_SETS", SETS))
WRITTEN_FOR = "4.0.0"
CLAIMS = HERE / "claims.csv"
PAGE = HERE / "claims.md"
IDS = tuple(f"S{number}" for number in range(1, 331))
DISPOSITIONS = {
    "implemented": "a rule, a finding, another disease or a cause carries it; the evidence named is what that cites",
    "fact_only": "a summary can say it, and no level of likelihood rests on it",
    "note_text": "a text that is shown says it, or the part of it that `reason` leaves",
    "caveat": "a text, or a rule's `wrong_when`, says it as a reservation",
    "declined": "the set does not hold it, for the `reason` given; `where` names what it says instead",
}
UNSOURCED = "no supporting source was "
NOTICE = "notice"
FAVORED = ("supported", "possible")
LEVELS_OF_DOUBT = ("undetermined", "unlikely")
TODAY = date(2026, 1, 15)
PREFACE = """\
# What became of the statements of five consumer articles

Written by `python -m tests.test_claims` and compared by the tests. `claims.csv` holds one row for each of the 330
statements, restated in our words; the articles themselves are pointers and never evidence. A statement has exactly
one disposition:
"""
VIGNETTES_BELOW = (
    "The patients below are vignettes of that version. They show each article's subject from end to end, look-alikes",
    "and diseases that stand beside a deficiency included.",
)


@dataclass(frozen=True)
class Subject:
    """What one article is about: the diseases that must be weighed, and the patients that show it from end to end."""

    weighed: tuple[str, ...]
    vignettes: tuple[str, ...]


SUBJECTS: Mapping[str, Subject] = {
    "anemia-and-neuropathy": Subject(
        (
            *("iron_deficiency", "anemia_of_inflammation_or_ckd", "lead_toxicity"),
            *("dapsone_toxicity", "diabetic_neuropathy"),
        ),
        (
            *("pernicious-anemia-with-cramps-joint-pain-and-neuropathy", "anemia-with-cramps-and-joint-pain-only"),
            *("iron-deficiency", "iron-and-b12-deficiency-together", "kidney-disease"),
            *("kidney-disease-with-b12-deficiency", "inflammation-in-rheumatoid-arthritis", "lead-poisoning"),
            *("dapsone", "anemia-worsening-a-diabetic-neuropathy"),
        ),
    ),
    "joint-pain": Subject(
        ("osteoarthritis", "rheumatoid_arthritis"),
        (
            *("joint-pain-alone", "joint-pain-with-tingling-on-omeprazole", "osteoarthritis-of-the-knees"),
            *("osteoarthritis-and-b12-deficiency", "new-rheumatoid-arthritis", "seronegative-arthritis"),
            "rheumatoid-arthritis-on-methotrexate-with-b12-deficiency",
            "osteoarthritis-and-rheumatoid-arthritis",
            "osteoarthritis-rheumatoid-arthritis-and-b12-deficiency",
        ),
    ),
    "pernicious-anemia-back-pain": Subject(
        (
            *("radiculopathy", "vertebral_fracture", "subacute_combined_degeneration"),
            *("other_myelopathy", "cauda_equina_syndrome"),
        ),
        (
            *("backache-alone", "treated-pernicious-anemia-with-ordinary-backache", "sciatica"),
            *("sciatica-with-b12-deficiency", "vertebral-fracture"),
            *("osteoporosis-with-pernicious-anemia-and-back-pain", "low-b12-with-back-pain-and-cord-signs"),
            *("cervical-myelopathy", "cauda-equina-in-pernicious-anemia", "spinal-infection"),
        ),
    ),
    "leg-pain": Subject(
        (
            *("diabetic_neuropathy", "subacute_combined_degeneration", "radiculopathy"),
            *("peripheral_arterial_disease", "restless_legs"),
        ),
        (
            *("leg-pain-and-cramps-alone", "neuropathy-with-deficiency", "burning-feet-on-metformin"),
            *("burning-feet-with-diabetes-and-good-b12", "subacute-combined-degeneration"),
            *("sciatica-like-but-symmetric", "claudication", "restless-legs-with-low-iron"),
            "restless-legs-in-a-vegan-with-numbness",
        ),
    ),
    "muscle-weakness": Subject(
        ("muscle_disease", "hypothyroidism", "other_myelopathy"),
        (
            *("weakness-with-neuropathy-and-deficiency", "muscle-weakness-alone", "weakness-from-severe-anemia"),
            *("statin-myopathy", "statin-with-normal-creatine-kinase-and-low-b12", "cramps-on-a-statin"),
            *("hypothyroidism", "autoimmune-thyroid-disease-with-soreness-and-cord-signs"),
            *("falls-on-a-proton-pump-inhibitor", "motor-neuron-signs"),
        ),
    ),
}


@dataclass(frozen=True)
class Claim:
    """One statement of an article, in our words, and what became of it."""

    id: str
    article: str
    claim: str
    disposition: str
    where: tuple[str, ...]
    reason: str
    evidence: tuple[str, ...]


@cache
def claims() -> tuple[Claim, ...]:
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return tuple(_claim(row) for row in csv.DictReader(file))


def _claim(row: Mapping[str, str]) -> Claim:
    split = {key: tuple(row[key].split()) for key in ("where", "evidence")}
    return Claim(row["id"], row["article"], row["claim"], row["disposition"], reason=row["reason"], **split)


@cache
def newest(path: Path = DIRECTORY) -> RuleSet:
    """The rule set of the highest version there is, which the statements are joined with."""
    library = rules.Library.open(path)
    return library.get(library.versions[-1])


@pytest.fixture
def joined() -> RuleSet:
    """The newest set; rows that name what only a later version has cannot be joined with an earlier one."""
    assert version_key(newest().manifest.version) >= version_key(WRITTEN_FOR)
    return newest()


# --- What a statement can point to --------------------------------------------------------------------------------


def cited(citations: Iterable[Citation]) -> frozenset[str]:
    return frozenset(f"{one.source.id}/{one.passage.id}" for one in citations)


def cited_by_findings(findings: Iterable[Finding]) -> frozenset[str]:
    """The passages behind findings, those they are made of included."""
    return frozenset(chain.from_iterable(cited(one.citations) | cited_by_findings(one.members) for one in findings))


def cited_by(part: AnyRule | Explanation) -> frozenset[str]:
    """The passages that a rule or an explanation rests on, those of its findings included."""
    return cited(part.citations) | cited_by_findings(part.named_findings())


def speaking(rule_set: RuleSet) -> dict[str, frozenset[str]]:
    """What has words that are shown, by id, with the passages behind them; several rules may give one answer."""
    found: dict[str, frozenset[str]] = {}
    for rule in rule_set.rules.values():
        answer = getattr(rule.then, "id", rule.id)
        for id_ in {rule.id, answer}:
            found[id_] = found.get(id_, frozenset()) | cited_by(rule)
    explanations = {**rule_set.differential, **rule_set.causes}
    return {**found, **{id_: cited_by(one) for id_, one in explanations.items()}}


def working(rule_set: RuleSet) -> dict[str, frozenset[str]]:
    """What does something, by id: all that speaks, and every finding that something names."""
    found = speaking(rule_set)
    for finding in used_findings(rule_set.named_findings()):
        found[finding.id] = found.get(finding.id, frozenset()) | cited_by_findings([finding])
    return found


def used_findings(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from used_findings(finding.members)


# --- The two joins ------------------------------------------------------------------------------------------------


def problems(rows: Iterable[Claim], rule_set: RuleSet) -> list[str]:
    """One sentence for everything that is wrong with the rows, read against a rule set."""
    rows = tuple(rows)
    known = Known(speaking(rule_set), working(rule_set), rule_set)
    return [*miscounted(rows), *(f"{row.id}: {says}" for row in rows for says in known.row_problems(row))]


def miscounted(rows: Iterable[Claim]) -> list[str]:
    """One sentence for every statement that does not have exactly one row."""
    counted = Counter(row.id for row in rows)
    wrong = [f"{id_}: {counted[id_]} rows, not one" for id_ in IDS if counted[id_] != 1]
    return [*wrong, *(f"{id_}: no such statement" for id_ in counted if id_ not in IDS)]


@dataclass(frozen=True)
class Known:
    """What the rows may point to in one rule set."""

    texts: Mapping[str, frozenset[str]]
    parts: Mapping[str, frozenset[str]]
    rule_set: RuleSet

    def row_problems(self, row: Claim) -> Iterator[str]:
        if row.disposition not in DISPOSITIONS:
            yield f"'{row.disposition}' is no disposition"
            return
        if row.article not in SUBJECTS or not row.claim:
            yield "has no article or no words"
        yield from (f"cites '{id_}', which is no passage" for id_ in row.evidence if not self.is_passage(id_))
        check = {"declined": self.declined, "fact_only": self.fact_only}.get(row.disposition, self.carried)
        yield from check(row)

    def is_passage(self, id_: str) -> bool:
        source, _, passage = id_.partition("/")
        return source in self.rule_set.sources and passage in self.rule_set.sources[source].passages

    def declined(self, row: Claim) -> Iterator[str]:
        if not row.reason:
            yield "is declined without a reason"
        if not row.evidence and UNSOURCED not in row.reason:
            yield "is declined without evidence, and does not say that none was found"
        yield from (f"points to '{id_}', which the set lacks" for id_ in row.where if id_ not in self.parts)

    def fact_only(self, row: Claim) -> Iterator[str]:
        if not row.where:
            yield "names no fact"
        moving = frozenset().union(*(rule.reads for rule in self.rule_set.likelihood))
        for code in row.where:
            if not any(code in group for group in rules.catalogue().groups.values()):
                yield f"names '{code}', which is no fact"
            elif code in moving:
                yield f"names '{code}', on which a level rests"

    def carried(self, row: Claim) -> Iterator[str]:
        """It points to what exists, and every passage of the row is behind something that it points to."""
        if row.where == (NOTICE,):
            return
        parts = self.parts if row.disposition == "implemented" else self.texts
        if not row.where or not row.evidence:
            yield "names no place or no evidence"
        yield from (f"points to '{id_}', which the set lacks" for id_ in row.where if id_ not in parts)
        behind = [parts.get(id_, frozenset()) for id_ in row.where]
        for passage in row.evidence:
            if not any(passage in part for part in behind):
                yield f"'{passage}' is behind nothing it points to"
        for id_, part in zip(row.where, behind, strict=True):
            if part.isdisjoint(row.evidence):
                yield f"'{id_}' rests on none of its evidence"


Part = AnyRule | Explanation


def statements(rule_set: RuleSet) -> list[Part]:
    """What a set states: its rules, the other diseases and the causes."""
    return [*rule_set.rules.values(), *rule_set.differential.values(), *rule_set.causes.values()]


def unsourced(parts: Iterable[Part]) -> list[str]:
    """One sentence for every statement of a set that only a consumer page, or nothing at all, stands behind."""
    return [f"'{part.id}' cites no guideline, study or declared knowledge" for part in parts if not rests(part)]


def rests(part: Part) -> bool:
    return any(citation.passage.verified != "consumer" for citation in part.citations)


# --- The page -----------------------------------------------------------------------------------------------------


def render_page(rule_set: RuleSet) -> str:
    meanings = [f"- `{name}`: {meaning}." for name, meaning in DISPOSITIONS.items()]
    lines = [*meanings, "", *counts(), "", *behind_the_rules(rule_set)]
    for article in SUBJECTS:
        lines += ["", f"## {article}", "", *shown(article, rule_set)]
    return PREFACE + "\n" + "\n".join(lines) + "\n"


def counts() -> list[str]:
    counted = Counter((row.article, row.disposition) for row in claims())
    lines = [_line(("article", *DISPOSITIONS, "all")), _line(["---", *["---:"] * (len(DISPOSITIONS) + 1)])]
    for article in SUBJECTS:
        numbers = [counted[article, name] for name in DISPOSITIONS]
        lines.append(_line((article, *numbers, sum(numbers))))
    totals = [sum(counted[article, name] for article in SUBJECTS) for name in DISPOSITIONS]
    return [*lines, _line(("all", *totals, sum(totals)))]


def behind_the_rules(rule_set: RuleSet) -> list[str]:
    """How many of the set's own statements rest on a source that was read, and how many on knowledge alone."""
    parts = statements(rule_set)
    known = [part for part in parts if not any(citation.was_read for citation in part.citations)]
    stated = f"of the {len(parts)} rules, other diseases and causes of version {rule_set.manifest.version},"
    read = f"{len(parts) - len(known)} cite a guideline or a study that was read and {len(known)} declared knowledge"
    return [f"Read from the other side: {stated}", f"{read} alone; none cites an article.", "", *VIGNETTES_BELOW]


def shown(article: str, rule_set: RuleSet) -> list[str]:
    heading = [_line(("vignette", "level", "supported or possible", "story")), _line(["---"] * 4)]
    return [*heading, *(_line(_cells(one, rule_set)) for one in vignettes_of(article, rule_set))]


def _cells(vignette: Vignette, rule_set: RuleSet) -> tuple[str, ...]:
    level, stances = answered(vignette, rule_set)
    favored = [id_ for id_, stance in stances.items() if stance in FAVORED]
    return vignette.id, level, ", ".join(favored) or "none", " ".join(vignette.story.split())


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


@cache
def vignettes_in(directory: Path) -> Mapping[str, Vignette]:
    return {vignette.id: vignette for vignette in read_vignettes(directory, Problems())}


def vignettes_of(article: str, rule_set: RuleSet) -> list[Vignette]:
    present = vignettes_in(DIRECTORY / rule_set.manifest.version)
    return [present[id_] for id_ in SUBJECTS[article].vignettes]


def read_summary(given: Mapping[str, Any]) -> rules.Facts:
    return schemas.load_patient(dict(given), today=TODAY).facts


def answered(vignette: Vignette, rule_set: RuleSet) -> tuple[str, dict[str, str]]:
    """The level of deficiency, and the stance on every other disease that is weighed."""
    assessment = rules.assess(rule_set, read_summary(vignette.given))
    return assessment.likelihood.level, {note.explanation.id: note.stance for note in assessment.differential}


# --- The tests ----------------------------------------------------------------------------------------------------


def test_every_statement_has_one_disposition_that_holds_in_the_newest_set(joined: RuleSet) -> None:
    assert problems(claims(), joined) == []


def test_every_rule_disease_and_cause_has_a_source_that_is_no_consumer_page() -> None:
    assert unsourced(statements(newest())) == []


def test_every_article_and_every_disposition_occurs() -> None:
    assert {row.article for row in claims()} == set(SUBJECTS)
    assert {row.disposition for row in claims()} == set(DISPOSITIONS)


def test_the_page_shows_the_rows_as_they_are(joined: RuleSet) -> None:
    assert PAGE.read_text(encoding="utf-8") == render_page(joined)


def test_the_notice_that_rows_point_to_is_shown_with_every_answer() -> None:
    assert "not a diagnosis" in newest().manifest.notice


def test_a_row_that_is_removed_is_named_whichever_it_is() -> None:
    for gone in claims():
        assert miscounted(row for row in claims() if row is not gone) == [f"{gone.id}: 0 rows, not one"]


def test_a_row_that_is_doubled_or_invented_is_named(joined: RuleSet) -> None:
    rows = claims()
    assert problems((*rows, rows[-1]), joined) == ["S330: 2 rows, not one"]
    assert problems((*rows, replace(rows[0], id="S331")), joined) == ["S331: no such statement"]


@pytest.mark.parametrize(
    ("id_", "change", "message"),
    [
        ("S23", {"disposition": "adopted"}, "'adopted' is no disposition"),
        ("S23", {"article": "gout"}, "has no article or no words"),
        ("S23", {"where": ("lead",)}, "points to 'lead', which the set lacks"),
        ("S23", {"where": ()}, "names no place or no evidence"),
        ("S23", {"evidence": ("clinical-consensus/lead",)}, "cites 'clinical-consensus/lead', which is no passage"),
        ("S23", {"where": ("lead_toxicity", "gut_surgery")}, "'gut_surgery' rests on none of its evidence"),
        ("S23", {"evidence": ("dapsone-label/toxicity",)}, "'dapsone-label/toxicity' is behind nothing it points to"),
        ("S73", {"where": ("radiculopathy", "sensory_symptom")}, "points to 'sensory_symptom', which the set lacks"),
        ("S165", {"where": ("migraine",)}, "names 'migraine', which is no fact"),
        ("S165", {"where": ("numbness",)}, "names 'numbness', on which a level rests"),
        ("S165", {"where": ()}, "names no fact"),
        ("S157", {"reason": ""}, "is declined without a reason"),
        ("S158", {"evidence": ()}, "is declined without evidence, and does not say that none was found"),
        ("S14", {"where": ("no-dialysis",)}, "points to 'no-dialysis', which the set lacks"),
    ],
)
def test_a_row_that_does_not_hold_is_named(joined: RuleSet, id_: str, change: Mapping[str, Any], message: str) -> None:
    rows = [replace(row, **change) if row.id == id_ else row for row in claims()]
    assert f"{id_}: {message}" in problems(rows, joined)


def test_a_rule_disease_or_cause_whose_citations_are_dropped_is_named_whichever_it_is() -> None:
    present = statements(newest())
    for place, part in enumerate(present):
        changed = [*present[:place], replace(part, citations=()), *present[place + 1 :]]
        assert unsourced(changed) == [f"'{part.id}' cites no guideline, study or declared knowledge"]


def test_a_rule_that_only_a_consumer_page_stands_behind_is_named() -> None:
    rule = newest().flags[0]
    hearsay = tuple(replace(one, passage=replace(one.passage, verified="consumer")) for one in rule.citations)
    expected = f"'{rule.id}' cites no guideline, study or declared knowledge"
    assert unsourced([replace(rule, citations=hearsay)]) == [expected]


def test_a_statement_misses_the_passage_that_its_rule_no_longer_cites(joined: RuleSet) -> None:
    disease = joined.differential["lead_toxicity"]
    fewer = tuple(one for one in disease.citations if one.passage.id != "lead-pattern")
    bare = replace(disease, citations=fewer, appears=(), supported=None, possible=None, speaks_for=(), ask=())
    changed = replace(joined, differential={**joined.differential, "lead_toxicity": bare})
    assert "S23: 'clinical-consensus/lead-pattern' is behind nothing it points to" in problems(claims(), changed)


def test_a_newer_version_is_joined_as_soon_as_it_is_there(tmp_path: Path) -> None:
    ahead = newest(two_versions(tmp_path))
    assert ahead.manifest.version == NEW
    assert unsourced(statements(ahead)) == []


@pytest.mark.parametrize("article", SUBJECTS)
def test_a_subject_is_shown_by_patients_whose_answers_hold(article: str) -> None:
    shown_here = vignettes_of(article, newest())
    assert len({vignette.id for vignette in shown_here}) >= 6
    assert list(failed_vignettes(newest(), shown_here, read_summary)) == []


@pytest.mark.parametrize("article", SUBJECTS)
def test_a_subject_shows_its_diseases_a_look_alike_and_two_things_at_once(article: str) -> None:
    answers = [answered(vignette, newest()) for vignette in vignettes_of(article, newest())]
    weighed = {id_ for _, stances in answers for id_, stance in stances.items() if stance != "undetermined"}
    assert weighed.issuperset(SUBJECTS[article].weighed)
    explained = [level for level, stances in answers if not {*FAVORED}.isdisjoint(stances.values())]
    assert any(level in LEVELS_OF_DOUBT for level in explained)
    assert any(level not in LEVELS_OF_DOUBT for level in explained)


if __name__ == "__main__":
    PAGE.write_text(render_page(newest()), encoding="utf-8")
