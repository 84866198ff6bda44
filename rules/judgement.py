"""How a laboratory result or another fact stands against one limit, judged in the unit it was reported in."""

from typing import NamedTuple

from rules.fact_types import FactType
from rules.facts import Result
from rules.laboratory import flag_decides, flag_truth, laboratory_limit, range_truth
from rules.limits import Comparison, Limit, printed_limit
from rules.quantities import Interval, Quantity, plain, trimmed
from rules.truth import Truth


class Judgement(NamedTuple):
    """A truth with what it rests on: the value and the limit as a reader sees them, and both as they were compared."""

    truth: Truth
    value: str | None = None
    limit: str | None = None
    compared: tuple[Interval, Limit] | None = None

    @property
    def distance(self) -> str | None:
        """How far an exact value is from its limit."""
        if self.compared is None or not self.compared[0].is_exact:
            return None
        interval, limit = self.compared
        gap = interval.low - limit.value
        side = "above" if gap > 0 else "below"
        return f"{plain(trimmed(abs(gap)))} {limit.unit} {side}" if gap else "exactly at the limit"


UNKNOWN = Judgement(Truth.UNKNOWN)


class Measured(NamedTuple):
    """A figure beside the limit it is judged by, in the unit of that; `guideline` is what the limit stands in for."""

    truth: Truth
    interval: Interval
    limit: Limit
    guideline: Limit | None = None


def result_truth(fact: FactType, comparison: Comparison, result: Result | None) -> Truth:
    """Whether a laboratory result is beyond a limit; its own limit wins."""
    if result is None:
        return Truth.UNKNOWN
    if result.quantity is None or flag_decides(comparison, result):
        return flag_truth(comparison, result)
    return _measure(fact, comparison, result, result.quantity).truth


def judge_result(fact: FactType, comparison: Comparison, result: Result | None) -> Judgement:
    """The same with the words for a reader; where the laboratory's own limit wins, both are shown."""
    if result is None:
        return UNKNOWN
    if result.quantity is None or flag_decides(comparison, result):
        return _judge_flag(comparison, result)
    truth, interval, limit, guideline = _measure(fact, comparison, result, result.quantity)
    shown = f"{limit} (the laboratory's own; {guideline} otherwise)" if guideline else str(limit)
    return Judgement(truth, result.reported(), shown, (interval, limit))


def _measure(fact: FactType, comparison: Comparison, result: Result, quantity: Quantity) -> Measured:
    guideline = printed_limit(fact, comparison.limits, quantity.unit)
    interval = fact.convert(quantity.interval, quantity.unit, guideline.unit)
    own = laboratory_limit(fact, comparison, result, guideline) if comparison.laboratory_limit else None
    if own is None:
        return Measured(_uncertain(fact, comparison, interval, guideline), interval, guideline)
    truth = quantity.interval.compare(comparison.sign, own)
    return Measured(truth, quantity.interval, Limit(own, quantity.unit), guideline)


def number_truth(comparison: Comparison, interval: Interval | None) -> Truth:
    """Whether a count, an age or a duration is beyond a limit."""
    return Truth.UNKNOWN if interval is None else interval.compare(comparison.sign, comparison.limits[0].value)


def judge_number(comparison: Comparison, interval: Interval | None, unit: str | None) -> Judgement:
    """The same with the words for a reader."""
    if interval is None:
        return UNKNOWN
    limit = comparison.limits[0]
    shown = interval.in_tenths()
    value = f"{shown} {unit or ''}".rstrip()
    return Judgement(number_truth(comparison, interval), value, str(limit), (shown, limit))


def judge_range(result: Result | None, word: str) -> Judgement:
    """Whether the laboratory itself calls a result low, normal or high, with the words for a reader."""
    return UNKNOWN if result is None else Judgement(range_truth(result, word), result.reported(), _range_text(result))


def _range_text(result: Result) -> str | None:
    if result.quantity is None or (result.low is None and result.high is None):
        return None
    low, high = (plain(end) if end is not None else "" for end in (result.low, result.high))
    return f"reference range {low}-{high} {result.quantity.unit}"


def _judge_flag(comparison: Comparison, result: Result) -> Judgement:
    limit = "the laboratory's own range" if flag_decides(comparison, result) else None
    return Judgement(flag_truth(comparison, result), result.reported(), limit)


def _uncertain(fact: FactType, comparison: Comparison, interval: Interval, guideline: Limit) -> Truth:
    truth = interval.compare(comparison.sign, guideline.value)
    start = comparison.uncertain_from
    if truth is not Truth.FALSE or start is None:
        return truth
    reached = fact.convert(interval, guideline.unit, start.unit).compare(comparison.sign, start.value)
    return Truth.FALSE if reached is Truth.FALSE else Truth.UNKNOWN
