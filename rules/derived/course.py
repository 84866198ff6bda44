"""Whether what a patient has is new, or old and steady."""

from collections.abc import Iterable
from decimal import Decimal

from rules.derived.timing import began_within
from rules.facts import Facts, Item
from rules.truth import Truth, all_of, any_of, known, negate


def any_new_or_worsening(codes: Iterable[str], days: Decimal, facts: Facts) -> Truth:
    """Whether something of these that is there today began in the last so many days or is getting worse."""
    listed = not_over(codes, facts)
    telling = (all_of([_new_or_worsening(item, days, facts), item.holds(facts.as_of)]) for item in listed)
    return any_of(telling, of_none=Truth.UNKNOWN)


def all_old_and_steady(codes: Iterable[str], days: Decimal, facts: Facts) -> Truth:
    """Whether everything of these that is or may be there today began longer ago and is not getting worse."""
    steady = (negate(_new_or_worsening(item, days, facts)) for item in not_over(codes, facts))
    return all_of(steady, of_none=Truth.UNKNOWN)


def not_over(codes: Iterable[str], facts: Facts) -> list[Item]:
    """What is or may be there today, of these."""
    listed = (item for code in codes for item in facts.items.get(code, ()))
    return [item for item in listed if item.holds(facts.as_of) is not Truth.FALSE]


def _new_or_worsening(item: Item, days: Decimal, facts: Facts) -> Truth:
    worse = known(item.course == "worsening") if item.course else Truth.UNKNOWN
    return any_of([began_within(days, item, facts), worse])
