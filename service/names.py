"""The shapes inside a shape, and the names that the contract itself gives to members, which a message may repeat."""

from collections.abc import Iterator

from marshmallow import Schema


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
