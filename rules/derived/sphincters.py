"""Bladder, bowel and sexual symptoms that are old and steady."""

from decimal import Decimal

from rules.facts import Facts, Item
from rules.truth import Truth, all_of, known

THREE_MONTHS = Decimal(92)
SYMPTOMS = ("bladder_dysfunction", "urinary_incontinence", "bowel_dysfunction", "sexual_dysfunction")


def longstanding_stable_sphincter_symptom(facts: Facts) -> Truth:
    """Whether every bladder, bowel or sexual symptom has lasted over three months and is not getting worse."""
    listed = [item for code in SYMPTOMS for item in facts.items.get(code, ())]
    present = [item for item in listed if item.holds(facts.as_of) is not Truth.FALSE]
    return all_of(_old_and_steady(item, facts) for item in present) if present else Truth.UNKNOWN


def _old_and_steady(item: Item, facts: Facts) -> Truth:
    old = item.since.days_before(facts.as_of).compare(">", THREE_MONTHS) if item.since else Truth.UNKNOWN
    steady = known(item.course != "worsening") if item.course else Truth.UNKNOWN
    return all_of([old, steady])
