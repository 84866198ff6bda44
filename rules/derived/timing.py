"""How long ago and for how long, when dates are partial or missing."""

from datetime import date
from decimal import Decimal

from rules.dates import Period
from rules.facts import Facts, Item
from rules.quantities import Interval
from rules.truth import Truth

MONTH_DAYS = Decimal("30.4375")
THREE_MONTHS = Decimal(92)
MONTHS_PER_DAY = 1 / MONTH_DAYS


def within(days: Decimal, period: Period, as_of: date) -> Truth:
    """Whether something happened at most so many days ago."""
    return period.days_before(as_of).compare("<=", days)


def began_within(days: Decimal, item: Item, facts: Facts) -> Truth:
    """Whether something began at most so many days ago; unknown when nobody said since when it is there."""
    return within(days, item.since, facts.as_of) if item.since else Truth.UNKNOWN


def months_since(period: Period | None, as_of: date) -> Interval | None:
    """For how many months something has lasted, when its beginning is known."""
    return None if period is None else in_months(period.days_before(as_of))


def in_months(days: Interval) -> Interval:
    """A number of days as months of average length."""
    return days.scaled(MONTHS_PER_DAY)


def longest_months(items: tuple[Item, ...], facts: Facts) -> Interval | None:
    """The longest known duration, in months, among what is present today."""
    present = [item for item in items if item.holds(facts.as_of) is Truth.TRUE]
    known = [months for item in present if (months := months_since(item.since, facts.as_of)) is not None]
    return max(known, key=lambda months: months.low, default=None)
