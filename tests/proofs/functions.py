"""Computed facts together with what they are computed from, every combination of their inputs that could matter."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from rules.catalogue import catalogue
from rules.dates import Period
from rules.facts import Item
from rules.judgement import judge_number
from rules.model import Finding
from rules.quantities import Interval
from rules.truth import Truth
from tests.proofs.cells import results, values
from tests.proofs.patients import NOTHING, Fragment, exactly

Lines = tuple[Finding, ...]
Row = tuple[Truth, ...]
LAST_WEEK, TWO_MONTHS_AGO, LONG_AGO, THIS_YEAR_OR_LAST = "2026-01-10", "2025-11-15", "2015", "2025"
ENDS = (None, LAST_WEEK, TWO_MONTHS_AGO, LONG_AGO, THIS_YEAR_OR_LAST)
WHO_LIMITS = ("anemia", "hemoglobin")


@dataclass(frozen=True)
class Function:
    """The facts that are bound together, and every way of stating them."""

    facts: frozenset[str]
    fragments: Callable[[Lines], Iterable[Fragment]]


def _item(code: str, present: bool = True, **dates: str | None) -> Item:
    return Item(code, "", present, **{name: Period.parse(day) for name, day in dates.items() if day})


def _combined(*choices: Iterable[Fragment]) -> Iterator[Fragment]:
    for pieces in product(*choices):
        yield Fragment(
            tuple(one for piece in pieces for one in piece.results),
            tuple(one for piece in pieces for one in piece.items),
            tuple(one for piece in pieces for one in piece.statements),
            next((piece.age for piece in pieces if piece.age is not None), None),
            next((piece.sex for piece in pieces if piece.sex is not None), None),
            any(piece.listed for piece in pieces),
        )


def _stated(code: str, *values: object) -> list[Fragment]:
    return [NOTHING, *(Fragment(statements=((code, value),)) for value in values)]


def _items(code: str, *present: Item) -> list[Fragment]:
    return [NOTHING, *(Fragment(items=(item,)) for item in (_item(code, present=False), *present))]


def _blood(lines: Lines) -> Iterator[Fragment]:
    """Hemoglobin with everything that decides which of its limits could apply, and the words that settle anemia."""
    hemoglobin = catalogue().fact("hemoglobin")
    read = [_as_hemoglobin(line) for line in lines if line.line and line.line.fact.code in WHO_LIMITS]
    blood = [NOTHING, *(Fragment((result,)) for result in results(hemoglobin, [*read, *WHO])) ]
    people = [*_stated("pregnant", False, True), Fragment(sex="male", statements=(("pregnant", False),))]
    people += [Fragment(statements=(("pregnant", True), ("gestation_weeks", weeks))) for weeks in (5, 20, 35)]
    people += [Fragment(age=10), Fragment(sex="unknown"), Fragment(sex="other", statements=(("pregnant", False),))]
    words = _combined(_items("macrocytic_anemia", _item("macrocytic_anemia")), _items("pancytopenia", _item("pancytopenia")))
    yield from _combined(people, blood)
    few = _distinct_blood(blood)
    yield from _combined(_stated("pregnant", False, True), few, words)


def _distinct_blood(blood: list[Fragment]) -> list[Fragment]:
    """Of all results of hemoglobin those in its own unit that have no limit of the laboratory, and none."""
    return [one for one in blood if not one.results or _is_plain(one)]


def _is_plain(fragment: Fragment) -> bool:
    result = fragment.results[0]
    return result.low is None and result.flag is None and result.quantity is not None and result.quantity.unit == "g/L"


def _as_hemoglobin(line: Finding) -> Finding:
    return line


WHO: list[Finding] = []
