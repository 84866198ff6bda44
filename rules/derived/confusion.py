"""Confusion that known dementia does not explain, since it is new or getting worse."""

from decimal import Decimal

from rules.derived.timing import within
from rules.facts import Facts, Item
from rules.truth import Truth, all_of, any_of, known

THREE_MONTHS = Decimal(92)


def new_or_worsening_confusion(facts: Facts) -> Truth:
    """Whether confusion began within three months or is getting worse.

    Three months is a cautious choice: what has lasted longer and is steady is old, as with bladder and bowel.
    """
    present = [item for item in facts.items.get("confusion", ()) if item.holds(facts.as_of) is not Truth.FALSE]
    return any_of(_new_or_worsening(item, facts) for item in present) if present else Truth.UNKNOWN


def _new_or_worsening(item: Item, facts: Facts) -> Truth:
    new = within(THREE_MONTHS, item.since, facts.as_of) if item.since else Truth.UNKNOWN
    worse = known(item.course == "worsening") if item.course else Truth.UNKNOWN
    return all_of([any_of([new, worse]), item.holds(facts.as_of)])
