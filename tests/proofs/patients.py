"""Pieces of a patient, put together into facts and into the summary that would be sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rules.catalogue import catalogue
from rules.facts import Facts, Item, Result
from rules.quantities import Interval

AS_OF = date(2026, 1, 15)
AGE, SEX = 50, "female"
RANGE, CUTOFFS = ("low", "high"), ("deficient_below", "unlikely_above")
DIET = ("diet", "fortified_foods", "b12_supplement")
SAID_OF_ITEMS = ("since", "until", "date", "course", "laterality", "route", "last_given", "dose")
PLACED_ABOVE = ("pregnant", "gestation_weeks")


@dataclass(frozen=True, slots=True)
class Fragment:
    """What is said of a few facts; everything else is left out."""

    results: tuple[Result, ...] = ()
    items: tuple[Item, ...] = ()
    statements: tuple[tuple[str, Any], ...] = ()
    age: int | None = None
    sex: str | None = None
    listed: bool = False

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Fragment()


def facts_of(fragments: Iterable[Fragment]) -> Facts:
    """One patient of whom all these things are said; of two words on one thing the later counts."""
    pieces = list(fragments)
    return Facts(
        AS_OF,
        next((piece.age for piece in pieces if piece.age is not None), AGE),
        next((piece.sex for piece in pieces if piece.sex is not None), SEX),
        {result.test: (result,) for piece in pieces for result in piece.results},
        {item.code: (item,) for piece in pieces for item in piece.items},
        {name: value for piece in pieces for name, value in piece.statements},
        medications_listed=any(piece.listed for piece in pieces),
    )


def summary_of(fragments: Iterable[Fragment]) -> dict[str, Any]:
    """The same patient as a summary, as an example gives it: without an age and sex that do not matter."""
    facts = facts_of(fragments)
    told = (("age", facts.age, AGE), ("sex", facts.sex, SEX))
    summary: dict[str, Any] = {name: value for name, value, assumed in told if value != assumed}
    for (item,) in facts.items.values():
        summary.setdefault(catalogue().fact(item.code).group, []).append(_item(item))
    if facts.medications_listed:
        summary.setdefault("medications", [])
    for name, value in facts.statements.items():
        _place(summary, name, value)
    if facts.results:
        summary["labs"] = [_lab(result) for (result,) in facts.results.values()]
    return summary


def _place(summary: dict[str, Any], name: str, value: Any) -> None:
    if name in PLACED_ABOVE:
        summary[name] = value
    elif name in DIET:
        summary.setdefault("diet", {})["pattern" if name == "diet" else name] = value
    else:
        summary.setdefault("joints", {})[name] = value


def _item(item: Item) -> Any:
    said = {name: getattr(item, name) for name in SAID_OF_ITEMS if getattr(item, name) is not None}
    more: dict[str, Any] = {name: value if isinstance(value, Decimal) else str(value) for name, value in said.items()}
    if item.dose_unit:
        more["unit"] = item.dose_unit
    if item.sites:
        more["sites"] = list(item.sites)
    if item.present and not more:
        return item.code
    name = "name" if catalogue().fact(item.code).group == "medications" else "code"
    return {name: item.code, **({} if item.present else {"present": False}), **more}


def _lab(result: Result) -> dict[str, Any]:
    lab: dict[str, Any] = {"test": result.test}
    if result.quantity is not None:
        interval = result.quantity.interval
        lab |= {"value": interval.low if interval.is_exact else str(interval), "unit": result.quantity.unit}
    elif result.category is not None:
        lab["value"] = result.category
    if result.flag is not None:
        lab["interpretation"] = result.flag
    for name, limits in (("reference_range", RANGE), ("cutoffs", CUTOFFS)):
        if stated := {limit: getattr(result, limit) for limit in limits if getattr(result, limit) is not None}:
            lab[name] = stated
    return lab


def exactly(value: int | Decimal) -> Interval:
    """One value."""
    return Interval.exactly(Decimal(value))
