"""Judging only what looks at a sent fact comes to the same as judging everything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from rules import Facts, RuleSet, catalogue
from rules.evaluation import Evaluation
from rules.judging import line_truth
from rules.library import SETS
from rules.nobody import ALWAYS_KNOWN, Nobody
from rules.outset import Outset, evaluate
from rules.source import Problems
from rules.verdicts import judge_rules, telling_verdicts
from rules.vignettes import read_vignettes
from schemas import load_patient
from service.checking import read_summary
from tests.core_helpers import judged, lab, patient, published_set
from tests.summaries import TODAY
from tests.test_summary_laws import SUMMARIES

PANEL = Path(__file__).parent / "data" / "panel.ndjson"
CASES = Path(__file__).parent / "data" / "cases.jsonl"


def people() -> Iterator[Facts]:
    """Everybody of the vignettes, some of the examples of rules, and some of the panel and the published cases."""
    rule_set = published_set()
    for vignette in read_vignettes(SETS / rule_set.manifest.version, Problems()):
        yield read_summary(vignette.given)
    for rule in rule_set.rules.values():
        yield read_summary(rule.examples[0].given)
    for line in PANEL.read_text(encoding="utf-8").splitlines()[::40]:
        yield load_patient(json.loads(line), today=TODAY).facts
    for line in CASES.read_text(encoding="utf-8").splitlines():
        yield load_patient(json.loads(line)["request"], today=TODAY).facts


def assert_the_same(rule_set: RuleSet, facts: Facts) -> None:
    quick, plain = evaluate(rule_set, facts), Evaluation(facts)
    plain.look_at(rule_set.findings.values())
    assert (quick.true, quick.possible, quick.judged) == (plain.true, plain.possible, plain.judged)
    for finding in rule_set.findings.values():
        assert quick.unknown_facts(finding) == plain.unknown_facts(finding), finding.id
        assert quick.reasons([finding]) == plain.reasons([finding]), finding.id


def test_everybody_is_judged_the_same() -> None:
    for facts in people():
        assert_the_same(published_set(), facts)


@settings(deadline=None, max_examples=60)
@given(SUMMARIES)
def test_anybody_is_judged_the_same(summary: dict[str, Any]) -> None:
    assert_the_same(published_set(), load_patient(summary, today=TODAY).facts)


@pytest.mark.parametrize("digits", ["179.99999999999999999999999", "180.00000000000000000000001"])
def test_a_result_too_near_to_a_limit_to_be_placed_is_judged_line_by_line(digits: str) -> None:
    assert_the_same(published_set(), patient(lab("b12_total", f"{digits} ng/L")))


def test_a_line_holds_as_its_judgement_says() -> None:
    for facts in people():
        for finding in published_set().findings.values():
            if finding.line is not None:
                assert line_truth(finding.line, facts) is judged(finding.line, facts).truth, finding.id


@pytest.mark.parametrize("in_scope", [True, False])
def test_the_verdicts_left_out_are_those_of_which_nothing_holds(in_scope: bool) -> None:
    rule_set = published_set()
    for facts in people():
        evaluation = evaluate(rule_set, facts)
        kept = telling_verdicts(rule_set.rules.values(), evaluation, in_scope)
        every = judge_rules(rule_set.rules.values(), evaluation, in_scope)
        assert [verdict for verdict in every if verdict.fired] == [verdict for verdict in kept if verdict.fired]
        left_out = [verdict for verdict in every if verdict not in kept]
        assert all(not verdict.fired for verdict in left_out)
        assert all(verdict.truth == 0 or not verdict.rule.when.asked & evaluation.true for verdict in left_out)


@pytest.mark.parametrize("listed", [True, False])
def test_what_every_line_asks_for_by_name_is_watched(listed: bool) -> None:
    outset = Outset(published_set(), listed)
    for finding in published_set().findings.values():
        if finding.line is not None and not finding.line.fact.derived_from and finding.line.fact.group != "diet":
            assert outset.readers[finding.line.fact.code] & finding.mark


def test_whoever_looks_through_all_facts_looks_at_what_is_known_of_everybody() -> None:
    through, counted = set[str](), set[str]()
    assert list(Nobody(through, listed=False).items.values()) == []
    assert not Nobody(counted, listed=False).results
    assert through == counted == set(ALWAYS_KNOWN)


def test_units_of_one_kind_differ_by_a_power_of_ten() -> None:
    for fact in catalogue():
        for unit, meant in fact.units.items():
            for other, against in fact.units.items():
                ratio = (meant.times / against.times).normalize()
                alike = ratio.as_tuple().digits == (1,) and meant.plus == against.plus
                assert fact.same_kind(unit, other) is alike
