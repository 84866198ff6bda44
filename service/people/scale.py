"""A scale for one laboratory test: values and limits of any of its units, placed in per cent of its length."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Self

from rules.fact_types import FactType
from rules.limits import Limit, printed_limit
from rules.quantities import Interval

ROOM = Decimal("1.5")
ROOM_FOR_VALUE = Decimal("1.15")
FARTHEST = 3
HUNDRED = Decimal(100)
PRINTED = Context(prec=4)


@dataclass(frozen=True)
class Spot:
    """Where a result lies: a censored one is a stretch, and one too far out stands at the end."""

    start: float
    end: float
    is_exact: bool
    is_beyond: bool

    @property
    def middle(self) -> float:
        """Where its label belongs."""
        return (self.start + self.end) / 2


@dataclass(frozen=True)
class Scale:
    """From nothing to `top`, in one unit."""

    top: Decimal

    @classmethod
    def around(cls, limits: Iterable[Decimal], value: Interval) -> Self:
        """A scale with room beyond the limits; a value far beyond them does not squeeze them together."""
        farthest = max(limits)
        shown = value.bound
        wanted = shown * ROOM_FOR_VALUE if shown <= farthest * FARTHEST else Decimal(0)
        return cls(max(farthest * ROOM, wanted) or Decimal(1))

    def at(self, value: Decimal) -> float:
        """How far along the scale a value is, in per cent."""
        return round(float(min(max(value / self.top, Decimal(0)), Decimal(1)) * HUNDRED), 2)

    def spot(self, value: Interval) -> Spot:
        """Where a result lies."""
        end = self.at(value.high) if value.high.is_finite() else 100.0
        return Spot(self.at(value.low), end, value.is_exact, value.bound > self.top)


def limit_in(fact: FactType, limits: tuple[Limit, ...], unit: str) -> Decimal:
    """A limit in a unit, from the one that is printed in its kind where there is one."""
    printed = printed_limit(fact, limits, unit)
    return PRINTED.plus(fact.convert(Interval.exactly(printed.value), printed.unit, unit).low)
