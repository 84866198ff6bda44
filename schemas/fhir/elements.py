"""Elements of a FHIR resource read without trust: what is not of the expected shape reads as not there."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Element = Mapping[str, Any]

EMPTY: Element = {}
LONGEST_TEXT = 1000
MOST_DIGITS = 20
TOO_MANY = 10**MOST_DIGITS
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?")
# A number within a longer text, with however many digits it has; `written_number` reads it.
DIGITS = r"([0-9]+(?:\.[0-9]+)?)"


def text(parent: Element, name: str) -> str:
    """A text, without blanks around it; the empty text when it is missing, no text or much too long."""
    value = parent.get(name)
    return value.strip() if isinstance(value, str) and len(value) <= LONGEST_TEXT else ""


def part(parent: Element, name: str) -> Element:
    """An element that is an object; the empty object when it is missing or is none."""
    value = parent.get(name)
    return value if isinstance(value, dict) else EMPTY


def parts(parent: Element, name: str) -> Sequence[Element]:
    """An element that repeats; an object that stands alone is read as the only one."""
    value = parent.get(name)
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def flag(parent: Element, name: str) -> bool | None:
    """True or false; None when it is missing or neither."""
    value = parent.get(name)
    return value if isinstance(value, bool) else None


def number(parent: Element, name: str) -> Decimal | None:
    """A number, also one that was sent as a text; None when it is missing or no number a measurement can be."""
    value = parent.get(name)
    if isinstance(value, str):
        return written_number(value.strip())
    if isinstance(value, int):
        return Decimal(value) if not isinstance(value, bool) and abs(value) < TOO_MANY else None
    if not isinstance(value, (float, Decimal)):
        return None
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    return exact if _is_sensible(exact) else None


def written_number(digits: str) -> Decimal | None:
    """A number written as a text; None when it is none, or has more digits than a measurement can have."""
    return Decimal(digits) if NUMBER.fullmatch(digits) else None


def _is_sensible(value: Decimal) -> bool:
    """Whether it has no more digits than a measurement can have, on either side of the point."""
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        return False
    # Nearly every number is short as it is written; only of others the digits are counted.
    return len(str(value)) <= MOST_DIGITS or len(value.as_tuple().digits) <= MOST_DIGITS


def code_of(parent: Element, name: str) -> str:
    """The first code of a concept such as a status, also where it was sent as a plain text."""
    plain = text(parent, name)
    if plain:
        return plain.casefold()
    codings = parts(part(parent, name), "coding")
    return next((code.casefold() for coding in codings if (code := text(coding, "code"))), "")
