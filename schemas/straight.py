"""The straight way through a shape: what its own fields and checks make of a document that nothing is wrong with.

It is built from the same schema objects, so marshmallow's declarations stay the one definition. It leaves out what
marshmallow does for documents that are wrong: going on after the first mistake, collecting them, wording them. On any
doubt it gives up, and the document goes through `Schema.load`, whose answer counts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, missing
from marshmallow.decorators import POST_LOAD, PRE_LOAD, VALIDATES, VALIDATES_SCHEMA
from marshmallow.fields import Field

from rules.fact_types import FactType
from schemas.fields import StrictField
from schemas.shapes import EntryOf, ListOf, ObjectOf

Read = Callable[[Any], Any]
Hook = Callable[[Any, Any], Any]


class Doubt(Exception):
    """A document that the straight way does not lead through."""


def straight_through(schema: Schema) -> Read:
    """The straight way through an object of that shape; Doubt, ValidationError or KeyError where it ends."""
    hooks = type(schema).resolve_hooks()
    if hooks[PRE_LOAD] or hooks[VALIDATES] or any(field.data_key for field in schema.load_fields.values()):
        raise TypeError(f"{type(schema).__name__} has what the straight way does not lead through")
    readers = {name: _reader(field) for name, field in schema.load_fields.items()}
    required = frozenset(name for name, field in schema.load_fields.items() if field.required)
    defaults = {
        name: field.load_default for name, field in schema.load_fields.items() if field.load_default is not missing
    }
    checks = [_hook(schema, *hook) for hook in hooks[VALIDATES_SCHEMA]]
    conversions = [_hook(schema, *hook) for hook in hooks[POST_LOAD]]

    def read(sent: Any) -> Any:
        if not isinstance(sent, dict) or not sent.keys() >= required:
            raise Doubt
        said: Any = defaults.copy()
        for name, value in sent.items():
            said[name] = readers[name](value)
        for check in checks:
            check(said, sent)
        for convert in conversions:
            said = convert(said, sent)
        return said

    return read


def _hook(schema: Schema, name: str, of_many: bool, options: Mapping[str, Any]) -> Hook:
    """A check or a conversion as a function of what was read and what was sent."""
    if of_many:
        raise TypeError(f"{type(schema).__name__}.{name} is for many at once, and the straight way reads one")
    method = getattr(schema, name)
    return method if options.get("pass_original") else lambda said, _: method(said)


def _reader(field: Field[Any]) -> Read:
    match field:
        case ListOf():
            return _list_reader(_reader(field.entry), field.most)
        case EntryOf():
            return _entry_reader(field)
        case ObjectOf():
            return straight_through(field.schema)
        case StrictField():
            return field.read
    return field.deserialize


def _list_reader(read: Read, most: int) -> Read:
    def read_list(sent: Any) -> list[tuple[int, Any]]:
        if not isinstance(sent, list) or len(sent) > most:
            raise Doubt
        return [(place, read(entry)) for place, entry in enumerate(sent)]

    return read_list


def _entry_reader(field: EntryOf) -> Read:
    schema, read_word, read_object = field.schema, _reader(field.word), straight_through(field.schema)
    plain: dict[str, Any] = {}

    def read_plain(word: str) -> Any:
        """A word of the catalogue alone always says the same."""
        named = read_word(word)
        if not isinstance(named, FactType):
            return schema.entry({schema.naming: named})
        if named.code not in plain:
            plain[named.code] = schema.entry({schema.naming: named})
        return plain[named.code]

    return lambda sent: read_plain(sent) if isinstance(sent, str) else read_object(sent)
