"""JSON text parsed so that numbers keep their digits and nothing that is ambiguous goes unnoticed."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from math import isinf
from typing import Any

from schemas import Problem
from service.refusal import Refusal

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands in a parsed document for a part that JSON allows, or nearly, and that nobody should read."""

    status: int
    message: str


@dataclass
class Parts:
    """What a document is made of, as a parser meets it; what nobody should read is gathered in `unusable`."""

    unusable: list[Unusable] = field(default_factory=list)
    counted: int = 0

    def count(self, named: dict[str, object]) -> dict[str, object]:
        """An object as it was read, of members with one name the last; with how many it has left."""
        self.counted += len(named)
        return named

    def members(self, pairs: list[tuple[str, object]]) -> dict[str, object] | Unusable:
        """An object, each of whose members has a name of its own."""
        named = dict(pairs)
        return named if len(named) == len(pairs) else self._refuse(400, "names one of its members twice")

    def integer(self, literal: str) -> int | Unusable:
        """A whole number."""
        return int(literal) if len(literal) <= LONGEST_NUMBER else self._refuse(422, "has too many digits")

    def fraction(self, literal: str) -> Decimal | Unusable:
        """Any other number, with the digits it was sent with."""
        if len(literal) > LONGEST_NUMBER:
            return self._refuse(422, "has too many digits")
        number = _in_range(literal)
        too_far = "is a number too large or too small to be read safely"
        return number if number is not None else self._refuse(422, too_far)

    def constant(self, _literal: str) -> Unusable:
        """What some writers send for a number that is none."""
        return self._refuse(422, "is not a number: NaN and Infinity are never values")

    def _refuse(self, status: int, message: str) -> Unusable:
        self.unusable.append(Unusable(status, message))
        return self.unusable[-1]


def parse(text: str, members: int) -> tuple[object, list[Unusable]]:
    """The document that a text is, and what in it nobody should read; Refusal 400 when it is no JSON.

    `members` is how many colons the text has outside of texts: where objects have fewer members, one is named twice.
    Only then it is read a second time, in the slower way that tells where.
    """
    parts = Parts()
    document = _decoded(text, parts, object_hook=parts.count)
    if parts.counted != members:
        parts = Parts()
        document = _decoded(text, parts, object_pairs_hook=parts.members)
    return document, parts.unusable


def _decoded(text: str, parts: Parts, **hook: Any) -> object:
    decoder = json.JSONDecoder(
        parse_int=parts.integer, parse_float=parts.fraction, parse_constant=parts.constant, **hook
    )
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Refusal(400, Problem("", f"is not well-formed JSON at {where}")) from None


def _in_range(literal: str) -> Decimal | None:
    """The number, unless a reader with floating point would take it for infinity or for zero."""
    nearest = float(literal)
    if isinf(nearest):
        return None
    try:
        number = Decimal(literal)
    except InvalidOperation:
        return None
    return number if nearest or not number else None
