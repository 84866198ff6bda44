"""Weakness or numbness that is on one side or new, as in a stroke."""

from decimal import Decimal

from rules.derived.course import not_over
from rules.derived.timing import THREE_MONTHS, began_within
from rules.facts import Facts, Item
from rules.truth import Truth, all_of, any_of, known, negate

WEEK = Decimal(7)
ONE_SIDE = ("left", "right")
LIMBS = ("numbness", "muscle_weakness", "leg_weakness", "motor_weakness")
# general weakness that is said to be of one side is not general
ANYWHERE = (*LIMBS, "weakness")


def new_one_sided_weakness_or_numbness(facts: Facts) -> Truth:
    """Whether weakness or numbness of one side began within a week, gone again or not.

    Stroke is sudden (nih-stroke-signs) and a summary has days at best: a week is a cautious choice.
    """
    telling = (all_of([_one_sided(item), began_within(WEEK, item, facts)]) for item in _said(ANYWHERE, facts))
    return any_of(telling, of_none=Truth.UNKNOWN)


def one_sided_weakness_or_numbness(facts: Facts) -> Truth:
    """Whether weakness or numbness that is there today is on one side."""
    telling = (all_of([_one_sided(item), item.holds(facts.as_of)]) for item in _said(ANYWHERE, facts))
    return any_of(telling, of_none=Truth.UNKNOWN)


def new_weakness_or_numbness(facts: Facts) -> Truth:
    """Whether weakness or numbness of the limbs or the face began within a week, on whichever side."""
    return any_of((began_within(WEEK, item, facts) for item in _said(LIMBS, facts)), of_none=Truth.UNKNOWN)


def longstanding_weakness_or_numbness(facts: Facts) -> Truth:
    """Whether all weakness and numbness that is or may be there today began over three months ago."""
    old = (negate(began_within(THREE_MONTHS, item, facts)) for item in not_over(ANYWHERE, facts))
    return all_of(old, of_none=Truth.UNKNOWN)


def _said(codes: tuple[str, ...], facts: Facts) -> list[Item]:
    return [item for code in codes for item in facts.items.get(code, ()) if item.present]


def _one_sided(item: Item) -> Truth:
    return known(item.laterality in ONE_SIDE) if item.laterality else Truth.UNKNOWN
