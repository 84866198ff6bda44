"""What a fact of the catalogue is: a test with its units, a symptom, a medicine, a number, a computed fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rules.quantities import Interval

PRESENCE_GROUPS = ("symptoms", "signs", "conditions", "procedures", "history", "medications")
YES_NO = ("presence", "yes_no")
NAMING = {"labs": "test", "medications": "name"}


def naming(group: str) -> str:
    """The member that names an entry of a list of a summary."""
    return NAMING.get(group, "code")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one test: a value in it, times `times` plus `plus`, is the value in the canonical unit.

    `kind` is equal for units that differ by a power of ten only.
    """

    name: str
    times: Decimal
    plus: Decimal = Decimal(0)
    kind: tuple[tuple[int, ...], Decimal] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", (self.times.normalize().as_tuple().digits, self.plus))

    def measures_as(self, other: "Unit") -> bool:
        """Whether a figure means the same in both: they differ in how they are written."""
        return (self.times, self.plus) == (other.times, other.plus)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a public terminology, with how it was verified; an unverified one is never matched."""

    system: str
    code: str
    display: str
    verified: str | None


@dataclass(frozen=True, slots=True)
class FactType:
    """One thing that a patient summary can say.

    `kind` is quantity, qualitative, presence, number, yes_no or choice. `unit` is canonical and
    `plausible` is in it. `path` is where the fact stands in a summary.
    """

    code: str
    group: str
    label: str
    kind: str
    path: str
    aliases: tuple[str, ...] = ()
    codes: tuple[Coding, ...] = ()
    unit: str | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    plausible: tuple[Decimal, Decimal] | None = None
    takes_sites: bool = False
    derived_from: tuple[str, ...] = ()
    cite: str = ""

    def unit_named(self, spelling: str) -> Unit | None:
        """The unit meant by a spelling that this test takes."""
        return self.units.get(self.spellings.get(spelling, spelling))

    def accepted_units(self) -> list[str]:
        """The units this test takes, by our own spelling."""
        return list(self.units)

    def convert(self, interval: Interval, unit: str, to: str) -> Interval:
        """The same measurement in another unit of this test; exact between powers of ten."""
        if unit == to:
            return interval
        source, target = self.units[unit], self.units[to]
        if source.plus == target.plus:
            return interval.scaled(source.times / target.times)
        return interval.scaled(source.times / target.times, (source.plus - target.plus) / target.times)

    def same_kind(self, unit: str, other: str) -> bool:
        """Whether two units differ by a power of ten only, so that mass stays mass and moles stay moles."""
        return unit == other or self.units[unit].kind == self.units[other].kind

    def is_plausible(self, interval: Interval, unit: str) -> bool:
        """Whether a result, or the bound of a censored one, can be real in that unit."""
        if self.plausible is None:
            return True
        lowest, highest = self.plausible
        if interval.is_exact:
            return lowest <= self._canonical(interval.low, unit) <= highest
        ends = [end for end in (interval.low, interval.high) if end.is_finite() and end] or [interval.low]
        return all(lowest <= self._canonical(end, unit) <= highest for end in ends)

    def _canonical(self, value: Decimal, unit: str) -> Decimal:
        """The same as `convert` to the canonical unit, whose own `times` is 1, for one value."""
        if unit == self.unit:
            return value
        known = self.units[unit]
        return value * known.times + known.plus
