"""The limits that finding lines compare with, as guidelines print them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rules.fact_types import FactType
from rules.quantities import plain


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


def printed_limit(fact: FactType, limits: Sequence[Limit], unit: str) -> Limit:
    """The limit that is printed in the unit's own kind (mass or moles), else the first one."""
    for limit in limits:
        if fact.same_kind(unit, limit.unit):
            return limit
    return limits[0]


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
