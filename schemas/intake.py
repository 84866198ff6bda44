"""What was taken in of a summary: the facts of one patient, and how each part of it was read."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.facts import Facts
from schemas.reading import Unrecognized


class SentFact(NamedTuple):
    """One fact of a summary with its value as it was sent; `set_aside` says why it decides nothing."""

    path: str
    fact: str
    value: str
    set_aside: str | None = None


class Conversion(NamedTuple):
    """A result in the unit it was sent in and in the unit of the catalogue."""

    path: str
    fact: str
    sent: str
    converted: str


class Caution(NamedTuple):
    """Something that is accepted and should still be looked at."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """How a summary was read."""

    as_of: date
    sent: tuple[SentFact, ...] = ()
    unrecognized: tuple[tuple[str, Unrecognized], ...] = ()
    conversions: tuple[Conversion, ...] = ()
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """The facts of one patient, how they were read from the summary, and on which day."""

    facts: Facts
    inputs: Inputs
    today: date
