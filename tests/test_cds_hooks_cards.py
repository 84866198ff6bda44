"""Cards: short, plain, cited, and silent when there is nothing to say."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rules import Library, assess, catalogue
from rules.assessment import Assessment
from rules.source import Problems
from rules.vignettes import read_vignettes
from schemas.cds_hooks.cards import OVERRIDE_REASONS, REASON_SYSTEM, render_cards
from schemas.cds_hooks.case import INDICATORS, CardOptions, Case, Order
from schemas.cds_hooks.markdown import link, plain, summary
from schemas.cds_hooks.suggestions import MOST_SUGGESTIONS
from schemas.wording import uncapitalized
from tests.summaries import document, load

INSTANCE = UUID("d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")
LOW_B12 = {"test": "b12_total", "value": 142, "unit": "ng/L", "date": "2026-10-01"}
NORMAL_B12 = {"test": "b12_total", "value": 520, "unit": "ng/L", "date": "2026-10-01"}
COMMONMARK = MarkdownIt("commonmark", {"html": True})


@cache
def library() -> Library:
    return Library.open()


def assessed(**said: Any) -> Assessment:
    return assess(library().active, load(**said).facts)


def case(order: Order | None = None, **said: Any) -> Case:
    return Case(assessed(**said), INSTANCE, "b12-patient-view", "p1", order=order)


def cards(case: Case, **options: Any) -> list[dict[str, Any]]:
    return list(render_cards(case, CardOptions(**options))["cards"])


def values(part: Any) -> Iterator[Any]:
    yield part
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in inside:
        yield from values(one)


def drafts(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [action["resource"] for one in card.get("suggestions", ()) for action in one["actions"]]


# What is said, and how gravely


def test_a_confirmed_deficiency_is_one_card_with_its_value_and_limit():
    (card,) = cards(case(labs=[LOW_B12]))
    head = "B12 is in the range the guideline calls confirmed deficiency"
    assert card["summary"] == f"{head}: total vitamin B12 142 ng/L"
    assert "142 ng/L (limit 180 ng/L)" in card["detail"]
    assert card["indicator"] == "warning"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"labs": [NORMAL_B12]},
        {"conditions": ["hypertension"]},
        {"symptoms": ["joint_pain"], "labs": [NORMAL_B12]},
        {"pregnant": True},
    ],
)
def test_nothing_that_calls_for_attention_gives_no_card(said):
    assert cards(case(**said)) == []


@pytest.mark.parametrize(
    ("said", "indicator"),
    [
        ({"symptoms": ["saddle_numbness"]}, "critical"),
        ({"labs": [LOW_B12, {"test": "hemoglobin", "value": 65, "unit": "g/L"}]}, "critical"),
        ({"labs": [LOW_B12], "signs": ["romberg_positive"]}, "warning"),
        ({"labs": [LOW_B12]}, "warning"),
        ({"labs": [{**LOW_B12, "value": 250}], "symptoms": ["fatigue"]}, "info"),
    ],
)
def test_only_an_emergency_is_critical(said, indicator):
    assert cards(case(**said))[0]["indicator"] == indicator


def test_the_gravest_leads_and_the_likelihood_follows():
    (card,) = cards(case(labs=[LOW_B12], symptoms=["saddle_numbness"]))
    assert card["summary"].startswith("Possible cauda equina syndrome. B12 is in the range")


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        (
            {"labs": [NORMAL_B12, {"test": "mma", "value": 820, "unit": "nmol/L"}]},
            "Possible functional B12 deficiency. Vitamin B12 deficiency is probable: methylmalonic acid 820 nmol/L",
        ),
        (
            {"labs": [LOW_B12], "symptoms": [{"code": "numbness", "laterality": "left"}]},
            (
                "Could be a stroke if it came suddenly: weakness or numbness that is on one side or new. "
                "Total vitamin B12 142 ng/L (limit 180 ng/L)"
            ),
        ),
        (
            {
                "labs": [{**LOW_B12, "value": ">2000"}],
                "medications": [{"name": "cyanocobalamin", "dose": 1000, "unit": "ug/day", "since": "2026-11-01"}],
                "symptoms": ["fatigue"],
                "diet": "vegan",
            },
            "Vitamin B12 deficiency is possible",
        ),
        (
            {"labs": [{**LOW_B12, "value": 160}], "pregnant": True, "age": 31},
            "Vitamin B12 deficiency is possible: total vitamin B12 160 ng/L",
        ),
        (
            {"age": 29, "history": ["breastfeeding"], "diet": {"pattern": "vegan", "b12_supplement": False}},
            "A reliable source of B12",
        ),
    ],
)
def test_the_head_of_a_card_names_what_was_measured_and_what_matters(said, summary):
    assert cards(case(**said))[0]["summary"] == summary


def test_a_card_says_why_nothing_can_be_judged_and_what_was_taken_as_absent():
    (card,) = cards(case(age=9, labs=[{"test": "hemoglobin", "value": 78, "unit": "g/L"}]))
    assert "- The rule set is for people of 16 and over." in card["detail"]
    assert "*Taken as absent:* Pregnant." in card["detail"]
    (card,) = cards(case(labs=[LOW_B12]))
    treatment = next(line for line in card["detail"].splitlines() if "B12 treatment for confirmed deficiency" in line)
    assert "*Taken as absent:* Pregnant; On vitamin B12 treatment" in treatment


def test_what_is_to_be_done_soon_stands_before_routine():
    (card,) = cards(case(procedures=["total_gastrectomy"], medications=[], symptoms=["fatigue"]))
    assert card["detail"].index("**Options of treatment**") < card["detail"].index("**Tests to consider**")


def test_units_are_written_as_people_write_them():
    labs = [
        LOW_B12,
        {"test": "platelets", "value": 70, "unit": "10*9/L"},
        {"test": "wbc", "value": 2.4, "unit": "10*9/L"},
    ]
    (card,) = cards(case(labs=[*labs, {"test": "hemoglobin", "value": 90, "unit": "g/L"}]))
    assert "70 10⁹/L (limit 150 10⁹/L)" in card["detail"]


def test_every_source_is_named_with_how_it_was_verified():
    (card,) = cards(case(labs=[LOW_B12]))
    title = "Vitamin B12 deficiency in over 16s: diagnosis and management (NG239)"
    url = "https://www.nice.org.uk/guidance/ng239"
    assert f"[{title}](<{url}>) (read where it is restated" in card["detail"]
    assert {"label": title, "url": url, "type": "absolute"} in card["links"]


def test_a_source_that_was_superseded_is_called_so():
    said = {"conditions": ["cancer"], "symptoms": ["back_pain", "leg_weakness"]}
    (card,) = cards(case(**said))
    assert "Key-priorities-for-implementation>) (superseded; read at its source)" in card["detail"]


def test_every_statement_that_gives_advice_has_a_source():
    (card,) = cards(case(labs=[LOW_B12], signs=["romberg_positive"], medications=["metformin"]))
    body, _, _ = card["detail"].partition("**Sources**")
    assert all(
        "\\[" in line for line in body.splitlines() if line.startswith("- ") and ("routine" in line or "urgent" in line)
    )


def test_what_could_not_be_read_is_said():
    (card,) = cards(replace(case(labs=[LOW_B12]), notes=("conditions: nobody could give them",)))
    assert "**About the record**\n\n- Note: conditions: nobody could give them" in card["detail"]


def test_what_is_not_known_and_could_matter_is_asked_for():
    (card,) = cards(case(labs=[{**LOW_B12, "value": 250}], symptoms=["fatigue"]))
    assert "**Not known, and could make deficiency more likely**" in card["detail"]
    assert "Methylmalonic acid" in card["detail"]


def test_the_source_is_the_rule_set_where_clients_can_read_it():
    (card,) = cards(case(labs=[LOW_B12]), public_url="https://b12.example.org")
    assert card["source"]["url"] == f"https://b12.example.org/v1/rule-sets/{library().active.manifest.version}"
    assert "url" not in cards(case(labs=[LOW_B12]))[0]["source"]


# How many


def test_the_cap_merges_what_is_beyond_it_into_the_last_card():
    patient = case(labs=[LOW_B12], signs=["romberg_positive"], symptoms=["saddle_numbness"])
    many = cards(patient, most=50)
    assert len(many) > 4
    assert [card["indicator"] for card in many] == sorted(
        (card["indicator"] for card in many), key=INDICATORS.index, reverse=True
    )
    assert [len(cards(patient, most=most)) for most in (1, 2, 3)] == [1, 2, 3]
    assert [card["summary"] for card in cards(patient, most=3)[:2]] == [card["summary"] for card in many[:2]]


def test_what_is_milder_than_wanted_is_left_out():
    patient = case(labs=[LOW_B12], symptoms=["saddle_numbness"])
    for mildest in INDICATORS:
        shown = cards(patient, most=50, mildest=mildest)
        assert shown
        assert all(INDICATORS.index(card["indicator"]) >= INDICATORS.index(mildest) for card in shown)
    assert cards(case(labs=[{**LOW_B12, "value": 250}], symptoms=["fatigue"]), mildest="warning") == []


# Suggestions


def test_an_open_test_is_offered_as_a_draft_order():
    (card,) = cards(case(labs=[{**LOW_B12, "value": 250}], symptoms=["fatigue"]))
    mma = next(one for one in drafts(card) if one["code"]["text"].startswith("Methylmalonic"))
    assert (mma["resourceType"], mma["status"], mma["intent"]) == ("ServiceRequest", "draft", "proposal")
    assert mma["code"]["coding"][0]["code"] == "13964-2"
    assert mma["subject"] == {"reference": "Patient/p1"}
    assert card["selectionBehavior"] == "any"


def test_a_label_within_a_sentence_keeps_the_capital_of_what_is_no_plain_word():
    labels = {
        "Total vitamin B12": "total vitamin B12",
        "Hydroxocobalamin (B12)": "hydroxocobalamin (B12)",
        "MMA": "MMA",
        "C-reactive protein": "C-reactive protein",
        "H2 blocker": "H2 blocker",
        "Crohn disease": "Crohn disease",
        "A relative": "a relative",
    }
    assert {label: uncapitalized(label) for label in labels} == labels


def test_a_test_without_a_verified_code_is_ordered_by_name():
    (card,) = cards(case(labs=[LOW_B12]))
    antibody = next(one for one in drafts(card) if one.get("code", {}).get("text") == "Intrinsic factor antibody")
    assert "coding" not in antibody["code"]


def test_unverified_codes_are_for_drafts_too_when_they_are_switched_on():
    (card,) = cards(replace(case(labs=[LOW_B12], symptoms=["fatigue"]), unverified_codes=True))
    codings = [coding for one in drafts(card) for coding in one.get("code", {}).get("coding", ())]
    unverified = [one["code"] for one in codings if catalogue().by_code("loinc", one["code"]) is None]
    assert unverified == ["31444-3"]
    assert len(codings) > 1


def test_a_treatment_is_an_option_with_the_words_of_the_rule_set_and_no_dose_of_its_own():
    assessment = assessed(labs=[LOW_B12])
    (card,) = cards(case(labs=[LOW_B12]))
    treatment = next(one for one in drafts(card) if one["resourceType"] == "MedicationRequest")
    texts = " ".join(advice.recommendation.text for advice in assessment.recommendations)
    (dosage,) = treatment["dosageInstruction"]
    assert list(dosage) == ["text"]
    assert dosage["text"] in texts
    assert (treatment["status"], treatment["intent"]) == ("draft", "proposal")


def test_every_code_of_a_draft_is_a_verified_one_of_the_catalogue():
    systems = {"http://loinc.org": "loinc", "http://www.whocc.no/atc": "atc"}
    (card,) = cards(case(labs=[LOW_B12], signs=["romberg_positive"]))
    for resource in drafts(card):
        concept = resource.get("code") or resource["medicationCodeableConcept"]
        for coding in concept.get("coding", ()):
            assert catalogue().by_code(systems[coding["system"]], coding["code"]) is not None


def test_tests_on_their_way_are_not_suggested_again():
    patient = case(labs=[{**LOW_B12, "value": 250}], symptoms=["fatigue"])
    (card,) = cards(replace(patient, ordered=frozenset({"mma"})))
    assert not any(one["code"]["text"].startswith("Methylmalonic") for one in drafts(card))
    assert "Consider MMA for an indeterminate B12" not in card["detail"]


def test_either_of_two_tests_on_its_way_answers_for_the_other():
    patient = case(symptoms=["fatigue"], diet="vegan")
    assert "Measure B12" in cards(patient)[0]["detail"]
    shown = cards(replace(patient, ordered=frozenset({"b12_active"})))
    assert not any("Measure B12" in card["detail"] for card in shown)


def test_suggestions_come_with_their_behavior_or_not_at_all():
    behaviors = set()
    for card in cards(case(labs=[LOW_B12], signs=["romberg_positive"]), most=50):
        behaviors.add((bool(card.get("suggestions")), card.get("selectionBehavior")))
    assert behaviors == {(True, "any"), (False, None)}


def test_a_suggestion_is_one_draft_so_that_all_of_it_is_one_thing():
    (card,) = cards(case(labs=[LOW_B12], signs=["romberg_positive"]))
    for suggestion in card["suggestions"]:
        (action,) = suggestion["actions"]
        assert action["type"] == "create"
        assert action["description"] == f"{suggestion['label']}, as a draft to be reviewed"
        assert "id" not in action["resource"]


def test_a_blood_count_is_one_order_and_there_are_never_too_many():
    (card,) = cards(case(labs=[LOW_B12], signs=["romberg_positive"], symptoms=["fatigue"], diet="vegan"))
    assert len(card["suggestions"]) <= MOST_SUGGESTIONS
    assert [one["code"]["text"] for one in drafts(card) if "blood count" in one.get("code", {}).get("text", "")] == [
        "Full blood count"
    ]


def test_the_encounter_of_the_call_is_that_of_the_drafts():
    (card,) = cards(replace(case(labs=[LOW_B12]), encounter_id="e9"))
    assert all(one["encounter"] == {"reference": "Encounter/e9"} for one in drafts(card))


def test_a_card_without_a_source_that_can_be_opened_has_no_links():
    shown = cards(replace(case(labs=[LOW_B12]), lost=("a result was left out",)), most=50)
    assert {bool(card.get("links")) for card in shown} == {True, False}
    assert all(card["links"] for card in shown if "links" in card)


# Identity


def test_ids_are_the_same_for_the_same_call_and_others_for_another():
    patient = case(labs=[LOW_B12])
    (card,), (again,) = cards(patient), cards(patient)
    (other,) = cards(replace(patient, instance=UUID(int=7)))
    assert card == again
    assert card["uuid"] != other["uuid"]
    ids = [card["uuid"], *(one["uuid"] for one in card["suggestions"])]
    assert len(set(ids)) == len(ids)
    assert all(UUID(one).version == 5 for one in ids)


def test_ids_can_be_worked_out_from_call_rule_set_and_rule():
    patient = case(labs=[LOW_B12])
    (card,) = cards(patient)
    folate = next(one for one in card["suggestions"] if one["label"] == "Order serum folate")
    assert folate["uuid"] == patient.uuid("test-folate", "folate_serum")


# Form


def test_override_reasons_are_those_of_hl7_with_a_display():
    (card,) = cards(case(labs=[LOW_B12]))
    assert [reason["code"] for reason in card["overrideReasons"]] == list(OVERRIDE_REASONS)
    assert all(reason["system"] == REASON_SYSTEM and reason["display"] for reason in card["overrideReasons"])


@pytest.mark.parametrize(("most", "step"), [(1, 1), (20, 7)])
def test_no_card_of_any_vignette_has_an_empty_part_a_long_summary_or_html(most, step):
    shown = 0
    for said in vignettes()[::step]:
        for card in cards(case(**said), most=most):
            shown += 1
            assert all(part not in (None, "", [], {}) for part in values(card))
            assert 0 < len(card["summary"]) < 140
            assert not {"html_block", "html_inline"} & set(token_types(card["detail"]))
            assert len(json.dumps(card)) < 40_000
    assert shown > 50


def vignettes() -> list[dict[str, Any]]:
    """What is sent of each whole patient of the active rule set."""
    problems = Problems()
    version = library().active.manifest.version
    return [document(**vignette.given) for vignette in read_vignettes(library().path / version, problems)]


def token_types(text: str) -> Iterator[str]:
    for token in COMMONMARK.parse(text):
        yield token.type
        yield from (child.type for child in token.children or ())


NASTY = [
    "<script>alert(1)</script>",
    "![x](http://evil.example/p.png)",
    "[a](javascript:b)",
    "**b**",
    "# h",
    "www.evil.example",
    "a@b.example",
    "&lt;b&gt;",
    "`c`",
    "a\n\n# b",
    "~~s~~",
    "|a|b|",
    "<http://evil.example>",
]


@given(st.one_of(st.sampled_from(NASTY), st.text(max_size=60)))
def test_a_patients_text_is_only_ever_text(text):
    kinds = set(token_types(f"Not read: {plain(text)}"))
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}


@given(st.sampled_from(NASTY))
def test_a_text_reads_as_it_was_written(text):
    (paragraph,) = [token for token in COMMONMARK.parse(f"Not read: {plain(text)}") if token.type == "inline"]
    assert "".join(child.content for child in paragraph.children) == f"Not read: {' '.join(text.split())}"


def test_links_are_links():
    assert "link_open" in set(token_types(link("NICE [NG239]", "https://www.nice.org.uk/guidance/ng239")))


@given(st.text(max_size=400))
def test_a_summary_is_one_short_line(text):
    short = summary(text)
    assert len(short) < 140
    assert "\n" not in short


def test_a_long_summary_is_cut_between_words():
    assert summary("deficiency " * 20).endswith("deficiency…")
    assert len(summary("x" * 200)) < 140
