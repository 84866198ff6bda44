"""Strict fields for plain values: a number is a number, a word is a word, and null is never a value."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from rules.dates import Period
from schemas.problem import Complaint
from schemas.reading import Reading

LONGEST_TEXT = 200
MOST_DIGITS = 40
FARTHEST_DIGIT = 30
PLAIN_SIZE = 10**12
WORDING: dict[str, Any] = {"required": "is required", "null": "is null: leave out what is not known"}


class StrictField(fields.Field[Any]):
    """A field that reads one JSON value without guessing what was meant; `shape` is its JSON Schema."""

    def __init__(self, shape: dict[str, Any], **options: Any) -> None:
        super().__init__(pre_load=self.read, error_messages=WORDING, metadata=shape, **options)

    @abstractmethod
    def read(self, value: object) -> Any:
        """What the value says; ValidationError when it cannot be taken as it is."""


class StrictNumber(StrictField):
    """A JSON number of sensible size, with the digits it was sent with."""

    kind = "number"

    def __init__(self, description: str, low: int | None = None, high: int | None = None, **options: Any) -> None:
        limits = {"minimum": low, "maximum": high}
        stated = {name: limit for name, limit in limits.items() if limit is not None}
        super().__init__({"type": self.kind, "description": description, **stated}, **options)
        self.low, self.high = low, high

    def read(self, value: object) -> int | Decimal:
        return self._within(read_number(value))

    def _within(self, number: Decimal) -> Decimal:
        if (self.low is not None and number < self.low) or (self.high is not None and number > self.high):
            raise ValidationError(f"must be {self.low} to {self.high}")
        return number


class StrictInteger(StrictNumber):
    """A whole JSON number: not 54.0, not "54", not true."""

    kind = "integer"

    def read(self, value: object) -> int:
        if type(value) is not int:
            raise ValidationError("must be a whole number")
        return int(self._within(read_number(value)))


def read_number(value: object) -> Decimal:
    """A JSON number as a decimal; ValidationError for anything else, and for one no measurement can be."""
    if type(value) is int and abs(value) < PLAIN_SIZE:
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValidationError("must be a number, without quotes")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    too_long = len(number.as_tuple().digits) > MOST_DIGITS
    if not number.is_finite() or too_long or abs(number.adjusted()) > FARTHEST_DIGIT:
        raise ValidationError("must be a finite number of a sensible size")
    return number


class StrictBoolean(StrictField):
    """JSON true or false."""

    def __init__(self, description: str, **options: Any) -> None:
        super().__init__({"type": "boolean", "description": description}, **options)

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class Text(StrictField):
    """A short JSON string."""

    def __init__(self, description: str, *examples: str, **options: Any) -> None:
        shown = {"examples": list(examples)} if examples else {}
        super().__init__({"type": "string", "maxLength": LONGEST_TEXT, "description": description, **shown}, **options)

    def read(self, value: object) -> str:
        return read_text(value)


def read_text(value: object) -> str:
    """A JSON string of at most 200 characters."""
    if not isinstance(value, str):
        raise ValidationError("must be a text")
    if len(value) > LONGEST_TEXT:
        raise ValidationError(f"is longer than {LONGEST_TEXT} characters")
    return value


class Choice(StrictField):
    """One of a short list of words, exactly so."""

    def __init__(self, choices: Sequence[str], description: str, **options: Any) -> None:
        super().__init__({"type": "string", "description": description, "enum": list(choices)}, **options)
        self.choices = tuple(choices)

    def read(self, value: object) -> str:
        text = read_text(value)
        if text not in self.choices:
            raise ValidationError(Complaint("must be one of its words", self.choices))
        return text


class PartialDate(StrictField):
    """A year, a month, a day or an RFC 3339 date and time, as the days it may mean; never after `as_of`."""

    def __init__(self, description: str) -> None:
        shown = f"{description}: `2019`, `2019-05`, `2019-05-20` or RFC 3339, not after `as_of`"
        super().__init__({"type": "string", "description": shown, "examples": ["2019-05"]})

    def read(self, value: object) -> Period:
        period = read_period(value)
        as_of = Reading.current().as_of
        if as_of is not None and period.starts_after(as_of):
            raise ValidationError("must not be after as_of")
        return period


class Day(StrictField):
    """One whole day."""

    def __init__(self, description: str) -> None:
        super().__init__({"type": "string", "format": "date", "description": description})

    def read(self, value: object) -> date:
        return read_day(value)


def read_period(value: object) -> Period:
    """A date that may leave out the day or the month."""
    text = read_text(value)
    try:
        return Period.parse(text)
    except ValueError:
        raise ValidationError("must be a date such as 2019, 2019-05, 2019-05-20 or RFC 3339") from None


def read_day(value: object) -> date:
    """A date that names one day."""
    period = read_period(value)
    if period.first != period.last:
        raise ValidationError("must name one day, such as 2026-11-22")
    return period.first
