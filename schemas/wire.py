"""Fields of what is sent out: described for the contract, always there, null only where that is said."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import OneOf


def text(description: str, *, nullable: bool = False, **options: Any) -> fields.String:
    """A text for a reader, or a name."""
    return fields.String(required=True, allow_none=nullable, metadata={"description": description}, **options)


def day(description: str) -> fields.String:
    """A calendar day."""
    return fields.String(required=True, metadata={"description": description, "format": "date"})


def word(values: Sequence[str], description: str, *, nullable: bool = False) -> fields.String:
    """One word of a fixed list."""
    choices = [*values, None] if nullable else list(values)
    return fields.String(
        required=True, allow_none=nullable, validate=OneOf(choices), metadata={"description": description}
    )


def flag(description: str, *, nullable: bool = False) -> fields.Boolean:
    """True or false."""
    return fields.Boolean(required=True, allow_none=nullable, metadata={"description": description})


def number(description: str, *, nullable: bool = False) -> fields.Float:
    """A number."""
    return fields.Float(required=True, allow_none=nullable, metadata={"description": description})


def whole_number(description: str) -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=True, strict=True, metadata={"description": description})


def whole_numbers(description: str) -> fields.List[Any]:
    """A list of whole numbers."""
    return fields.List(fields.Integer(strict=True), required=True, metadata={"description": description})


def numbers(description: str, *, nullable: bool = False) -> fields.List[Any]:
    """A list of numbers."""
    return fields.List(fields.Float(), required=True, allow_none=nullable, metadata={"description": description})


def texts(description: str, **options: Any) -> fields.List[Any]:
    """A list of texts or names."""
    return fields.List(fields.String(), required=True, metadata={"description": description}, **options)


def one(schema: type[Schema], description: str, *, nullable: bool = False) -> fields.Nested:
    """An object."""
    return fields.Nested(schema, required=True, allow_none=nullable, metadata={"description": description})


def many(schema: type[Schema], description: str, **options: Any) -> fields.List[Any]:
    """A list of objects."""
    options = {"required": True, **options}
    return fields.List(fields.Nested(schema), metadata={"description": description}, **options)
