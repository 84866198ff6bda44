"""Three-valued truth: what nobody has said is neither true nor false (Kleene's strong logic)."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """FALSE < UNKNOWN < TRUE, so that `and` is the least, `or` the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __bool__(self) -> bool:
        raise TypeError("Truth has three values; compare it with `is Truth.TRUE`")

    @property
    def word(self) -> str:
        """How an answer says it."""
        return self.name.lower()


TRUTHS = tuple(truth.word for truth in Truth)
NEGATED = (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)


def known(value: bool) -> Truth:
    """The truth of something that was really said."""
    return Truth.TRUE if value else Truth.FALSE


def negate(truth: Truth) -> Truth:
    """Not: what is unknown stays unknown."""
    return NEGATED[truth]


def all_of(truths: Iterable[Truth], of_none: Truth = Truth.TRUE) -> Truth:
    """And: as true as the least true of them; true of none at all, unless that says something else."""
    return min(truths, default=of_none)


def any_of(truths: Iterable[Truth], of_none: Truth = Truth.FALSE) -> Truth:
    """Or: as true as the truest of them; false of none at all, unless that says something else."""
    return max(truths, default=of_none)
