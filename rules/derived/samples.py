"""When samples were taken: how long ago, and whether B12 treatment had begun by then."""

from collections.abc import Iterator

from rules.dates import Period
from rules.derived.timing import in_months
from rules.derived.treatment import acting_items
from rules.facts import Facts, Item
from rules.quantities import Interval
from rules.truth import Truth, any_of


def b12_sample_months(facts: Facts) -> Interval | None:
    """How many months ago the later of the B12 samples that decide was taken, when both dates are known."""
    taken = [result.date for test in ("b12_total", "b12_active") if (result := facts.result(test)) is not None]
    known = [in_months(day.days_before(facts.as_of)) for day in taken if day is not None]
    return min(known, key=lambda months: months.high) if known and len(known) == len(taken) else None


def b12_treatment_before_sample(facts: Facts) -> Truth:
    """Whether B12 treatment began before the total or active B12 sample that decides was taken.

    False only when every product is known to have begun after every such sample: a last dose says nothing of the
    first, and a day in common may go either way.
    """
    return _begun_before(facts, "b12_total", "b12_active")


def b12_treatment_before_mma_sample(facts: Facts) -> Truth:
    """Whether B12 treatment began before the MMA sample that decides was taken, judged in the same way."""
    return _begun_before(facts, "mma")


def _begun_before(facts: Facts, *tests: str) -> Truth:
    taken = [result.date for test in tests if (result := facts.result(test)) is not None]
    begun = [truth for sample in taken for truth in _begun(facts, sample)]
    return any_of(begun, of_none=Truth.UNKNOWN)


def _begun(facts: Facts, sample: Period | None) -> Iterator[Truth]:
    yield from (_before(item, sample) for item in acting_items(facts))
    if facts.yes_no("b12_supplement") is Truth.TRUE:
        yield Truth.UNKNOWN


def _before(item: Item, sample: Period | None) -> Truth:
    if sample is None:
        return Truth.UNKNOWN
    given = (item.since, item.last_given, item.until)
    if any(day is not None and day.last < sample.first for day in given):
        return Truth.TRUE
    return Truth.FALSE if item.since is not None and item.since.starts_after(sample.last) else Truth.UNKNOWN
