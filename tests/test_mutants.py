"""The count of noticed changes can be trusted: a changed finding is the one that patients are judged by."""

from dataclasses import replace

from rules.engine import assess
from rules.library import Library
from service.checking import read_summary
from tests.mutants.substitution import with_part

SWOLLEN = {"age": 50, "sex": "female", "symptoms": ["joint_swelling"], "conditions": ["cancer"]}


def test_a_changed_finding_changes_what_a_whole_patient_is_told() -> None:
    rule_set = Library.open().active
    before = rule_set.findings["joint_complaint"]
    rest = tuple(member for member in before.members if member.id != "joint_swelling")
    assert len(rest) == len(before.members) - 1
    facts = read_summary(SWOLLEN)
    told = [assess(one, facts) for one in (rule_set, with_part(rule_set, replace(before, members=rest)))]
    assert ["fever-weight-loss-night-pain-or-cancer" in one.fired for one in told] == [True, False]
