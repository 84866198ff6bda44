"""What is known of one patient: each fact is known or absent, and absent is never no, zero or normal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rules.dates import Period
from rules.once import Kept, Made, once
from rules.quantities import Interval, Quantity
from rules.truth import Truth, any_of, known

Day = date
NOTHING = (None,) * 5


class Result(NamedTuple):
    """One laboratory result: a quantity, a category or only the laboratory's own flag.

    `low` and `high` are the reference range, `deficient_below` and `unlikely_above` the laboratory's
    deficiency bands, all in the unit of the quantity.
    """

    test: str
    path: str
    quantity: Quantity | None = None
    category: str | None = None
    flag: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    deficient_below: Decimal | None = None
    unlikely_above: Decimal | None = None
    date: Period | None = None

    @property
    def is_bare(self) -> bool:
        """Whether it is a number without a flag or limit of the laboratory."""
        beside = (self.flag, self.low, self.high, self.deficient_below, self.unlikely_above)
        return self.quantity is not None and beside == NOTHING

    def at(self, path: str) -> "Result":
        """The same result, standing in that place of a summary."""
        return Result(self.test, path, *self[2:])

    def reported(self) -> str:
        """The result as it was sent, for a reader."""
        if self.quantity is not None:
            return str(self.quantity)
        return self.category or f"flagged {self.flag}"


class Item(NamedTuple):
    """A symptom, sign, condition, procedure, medicine or part of the history, said to be present or absent."""

    code: str
    path: str
    present: bool = True
    since: Period | None = None
    until: Period | None = None
    date: Period | None = None
    course: str | None = None
    sites: tuple[str, ...] = ()
    laterality: str | None = None
    dose: Decimal | None = None
    dose_unit: str | None = None
    route: str | None = None
    last_given: Period | None = None

    def holds(self, as_of: Day) -> Truth:
        """Whether it is present on that day: what was said to have ended is not, a vague end leaves it open."""
        if not self.present or self.until is None:
            return known(self.present)
        if self.until.last < as_of:
            return Truth.FALSE
        return Truth.TRUE if self.until.first >= as_of else Truth.UNKNOWN


@dataclass(frozen=True, slots=True)
class Facts:
    """One patient on one day.

    `results` holds every result of a test, the one that decides first. `items` holds what was said of a code.
    `statements` holds the rest (pregnant, diet, joint counts ...) by the catalogue's name.
    `medications_listed` says that the prescribed medicines were sent as a whole list, so one not on it is absent.
    """

    as_of: Day
    age: int
    sex: str
    results: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    statements: Mapping[str, bool | int | Decimal | str] = field(default_factory=dict)
    medications_listed: bool = False
    _computed: Kept = field(init=False, compare=False, repr=False, default_factory=dict)

    def once(self, compute: Callable[["Facts"], Made]) -> Made:
        """What a function makes of these facts, computed when first asked for."""
        return once(self._computed, compute, self)

    def result(self, test: str) -> Result | None:
        """The result of a test that decides, if there is one."""
        results = self.results.get(test)
        return results[0] if results else None

    def item(self, code: str) -> Item | None:
        """What was said first of a code, if anything was."""
        items = self.items.get(code)
        return items[0] if items else None

    def presence(self, code: str) -> Truth:
        """Whether a symptom, sign, condition, procedure, medicine or part of the history is there today."""
        items = self.items.get(code)
        if items is None:
            return Truth.UNKNOWN
        return any_of(item.holds(self.as_of) for item in items)

    def medicine(self, code: str) -> Truth:
        """Whether a medicine is taken today: one missing from a whole list is not."""
        if code not in self.items and self.medications_listed:
            return Truth.FALSE
        return self.presence(code)

    def yes_no(self, name: str) -> Truth:
        """A yes/no statement such as `pregnant`."""
        value = self.statements.get(name)
        return Truth.UNKNOWN if value is None else known(value is True)

    def number(self, name: str) -> Interval | None:
        """A number such as the age in years or a count of joints."""
        if name == "age":
            return Interval.exactly(Decimal(self.age))
        value = self.statements.get(name)
        return None if value is None else Interval.exactly(Decimal(value))

    def choice(self, name: str) -> str | None:
        """One of a closed list, such as the sex or the diet."""
        if name == "sex":
            return self.sex
        value = self.statements.get(name)
        return None if value is None else str(value)
