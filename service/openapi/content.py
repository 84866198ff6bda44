"""What a body may be: its media types, each with its shape."""

from typing import Any

from marshmallow import Schema

from service.body import FHIR_JSON, LINES

Part = dict[str, Any]


def json(shape: type[Schema] | Part) -> Part:
    """A JSON document of one shape."""
    return {"application/json": {"schema": shape}}


def list_of(shape: type[Schema]) -> Part:
    """The shape of a list."""
    return {"type": "array", "items": shape}


def lines(description: str) -> Part:
    """One JSON document a line."""
    return {LINES: {"schema": {"type": "string", "description": description}}}


def fhir(*kinds: str) -> Part:
    """Resources of FHIR R4, whose own definitions say the rest."""
    kind = {"type": "string", "enum": list(kinds)}
    return {
        FHIR_JSON[0]: {"schema": {"type": "object", "properties": {"resourceType": kind}, "required": ["resourceType"]}}
    }
