"""How a laboratory result or another fact stands against one limit, judged in the unit it was reported in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from rules.catalogue import FactType
from rules.facts import Result
from rules.quantities import Interval, Quantity, plain
from rules.truth import Truth, known, negate

RANGE_ENDS = ("low", "high")
OTHER_BAND = {"deficient_below": "unlikely_above", "unlikely_above": "deficient_below"}


@dataclass(frozen=True, slots=True)
class Limit:
    """A number with its unit, as a guideline prints it."""

    value: Decimal
    unit: str
    text: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", f"{plain(self.value)} {self.unit}".rstrip())

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sign` one of the limits, which are the same limit in several units.

    `laboratory_limit` names what the laboratory may send instead: `low` or `high` of its reference range, or its
    `deficient_below` and `unlikely_above`. Without it, values beyond `uncertain_from` are undecided.
    """

    sign: str
    limits: tuple[Limit, ...]
    laboratory_limit: str | None = None
    uncertain_from: Limit | None = None


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
        return f"{plain(abs(gap).normalize() + 0)} {limit.unit} {side}" if gap else "exactly at the limit"


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
    if result.quantity is None or _flag_decides(comparison, result):
        return _flag_truth(comparison, result)
    return _measure(fact, comparison, result, result.quantity).truth


def judge_result(fact: FactType, comparison: Comparison, result: Result | None) -> Judgement:
    """The same with the words for a reader; where the laboratory's own limit wins, both are shown."""
    if result is None:
        return UNKNOWN
    if result.quantity is None or _flag_decides(comparison, result):
        return _judge_flag(comparison, result)
    truth, interval, limit, guideline = _measure(fact, comparison, result, result.quantity)
    shown = f"{limit} (the laboratory's own; {guideline} otherwise)" if guideline else str(limit)
    return Judgement(truth, result.reported(), shown, (interval, limit))


def _measure(fact: FactType, comparison: Comparison, result: Result, quantity: Quantity) -> Measured:
    guideline, interval = _guideline_limit(fact, comparison.limits, quantity)
    own = _laboratory_limit(fact, comparison, result, guideline) if comparison.laboratory_limit else None
    if own is None:
        return Measured(_uncertain(fact, comparison, interval, guideline), interval, guideline)
    truth = quantity.interval.compare(comparison.sign, own)
    return Measured(truth, quantity.interval, Limit(own, quantity.unit), guideline)


def _laboratory_limit(fact: FactType, comparison: Comparison, result: Result, guideline: Limit) -> Decimal | None:
    own = _own_limit(comparison, result)
    return _crossing_limit(fact, comparison, result, guideline) if own is None else own


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
    """Whether the laboratory itself calls a result low, normal or high, by its reference range or its flag."""
    return UNKNOWN if result is None else Judgement(range_truth(result, word), result.reported(), _range_text(result))


def range_truth(result: Result | None, word: str) -> Truth:
    """The same without the words for a reader."""
    if result is None:
        return Truth.UNKNOWN
    if word == "normal":
        return negate(max(_outside(result, end) for end in RANGE_ENDS))
    return _outside(result, word)


def _outside(result: Result, end: str) -> Truth:
    bound = getattr(result, end)
    if result.quantity is not None and bound is not None:
        return result.quantity.interval.compare("<" if end == "low" else ">", bound)
    if result.flag is not None:
        return known(result.flag == end)
    return Truth.UNKNOWN


def _range_text(result: Result) -> str | None:
    if result.quantity is None or (result.low is None and result.high is None):
        return None
    low, high = (plain(end) if end is not None else "" for end in (result.low, result.high))
    return f"reference range {low}-{high} {result.quantity.unit}"


def _own_limit(comparison: Comparison, result: Result) -> Decimal | None:
    name = comparison.laboratory_limit
    limit: Decimal | None = None if name is None else getattr(result, name)
    return limit


def _crossing_limit(fact: FactType, comparison: Comparison, result: Result, guideline: Limit) -> Decimal | None:
    """The laboratory's other deficiency limit, where it lies beyond the guideline's: its bands never overlap."""
    if result.quantity is None or comparison.laboratory_limit not in OTHER_BAND:
        return None
    other: Decimal | None = getattr(result, OTHER_BAND[comparison.laboratory_limit])
    if other is None:
        return None
    in_guideline_unit = fact.convert(Interval.exactly(other), result.quantity.unit, guideline.unit).low
    lower = comparison.laboratory_limit == "deficient_below"
    crosses = in_guideline_unit < guideline.value if lower else in_guideline_unit > guideline.value
    return other if crosses else None


def _flag_decides(comparison: Comparison, result: Result) -> bool:
    """Whether the laboratory's flag speaks for a limit of its range that was not sent."""
    if result.flag is None or comparison.laboratory_limit not in RANGE_ENDS:
        return False
    return result.quantity is None or _own_limit(comparison, result) is None


def _flag_truth(comparison: Comparison, result: Result) -> Truth:
    if not _flag_decides(comparison, result):
        return Truth.UNKNOWN
    beyond = known(result.flag == comparison.laboratory_limit)
    points_out = (comparison.sign[0] == ">") == (comparison.laboratory_limit == "high")
    return beyond if points_out else negate(beyond)


def _judge_flag(comparison: Comparison, result: Result) -> Judgement:
    limit = "the laboratory's own range" if _flag_decides(comparison, result) else None
    return Judgement(_flag_truth(comparison, result), result.reported(), limit)


def _guideline_limit(fact: FactType, limits: Sequence[Limit], quantity: Quantity) -> tuple[Limit, Interval]:
    """The printed limit of the reported kind (mass or moles) with the value in its unit, else a converted one."""
    interval, unit = quantity
    for limit in limits:
        if fact.same_kind(unit, limit.unit):
            return limit, fact.convert(interval, unit, limit.unit)
    return limits[0], fact.convert(interval, unit, limits[0].unit)


def _uncertain(fact: FactType, comparison: Comparison, interval: Interval, guideline: Limit) -> Truth:
    truth = interval.compare(comparison.sign, guideline.value)
    start = comparison.uncertain_from
    if truth is not Truth.FALSE or start is None:
        return truth
    reached = fact.convert(interval, guideline.unit, start.unit).compare(comparison.sign, start.value)
    return Truth.FALSE if reached is Truth.FALSE else Truth.UNKNOWN
