"""Several results of one test: the newest decides, older ones are its history."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rules.catalogue import catalogue
from rules.facts import Result
from rules.quantities import Interval

BESIDES_THE_VALUE = ("flag", "low", "high", "deficient_below", "unlikely_above")

Value = tuple[Interval | None, str | None, str | None]


class Unclear(Exception):
    """Two results of one test of which nobody can say which one decides."""

    def __init__(self, results: Sequence[Result], message: str) -> None:
        super().__init__(message)
        self.later = max(results, key=lambda result: (len(result.path), result.path))
        self.message = message


class History(NamedTuple):
    """The results of one test, the deciding one first, and those that only repeat one of them."""

    results: tuple[Result, ...]
    repeats: tuple[tuple[Result, Result], ...]


def in_order(sent: Iterable[Result]) -> History:
    """The results of one test from the newest to the oldest; Unclear when dates do not say which is the newest."""
    results = tuple(sent)
    if len(results) == 1:
        return History(results, ())
    groups: dict[object, list[Result]] = {}
    for result in sorted(results, key=_fullest_first):
        groups.setdefault((result.date, _value(result)), []).append(result)
    kept = [_combined(same) for same in groups.values()]
    _check_dates(kept)
    newest_first = sorted(kept, key=lambda result: result.date.first if result.date else date.max, reverse=True)
    repeats = ((again, same[0]) for same in groups.values() for again in same[1:])
    return History(tuple(newest_first), tuple(repeats))


def _fullest_first(result: Result) -> tuple[int, str]:
    stated = sum(getattr(result, name) is not None for name in BESIDES_THE_VALUE)
    return -stated, repr(result._replace(path=""))


def _value(result: Result) -> Value:
    if result.quantity is not None:
        fact, unit = catalogue().fact(result.test), result.quantity.unit
        return fact.convert(result.quantity.interval, unit, fact.unit or unit), None, None
    return None, result.category, None if result.category else result.flag


def _combined(same: Sequence[Result]) -> Result:
    """One result out of several with the same value and date; what only one of them says is kept."""
    first = same[0]
    for again in same[1:]:
        for name in BESIDES_THE_VALUE:
            mine, other = getattr(first, name), getattr(again, name)
            if other not in (None, mine) and (mine is not None or _unit(first) != _unit(again)):
                raise Unclear(same, "repeats a result with other limits or another interpretation")
            first = first._replace(**{name: other if mine is None else mine})
    return first


def _unit(result: Result) -> str | None:
    return result.quantity.unit if result.quantity else None


def _check_dates(results: Sequence[Result]) -> None:
    undated = [result for result in results if result.date is None]
    if undated and len(results) > 1:
        raise Unclear(undated, "needs a date: there is another result of the same test")
    dated = sorted(((result.date, result) for result in results if result.date), key=lambda pair: pair[0])
    for (earlier, one), (later, other) in pairwise(dated):
        if later.first <= earlier.last:
            raise Unclear((one, other), "has the same date as another result of the same test, or one within it")


def old_result_warning(result: Result, as_of: date) -> str | None:
    """What to warn of when the result that decides is, or may be, over a year old."""
    if result.date is None or not _over_a_year(result.date.first, as_of):
        return None
    return "is over a year old" if _over_a_year(result.date.last, as_of) else "may be over a year old"


def _over_a_year(day: date, as_of: date) -> bool:
    return (day.year + 1, day.month, day.day) < (as_of.year, as_of.month, as_of.day)
