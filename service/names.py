"""The names that the contract gives to paths, and to members of a shape, which a message may repeat."""

from collections.abc import Iterator

from marshmallow import Schema
from werkzeug.routing import Rule


def schemas_within(schema: Schema) -> Iterator[Schema]:
    """The shape itself and every one inside it."""
    yield schema
    for field in schema.fields.values():
        inside = getattr(field, "schema", None)
        if inside is not None:
            yield from schemas_within(inside)


def member_names(schema: Schema) -> frozenset[str]:
    """Every member name of a document of that shape, at any depth."""
    return frozenset(name for inside in schemas_within(schema) for name in inside.fields)


def path_of(rule: Rule) -> str:
    """The path of a route as the contract writes it."""
    return rule.rule.replace("<", "{").replace(">", "}")
