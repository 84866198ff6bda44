"""How one document is read: as of which day, and whether unknown names are refused or reported."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from marshmallow.experimental.context import Context

Meaning = TypeVar("Meaning")

LONGEST_NAME = 120
NAME_SIGNS = frozenset(" -+/.,'()%&_")
UNIT_SIGNS = NAME_SIGNS | frozenset("*^[]{}")


@dataclass(frozen=True, slots=True)
class Reading:
    """The circumstances of one document; without `as_of`, which may itself be wrong, no date is too late."""

    as_of: date | None = None
    report_unknown: bool = False

    @staticmethod
    def current() -> "Reading":
        """The circumstances of the document being read."""
        return Context[Reading].get(default=PLAIN)


PLAIN = Reading()


class Unrecognized(NamedTuple):
    """A name that the catalogue does not have, with those of ours that are close.

    `belongs_in` is another list of a summary that has it, `place` where the name stands within its entry.
    """

    name: str
    did_you_mean: tuple[str, ...] = ()
    belongs_in: str | None = None
    place: str = ""

    def at(self, place: str) -> "Unrecognized":
        """The same name, standing in that place."""
        return self._replace(place=place)


class Entry(NamedTuple, Generic[Meaning]):
    """One entry of a list as it was read: what it says in the catalogue's words, and names the catalogue lacks."""

    what: Meaning | None
    unrecognized: tuple[Unrecognized, ...] = ()


def is_proper_name(text: str, signs: frozenset[str] = NAME_SIGNS) -> bool:
    """Whether a name can be shown again: 1 to 120 letters, digits and a few signs, with at least one letter."""
    fit = all(character.isalnum() or character in signs for character in text)
    return fit and len(text) <= LONGEST_NAME and any(map(str.isalpha, text))


def is_reported(name: str, signs: frozenset[str] = NAME_SIGNS) -> bool:
    """Whether an unknown name of a closed list goes into the answer instead of being refused."""
    return Reading.current().report_unknown and is_proper_name(name, signs)
