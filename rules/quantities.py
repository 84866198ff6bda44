"""Measured amounts as they were reported: a censored result is a range, never a point."""

from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple, Self

from rules.truth import Truth, negate

INFINITY = Decimal("Infinity")
ZERO = Decimal(0)
TENTH = Decimal("0.1")


class Interval(NamedTuple):
    """The values a measurement can have; `low_open` and `high_open` say that an end itself is not among them."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def exactly(cls, value: Decimal) -> Self:
        """One value."""
        return cls(value, value)

    @classmethod
    def censored(cls, sign: str, bound: Decimal) -> Self:
        """`<150` is everything from 0 up to, but not including, 150; `>2000` everything above 2000."""
        if sign[0] == "<":
            return cls(ZERO, bound, high_open=sign == "<")
        return cls(bound, INFINITY, low_open=sign == ">", high_open=True)

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return self.low is self.high or self.low == self.high

    @property
    def bound(self) -> Decimal:
        """The number that was reported: the value, or the bound of a censored one."""
        return self.high if self.high.is_finite() else self.low

    def scaled(self, times: Decimal, plus: Decimal = ZERO) -> "Interval":
        """The same measurement in another unit."""
        return Interval(self.low * times + plus, self.high * times + plus, self.low_open, self.high_open)

    def in_tenths(self) -> "Interval":
        """The same for a reader, without further digits; rounded down, so that what is below a limit stays below."""
        return self._replace(low=_in_tenths(self.low), high=_in_tenths(self.high))

    def compare(self, sign: str, limit: Decimal) -> Truth:
        """Whether every possible value (TRUE) or none (FALSE) is `sign` limit, with `<`, `<=`, `>` or `>=`."""
        match sign:
            case "<":
                return self._below(limit)
            case "<=":
                return self._at_most(limit)
            case ">":
                return negate(self._at_most(limit))
            case _:
                return negate(self._below(limit))

    def _below(self, limit: Decimal) -> Truth:
        if self.high < limit or (self.high == limit and self.high_open):
            return Truth.TRUE
        return Truth.FALSE if self.low >= limit else Truth.UNKNOWN

    def _at_most(self, limit: Decimal) -> Truth:
        if self.high <= limit:
            return Truth.TRUE
        out_of_reach = self.low > limit or (self.low == limit and self.low_open)
        return Truth.FALSE if out_of_reach else Truth.UNKNOWN

    def __str__(self) -> str:
        if self.is_exact:
            return plain(self.low)
        if self.high == INFINITY:
            return f"{'>' if self.low_open else '>='}{plain(self.low)}"
        if self.low == ZERO:
            return f"{'<' if self.high_open else '<='}{plain(self.high)}"
        return f"{plain(self.low)} to {plain(self.high)}"


class Quantity(NamedTuple):
    """A measurement in the unit it was reported in, by our spelling of that unit."""

    interval: Interval
    unit: str

    def __str__(self) -> str:
        return f"{self.interval} {self.unit}"


def _in_tenths(value: Decimal) -> Decimal:
    """Whole numbers and tenths stay as they are written; so does infinity."""
    return value if value == value.to_integral_value() else value.quantize(TENTH, ROUND_FLOOR)


def trimmed(value: Decimal) -> Decimal:
    """The same number without the zeros that arithmetic leaves at its end; adding nothing undoes the exponent."""
    return value.normalize() + 0


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, the reported digits kept."""
    written = str(value)
    return f"{value:f}" if "E" in written else written
