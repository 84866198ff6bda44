"""Confusion that known dementia does not explain, since it is new or getting worse."""

from rules.derived.course import any_new_or_worsening
from rules.derived.timing import THREE_MONTHS
from rules.facts import Facts
from rules.truth import Truth


def new_or_worsening_confusion(facts: Facts) -> Truth:
    """Whether confusion began within three months or is getting worse.

    Three months is a cautious choice: what has lasted longer and is steady is old, as with bladder and bowel.
    """
    return any_new_or_worsening(("confusion",), THREE_MONTHS, facts)
