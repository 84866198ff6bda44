"""Bladder, bowel and sexual symptoms: old and steady, or recent or getting worse."""

from collections.abc import Iterator
from decimal import Decimal

from rules.derived.timing import within
from rules.facts import Facts, Item
from rules.truth import Truth, all_of, any_of, known

RECENT = Decimal(14)
THREE_MONTHS = Decimal(92)
SYMPTOMS = ("bladder_dysfunction", "urinary_incontinence", "bowel_dysfunction", "sexual_dysfunction")


def longstanding_stable_sphincter_symptom(facts: Facts) -> Truth:
    """Whether every bladder, bowel or sexual symptom has lasted over three months and is not getting worse."""
    present = tuple(_present(facts))
    return all_of(_old_and_steady(item, facts) for item in present) if present else Truth.UNKNOWN


def recent_or_worsening_sphincter_symptom(facts: Facts) -> Truth:
    """Whether a bladder, bowel or sexual symptom began within 14 days or is getting worse (bmj-bp-3000164)."""
    present = tuple(_present(facts))
    return any_of(_recent_or_worsening(item, facts) for item in present) if present else Truth.UNKNOWN


def _present(facts: Facts) -> Iterator[Item]:
    listed = (item for code in SYMPTOMS for item in facts.items.get(code, ()))
    return (item for item in listed if item.holds(facts.as_of) is not Truth.FALSE)


def _old_and_steady(item: Item, facts: Facts) -> Truth:
    old = item.since.days_before(facts.as_of).compare(">", THREE_MONTHS) if item.since else Truth.UNKNOWN
    steady = known(item.course != "worsening") if item.course else Truth.UNKNOWN
    return all_of([old, steady])


def _recent_or_worsening(item: Item, facts: Facts) -> Truth:
    recent = within(RECENT, item.since, facts.as_of) if item.since else Truth.UNKNOWN
    worse = known(item.course == "worsening") if item.course else Truth.UNKNOWN
    return all_of([any_of([recent, worse]), item.holds(facts.as_of)])
