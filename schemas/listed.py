"""Entries of the lists put together: results by test, items by code, and where entries contradict each other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.fact_types import PRESENCE_GROUPS
from rules.facts import Item, Result
from schemas.reading import Entry, Unrecognized
from schemas.results import Unclear, in_order

Summary = Mapping[str, Any]
Placed = Iterable[tuple[int, Entry[Any]]]


def results_by_test(summary: Summary) -> dict[str, list[Result]]:
    """The results of each test, each with its path."""
    found: dict[str, list[Result]] = {}
    for place, entry in summary.get("labs", []):
        if entry.what is not None:
            found.setdefault(entry.what.test, []).append(entry.what.at(f"labs[{place}]"))
    return found


def items_in(summary: Summary, name: str) -> list[tuple[str, Item]]:
    """The items of one list, each beside its path."""
    placed: Placed = summary.get(name, [])
    return [(f"{name}[{place}]", entry.what) for place, entry in placed if entry.what is not None]


def unrecognized_in(summary: Summary) -> Iterator[tuple[str, Unrecognized]]:
    """Every name the catalogue does not have, with its path."""
    for name in ("labs", *PRESENCE_GROUPS):
        for place, entry in summary.get(name, []):
            if entry.unrecognized:
                yield from ((f"{name}[{place}]{unknown.place}", unknown) for unknown in entry.unrecognized)
    if "diet" in summary:
        yield from ((f"diet{unknown.place}", unknown) for unknown in summary["diet"].unrecognized)


def unclear_results(summary: Summary) -> Iterator[tuple[int, list[str]]]:
    """The results that cannot be put in order, by their place in the list."""
    tests = [entry.what.test for _, entry in summary.get("labs", []) if entry.what is not None]
    if len(set(tests)) == len(tests):
        return
    for results in results_by_test(summary).values():
        try:
            in_order(results)
        except Unclear as unclear:
            yield _place(unclear.later.path), [unclear.message]


def contradictions(summary: Summary, name: str) -> Iterator[tuple[int, list[str]]]:
    """The entries that say absent what an earlier one says is present, or the reverse, by their place in the list."""
    first: dict[str, tuple[str, Item]] = {}
    for path, item in items_in(summary, name):
        earlier_path, earlier = first.setdefault(item.code, (path, item))
        if earlier.present != item.present:
            yield _place(path), [f"contradicts {earlier_path}: the same is said to be present and absent"]


def _place(path: str) -> int:
    return int(path.partition("[")[2].rstrip("]"))
