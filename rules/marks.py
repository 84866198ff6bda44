"""Findings as bits of a number, so that many of them are weighed in one step."""

from collections.abc import Iterable
from itertools import count
from typing import Protocol

_FREE = count()
_GIVEN: dict[str, int] = {}


class Marked(Protocol):
    """Anything that has a bit of its own."""

    @property
    def mark(self) -> int: ...


def mark(name: str) -> int:
    """The bit that stands for a name: the same one, and no other name's, for as long as the process lives."""
    return _GIVEN.get(name) or _GIVEN.setdefault(name, 1 << next(_FREE))


def marks(marked: Iterable[Marked]) -> int:
    """The bits of several things together."""
    together = 0
    for one in marked:
        together |= one.mark
    return together
