"""The value of a laboratory result: a number, a censored number, or a word."""

import re
from collections.abc import Mapping
from decimal import Decimal

from marshmallow import ValidationError

from rules.quantities import Interval
from schemas.fields import StrictField, read_number, read_text

CENSORED = re.compile(r"(<=?|>=?) ?((?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,12})?)")
CATEGORIES: Mapping[str, str] = {
    "positive": "positive",
    "present": "positive",
    "negative": "negative",
    "absent": "negative",
    "borderline": "borderline",
}


class Value(StrictField):
    """A number, a censored number such as `"<150"`, or a word such as `"positive"`."""

    def __init__(self) -> None:
        described = 'A number, a censored number (`"<150"`, `">2000"`), or a word for tests reported in words'
        censored = {"type": "string", "pattern": f"^{CENSORED.pattern}$"}
        words = {"type": "string", "enum": list(CATEGORIES)}
        shapes = [{"type": "number"}, censored, words]
        super().__init__({"description": described, "oneOf": shapes, "examples": [142, "<150", "positive"]})

    def read(self, value: object) -> Interval | str:
        if not isinstance(value, str):
            return Interval.exactly(read_number(value))
        text = read_text(value)
        return CATEGORIES.get(text) or _censored(text)


def _censored(text: str) -> Interval:
    parts = CENSORED.fullmatch(text)
    if parts is None:
        words = ", ".join(CATEGORIES)
        raise ValidationError(f'must be a number without quotes, a censored one such as "<150", or one of {words}')
    sign, limit = parts[1], Decimal(parts[2])
    if sign == "<" and limit == 0:
        raise ValidationError("leaves no value that it can be")
    return Interval.censored(sign, limit)
