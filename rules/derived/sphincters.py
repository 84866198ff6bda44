"""Bladder, bowel and sexual symptoms: old and steady, or recent or getting worse."""

from decimal import Decimal

from rules.derived.course import all_old_and_steady, any_new_or_worsening
from rules.derived.timing import THREE_MONTHS
from rules.facts import Facts
from rules.truth import Truth

RECENT = Decimal(14)
SYMPTOMS = ("bladder_dysfunction", "urinary_incontinence", "bowel_dysfunction", "sexual_dysfunction")


def longstanding_stable_sphincter_symptom(facts: Facts) -> Truth:
    """Whether every bladder, bowel or sexual symptom has lasted over three months and is not getting worse."""
    return all_old_and_steady(SYMPTOMS, THREE_MONTHS, facts)


def recent_or_worsening_sphincter_symptom(facts: Facts) -> Truth:
    """Whether a bladder, bowel or sexual symptom began within 14 days or is getting worse (bmj-bp-3000164)."""
    return any_new_or_worsening(SYMPTOMS, RECENT, facts)
