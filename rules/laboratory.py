"""What the laboratory itself says of a result: its own limits, its reference range and its flag."""

from decimal import Decimal

from rules.fact_types import FactType
from rules.facts import Result
from rules.limits import Comparison, Limit
from rules.quantities import Interval
from rules.truth import Truth, known, negate

RANGE_ENDS = ("low", "high")
OTHER_BAND = {"deficient_below": "unlikely_above", "unlikely_above": "deficient_below"}


def laboratory_limit(fact: FactType, comparison: Comparison, result: Result, guideline: Limit) -> Decimal | None:
    """The laboratory's own limit, which stands in for the guideline's."""
    own = _own_limit(comparison, result)
    return _crossing_limit(fact, comparison, result, guideline) if own is None else own


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


def range_truth(result: Result | None, word: str) -> Truth:
    """Whether the laboratory itself calls a result low, normal or high, by its reference range or its flag."""
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


def flag_decides(comparison: Comparison, result: Result) -> bool:
    """Whether the laboratory's flag speaks for a limit of its range that was not sent."""
    if result.flag is None or comparison.laboratory_limit not in RANGE_ENDS:
        return False
    return result.quantity is None or _own_limit(comparison, result) is None


def flag_truth(comparison: Comparison, result: Result) -> Truth:
    """Whether a result is beyond a limit by the laboratory's flag alone."""
    if not flag_decides(comparison, result):
        return Truth.UNKNOWN
    beyond = known(result.flag == comparison.laboratory_limit)
    points_out = (comparison.sign[0] == ">") == (comparison.laboratory_limit == "high")
    return beyond if points_out else negate(beyond)
