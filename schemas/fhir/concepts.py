"""A coded concept as it was sent: its codes, and its names word by word."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from rules.fact_types import FactType
from schemas.fhir.elements import Element, parts, text
from schemas.fhir.systems import system_named

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
BY_NAME = "recognized by its name, not by a code"
LONGEST_NAME = 200

Words = tuple[str, ...]
Code = tuple[str, str]


class Concept:
    """A CodeableConcept: every code it has, its system by our short name where it has one, and what it is called."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self.codes: Sequence[Code] = [
            (system_named(text(one, "system")), text(one, "code")) for one in parts(element, "coding")
        ]

    def has_code_of(self, system: str) -> bool:
        """Whether it has a code of that system, known or not."""
        return any(system == named for named, _ in self.codes)

    @cached_property
    def called(self) -> Sequence[str]:
        """What it is called as it was sent, its own text first."""
        return [text(self._element, "text"), *(text(one, "display") for one in parts(self._element, "coding"))]

    @cached_property
    def names(self) -> Sequence[Words]:
        """What it is called, word by word."""
        found = (words(name) for name in self.called if len(name) <= LONGEST_NAME)
        return tuple(dict.fromkeys(name for name in found if name))


class Match(NamedTuple):
    """A fact that a concept means; `by_name` when only its words say so."""

    fact: FactType
    by_name: bool = False

    @property
    def note(self) -> str:
        """What a reader should know of how it was found."""
        return BY_NAME if self.by_name else ""


def words(name: str) -> Words:
    """A name word by word, without regard to letter case and punctuation."""
    return tuple(WORD.findall(name.casefold()))
