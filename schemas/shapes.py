"""Strict shapes: objects without unknown fields, lists of limited length, entries that are a word or an object."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, post_load

from schemas.fields import StrictField
from schemas.problem import UnknownField

MOST_ENTRIES = 200


class StrictSchema(Schema):
    """An object whose every field is known; an unknown one is answered with the names that exist."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["unknown"] = self.unknown_field()

    def unknown_field(self, *without: str) -> UnknownField:
        """The complaint about a field that does not exist here, or does not fit what the rest says."""
        names = [name for name in self.load_fields if name not in without]
        return UnknownField("has a field that does not exist here", names)


class EntrySchema(StrictSchema):
    """An entry of a list that can also be said in one word, the name it gives in the field `naming`."""

    naming: ClassVar[str] = "code"

    @abstractmethod
    def entry(self, said: Mapping[str, Any], place: str = "") -> Any:
        """What an entry means; `place` is where its name stands in it."""

    @post_load
    def _as_entry(self, said: dict[str, Any], **_: Any) -> Any:
        return self.entry(said, f".{self.naming}")


def reference(schema: type[Schema]) -> dict[str, str]:
    """Where the contract describes a schema."""
    return {"$ref": f"#/components/schemas/{component_name(schema)}"}


def component_name(schema: type[Schema]) -> str:
    """The name of a schema in the contract."""
    return schema.__name__.removesuffix("Schema")


class ObjectOf(StrictField):
    """An object inside another."""

    def __init__(self, schema: type[Schema], **options: Any) -> None:
        self.schema = schema()
        super().__init__({"allOf": [reference(schema)]}, **options)

    def read(self, value: object) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("must be an object")
        return self.schema.load(value)


class EntryOf(StrictField):
    """One word, or an object that says more."""

    def __init__(self, schema: type[EntrySchema]) -> None:
        self.schema = schema()
        self.word = self.schema.fields[schema.naming]
        super().__init__({"oneOf": [self.word.metadata, reference(schema)]})

    def read(self, value: object) -> Any:
        if isinstance(value, str):
            return self.schema.entry({self.schema.naming: self.word.deserialize(value)})
        if isinstance(value, dict):
            return self.schema.load(value)
        raise ValidationError("must be a name or an object")


class ListOf(StrictField):
    """A list of at most so many entries, each read with its place; one that is wrong is missing from the result."""

    def __init__(self, entry: StrictField, description: str, most: int = MOST_ENTRIES) -> None:
        super().__init__({"type": "array", "description": description, "maxItems": most, "items": dict(entry.metadata)})
        self.entry = entry
        self.schema = getattr(entry, "schema", None)
        self.most = most

    def read(self, value: object) -> list[tuple[int, Any]]:
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if len(value) > self.most:
            raise ValidationError(f"has more than {self.most} entries")
        found: list[tuple[int, Any]] = []
        errors: dict[Any, Any] = {}
        for place, entry in enumerate(value):
            try:
                found.append((place, self.entry.deserialize(entry)))
            except ValidationError as error:
                errors[place] = error.messages
        if errors:
            raise ValidationError(errors, valid_data=found)
        return found
