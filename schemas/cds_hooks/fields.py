"""The fields of what an EHR sends when a hook fires."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from schemas.cds_hooks.services import PREFETCH, is_answer
from schemas.fields import StrictField

Resource = Mapping[str, Any]

FHIR_ID = re.compile(r"(?!\.+$)[A-Za-z0-9\-._~]{1,128}")
ANYTHING = re.compile(r"[\x21-\x7e]{1,8000}")
MOST_SELECTIONS = 200
NO_UUID = "must be a UUID, written in hexadecimal digits with four dashes"


class Word(StrictField):
    """A text without spaces."""

    def __init__(self, description: str, pattern: re.Pattern[str] = ANYTHING, **options: Any) -> None:
        shape = {"type": "string", "description": description, "pattern": f"^(?:{pattern.pattern})$"}
        super().__init__(shape, **options)
        self.pattern = pattern

    def read(self, value: object) -> str:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise ValidationError("must be a text without spaces, of the form CDS Hooks gives it")
        return value


class Instance(StrictField):
    """The id of one call."""

    def __init__(self, **options: Any) -> None:
        described = "This call of the hook"
        super().__init__({"type": "string", "format": "uuid", "description": described}, required=True, **options)

    def read(self, value: object) -> UUID:
        try:
            instance = UUID(value if isinstance(value, str) else "")
        except ValueError:
            raise ValidationError(NO_UUID) from None
        if str(instance) != str(value).lower():  # there are other ways to write one, and Python reads still more
            raise ValidationError(NO_UUID)
        return instance


class Resources(StrictField):
    """What the client asked for beforehand, by key; null says that it asked and there is nothing."""

    def __init__(self) -> None:
        shape = {"type": ["object", "null"], "description": "A FHIR resource or Bundle; null when there is nothing"}
        super().__init__({"type": "object", "additionalProperties": shape})

    def read(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(part is None or isinstance(part, dict) for part in _others(value)):
            raise ValidationError("must be an object of FHIR resources")
        unusable = {
            key: ["must be what was asked for: a resource of that type, or a Bundle"] for key in _unusable(value)
        }
        if unusable:
            raise ValidationError(unusable)
        return value


def _others(prefetch: Mapping[str, object]) -> Iterator[object]:
    """The parts that nobody asked for, whose names are the client's own."""
    return (part for key, part in prefetch.items() if key not in PREFETCH)


def _unusable(prefetch: Mapping[str, object]) -> Iterator[str]:
    """The parts that are no answer to what was asked: they say nothing, not even that there is nothing."""
    for key in PREFETCH:
        part = prefetch.get(key)
        if part is not None and not (isinstance(part, Mapping) and is_answer(key, part)):
            yield key


class Orders(StrictField):
    """The orders that are being written."""

    def __init__(self, **options: Any) -> None:
        described = "A FHIR Bundle of the orders being written"
        super().__init__({"type": "object", "description": described}, required=True, **options)

    def read(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
            raise ValidationError("must be a FHIR Bundle")
        return value


class Selections(StrictField):
    """Which of them were selected just now."""

    def __init__(self) -> None:
        described = "The orders selected just now, such as `MedicationRequest/1`"
        shape = {"type": "array", "description": described, "items": {"type": "string"}, "maxItems": MOST_SELECTIONS}
        super().__init__(shape, required=True)

    def read(self, value: object) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValidationError("must be a list of texts")
        if len(value) > MOST_SELECTIONS:
            raise ValidationError(f"has more than {MOST_SELECTIONS} entries")
        return frozenset(value)
