"""A laboratory report's lines as results: name, value, unit, and the range, flag or date that may follow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.fact_types import FactType
from schemas.values import CATEGORIES
from service.people.search import exact

SEPARATOR = re.compile(r"[\t;|*]|[:=,](?=\s|$)")
VALUE = re.compile(r"(?:[<>]=? ?)?[0-9]+(?:\.[0-9]+)?")
SPACED_SIGN = re.compile(r"([<>]=?) (?=[0-9])")
RANGE = re.compile(r"[(\[]?\s*([0-9.]+)\s*(?:-|–|to)\s*([0-9.]+)\s*[)\]]?")
ONE_SIDED = re.compile(r"[(\[]\s*([<>])=?\s*([0-9.]+)\s*[)\]]")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FLAGS = {"h": "high", "high": "high", "l": "low", "low": "low", "n": "normal", "normal": "normal"}
LONGEST_UNIT = 4


@dataclass
class Rest:
    """What follows the unit of a line, taken apart piece by piece."""

    text: str
    said: dict[str, str] = field(default_factory=dict)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first such piece, taken out."""
        found = pattern.search(self.text)
        if found:
            self.text = self.text[: found.start()] + " " + self.text[found.end() :]
        return found


def read_line(line: str) -> dict[str, str] | None:
    """The fields of a result that a line says; none when any part of it is not understood."""
    words = SPACED_SIGN.sub(r"\1", SEPARATOR.sub(" ", line)).split()
    for fact, following in _named(words):
        value = following[0].lower()
        if fact.categories and CATEGORIES.get(value) in fact.categories:
            return _finish(fact, {"value": value}, following[1:])
        if VALUE.fullmatch(value):
            return _with_unit(fact, value, following[1:])
    return None


def _named(words: Sequence[str]) -> Iterator[tuple[FactType, Sequence[str]]]:
    """The tests that the first words may name, the longest name first, with the words after it."""
    for length in range(len(words) - 1, 0, -1):
        name = re.sub(r"\([^)]*\)", " ", " ".join(words[:length]))
        fact = exact(("labs",), name)
        if fact:
            yield fact, words[length:]


def _with_unit(fact: FactType, value: str, following: Sequence[str]) -> dict[str, str] | None:
    for length in range(min(LONGEST_UNIT, len(following)), 0, -1):
        unit = fact.unit_named(" ".join(following[:length]))
        if unit:
            return _finish(fact, {"value": value, "unit": unit.name}, following[length:])
    return None


def _finish(fact: FactType, said: dict[str, str], following: Sequence[str]) -> dict[str, str] | None:
    rest = Rest(" ".join(following), {"test": fact.code, **said})
    if found := rest.take(DATE):
        rest.said["date"] = found[0]
    if found := rest.take(RANGE):
        rest.said |= {"reference_range.low": found[1], "reference_range.high": found[2]}
    if found := rest.take(ONE_SIDED):
        rest.said["reference_range.high" if found[1] == "<" else "reference_range.low"] = found[2]
    words = [word.casefold() for word in rest.text.split()]
    if len(words) > 1 or any(word not in FLAGS for word in words):
        return None
    return {**rest.said, **({"interpretation": FLAGS[words[0]]} if words else {})}
