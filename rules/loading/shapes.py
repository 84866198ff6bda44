"""What can stand in a rule set's files: text, a number, one of some words, a list, a mapping."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from rules.source import Problems, Section

Shapes = Mapping[str, "Shape"]
NO_KEYS: Shapes = {}
VERSION_NUMBER = re.compile(r"\d+\.\d+\.\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must be, in words and as a test, and how what it holds is read.

    `stand_in` takes the place of a value that is needed and missing or wrong, so that the reading goes on.
    """

    words: str
    fits: Callable[[Any], bool]
    stand_in: Any = ""
    inside: Callable[[Any, Problems], Any] = lambda value, _: value

    def read(self, key: str, section: Section, problems: Problems) -> Any:
        """What stands under a key; None, with a problem noted, when it is not of this shape."""
        value = section[key]
        if self.fits(value):
            return self.inside(value, problems)
        problems.add(section.where(key), f"'{key}' must be {self.words}")
        return None


def one_of(words: tuple[str, ...]) -> Shape:
    """One of some words."""
    return Shape(f"one of {', '.join(words)}", lambda value: isinstance(value, str) and value in words)


def record(required: Shapes, optional: Shapes = NO_KEYS, some_of: tuple[str, ...] = ()) -> Shape:
    """A mapping with keys that must be there, keys that may be, and keys of which at least one must be."""
    stand_in = _completed(Section("", 1), required)
    return Shape("a mapping", _is_section, stand_in, inside=partial(_read_keys, required, optional, some_of))


def named(shape: Shape) -> Shape:
    """A mapping of names of the author's choice, each to the same shape."""
    return Shape("a mapping of names", _is_section, Section("", 1), inside=partial(_read_each, shape))


def listed(shape: Shape) -> Shape:
    """A list, not empty, of mappings of the same shape."""
    return Shape(
        "a list of mappings",
        _is_listing,
        [],
        inside=lambda many, problems: [shape.inside(one, problems) for one in many],
    )


def _is_section(value: object) -> bool:
    return isinstance(value, Section)


def _is_listing(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_section, value))


def _read_keys(
    required: Shapes, optional: Shapes, some_of: tuple[str, ...], section: Section, problems: Problems
) -> Section:
    problems.check_keys(section, (*required, *optional), tuple(required))
    if some_of and not section.keys() & set(some_of):
        problems.add(section.where(), f"one of {', '.join(some_of)} is missing")
    known = {key: shape for key, shape in {**required, **optional}.items() if key in section}
    return _completed(_read(known, section, problems), required)


def _read_each(shape: Shape, section: Section, problems: Problems) -> Section:
    names = dict.fromkeys(section, shape)
    return _completed(_read(names, section, problems), names)


def _read(shapes: Shapes, section: Section, problems: Problems) -> Section:
    """The keys of a mapping that hold what they should; None stands for a value that does not."""
    found = Section(section.file, section.line, section.lines)
    values = {key: shape.read(key, section, problems) for key, shape in shapes.items()}
    found.update((key, value) for key, value in values.items() if value is not None)
    return found


def _completed(section: Section, required: Shapes) -> Section:
    for key, shape in required.items():
        section.setdefault(key, shape.stand_in)
    return section


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_printed(value: object) -> bool:
    return _is_text(value) or (isinstance(value, int | Decimal) and not isinstance(value, bool))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_version(value: object) -> bool:
    return isinstance(value, str) and VERSION_NUMBER.fullmatch(value) is not None


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


TEXT = Shape("some text", _is_text)
PRINTED = Shape("some text or a number", _is_printed)
TEXTS = Shape("a list of names", _are_texts, [])
NAMES = Shape("a list of at least one name", lambda value: _are_texts(value) and bool(value), [])
COUNT = Shape("a whole number, at least 1", _is_count, 1)
YES_NO = Shape("true or false", lambda value: isinstance(value, bool), False)
YES = Shape("true", lambda value: value is True)
DAY = Shape('a day in quotes, such as "2026-01-15"', _is_day, "2026-01-15")
VERSION = Shape('three numbers in quotes, such as "1.0.0"', _is_version)
SUMMARY = Shape("a mapping", _is_section, {})
