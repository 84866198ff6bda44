"""What to ask for when a fact is unknown, and in which words."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Facts
from rules.judging import is_known


def open_facts(fact: FactType, facts: Facts) -> Iterator[str]:
    """The fact to ask for when one is unknown: itself, or the first unknown one that it is computed from.

    Where all of those are known, more has to be said of one that is there, such as since when a medicine is taken.
    """
    if not fact.derived_from:
        yield fact.code
    unknown = (code for code in fact.derived_from if not _is_settled(code, facts))
    present = (code for code in fact.derived_from if _is_present(code, facts))
    yield from islice(chain(unknown, present), 1)


def in_turn(asked: Iterable[Iterable[str]]) -> list[str]:
    """One fact of each reason to ask before the second of any, so that no long group hides the rest; each fact once."""
    rows: Iterator[tuple[str | None, ...]] = zip_longest(*asked)
    return [fact for fact in dict.fromkeys(chain.from_iterable(rows)) if fact is not None]


def describe(code: str, facts: Facts) -> str:
    """A fact's label, and what was reported when that leaves it open."""
    result = facts.result(code)
    label = catalogue().fact(code).label
    if result is not None:
        return f"{label} (reported as {result.reported()})"
    return f"{label} (since when, or other details)" if _is_present(code, facts) else label


def _is_settled(code: str, facts: Facts) -> bool:
    """Whether a fact was said, or is absent since it is not on a whole list of medicines."""
    listed = facts.medications_listed and catalogue().fact(code).group == "medications"
    return listed or is_known(code, facts)


def _is_present(code: str, facts: Facts) -> bool:
    item = facts.item(code)
    return item is not None and item.present
