"""The account of a summary: what each part of it said, in a reader's words."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal
from functools import cache
from itertools import chain
from typing import Any

from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS
from rules.facts import Facts, Item
from rules.quantities import Interval, Quantity, plain
from schemas.intake import Caution, Conversion, Inputs, SentFact
from schemas.listed import items_in, unrecognized_in
from schemas.results import History, old_result_warning

SHOWN_DIGITS = Context(prec=6)

Summary = Mapping[str, Any]
Stated = Mapping[str, bool | int | Decimal | str]


def account_for(summary: Summary, facts: Facts, stated: Stated, histories: Mapping[str, History]) -> Inputs:
    """What was sent, by the order of the catalogue; what was not recognized, by the order of the summary."""
    unrecognized = tuple(unrecognized_in(summary))
    person = {"age": facts.age, "sex": facts.sex, **stated}
    sent = chain(_sent_results(histories), _sent_items(summary), _sent_statements(person))
    misplaced = (Caution(path, f"belongs in {name.belongs_in}") for path, name in unrecognized if name.belongs_in)
    return Inputs(
        as_of=facts.as_of,
        sent=_in_order(sent),
        unrecognized=unrecognized,
        conversions=tuple(_conversions(histories)),
        warnings=(*_old_results(facts), *misplaced),
    )


def _in_order(sent: Iterable[SentFact]) -> tuple[SentFact, ...]:
    rank = _rank()
    return tuple(sorted(sent, key=lambda one: (rank[one.fact], len(one.path), one.path)))


@cache
def _rank() -> dict[str, int]:
    return {fact.code: rank for rank, fact in enumerate(catalogue())}


def _sent_results(histories: Mapping[str, History]) -> Iterator[SentFact]:
    for test, history in histories.items():
        newest, *older = history.results
        yield SentFact(newest.path, test, newest.reported())
        yield from (SentFact(old.path, test, old.reported(), f"{newest.path} is newer") for old in older)
        for again, first in history.repeats:
            yield SentFact(again.path, test, again.reported(), f"repeats {first.path}")


def _sent_items(summary: Summary) -> Iterator[SentFact]:
    for name in PRESENCE_GROUPS:
        first: dict[Item, str] = {}
        for path, item in items_in(summary, name):
            said_at = first.setdefault(item, path)
            repeats = None if said_at == path else f"repeats {said_at}"
            yield SentFact(path, item.code, _described(item), repeats)


def _described(item: Item) -> str:
    dose = None if item.dose is None else f"{plain(item.dose)} {item.dose_unit}"
    times = {"since": item.since, "until": item.until, "on": item.date, "last given": item.last_given}
    words = [*item.sites, item.laterality, item.course, dose, item.route]
    details = [word for word in words if word] + [f"{word} {time}" for word, time in times.items() if time]
    return ", ".join(["present" if item.present else "absent", *details])


def _sent_statements(stated: Stated) -> Iterator[SentFact]:
    for code, value in stated.items():
        if code == "diet":
            yield SentFact("diet", str(value), "present")
        else:
            fact = catalogue().fact(code)
            yield SentFact(fact.path, code, _worded(value, fact.unit))


def _worded(value: bool | int | Decimal | str, unit: str | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    number = plain(value) if isinstance(value, Decimal) else str(value)
    return f"{number} {unit}" if unit else number


def _conversions(histories: Mapping[str, History]) -> Iterator[Conversion]:
    known = catalogue()
    for result in chain.from_iterable(history.results for history in histories.values()):
        sent, unit = result.quantity, known.fact(result.test).unit
        if sent is not None and unit is not None and unit != sent.unit:
            yield Conversion(result.path, result.test, str(sent), str(in_unit(result.test, sent, unit)))


def in_unit(test: str, quantity: Quantity, unit: str, digits: Context = SHOWN_DIGITS) -> Quantity:
    """A result in another unit of its test, rounded for a reader."""
    exact = catalogue().fact(test).convert(quantity.interval, quantity.unit, unit)
    low, high = digits.plus(exact.low), digits.plus(exact.high)
    return Quantity(Interval(low, high, exact.low_open, exact.high_open), unit)


def _old_results(facts: Facts) -> Iterator[Caution]:
    for newest, *_ in facts.results.values():
        message = old_result_warning(newest, facts.as_of)
        if message is not None:
            yield Caution(newest.path, message)
