"""What a route takes beside its body, each with its words and an example."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Part = dict[str, Any]


class Parameter(NamedTuple):
    """What one name means, wherever it is taken.

    An example is a value that exists, for whoever tries a path out, and for the checks that do.
    """

    means: str
    example: str | None = None
    format: str | None = None
    is_needed: bool = False


PARAMETERS = {
    "rule_set": Parameter("The version of the rule set that answers; the active one when left out"),
    "profile": Parameter("The profile of that rule set; the service's usual one when left out"),
    "trace": Parameter("Whether to say of every rule if it fired and why"),
    "unknown": Parameter(
        "`report` lists names that are in no closed list in `inputs.unrecognized` instead of refusing them"
    ),
    "service_id": Parameter("An id that `/cds-services` lists", example="b12-patient-view"),
    "version": Parameter("A version that `/v1/rule-sets` lists", example="1.0.0"),
    "rule_id": Parameter("A rule that the rule set lists", example="b12-total-deficient"),
    "source_id": Parameter("A source that the rule set lists", example="nice-ng239-2024"),
    "to": Parameter("The version to compare it with", example="1.1.0", is_needed=True),
    "id_": Parameter("The id of the resource; a wrong one is answered with those that exist"),
    "as_of": Parameter("The day the assessment is about, such as 2026-11-22; today (UTC) when left out", format="date"),
    "_format": Parameter("FHIR clients may ask for JSON by name; there is no other format"),
    "Request-Id": Parameter(
        "The client's own name for this request, for its log and ours: 1 to 64 letters, digits and `._-`, and nothing "
        "of a patient; with any other the answer gets one that is made for it"
    ),
    "If-None-Match": Parameter("The `ETag` of the answer that the client has: `304` says that it still holds"),
}


def in_path(name: str) -> Part:
    """A part of the path."""
    return {**_named(name, "path", is_needed=True), "schema": {"type": "string"}, **_example(name)}


def in_query(name: str, values: Sequence[str]) -> Part:
    """What the query may say: one of these values, anything of its kind when none is listed."""
    parameter = PARAMETERS[name]
    said = {"enum": list(values)} if values else {"format": parameter.format} if parameter.format else {}
    named = _named(name, "query", is_needed=parameter.is_needed)
    return {**named, "schema": {"type": "string", **said}, **_example(name)}


def in_header(name: str) -> Part:
    """What a header may say."""
    return {**_named(name, "header", is_needed=False), "schema": {"type": "string"}}


def _named(name: str, place: str, *, is_needed: bool) -> Part:
    return {"name": name, "in": place, "required": is_needed, "description": PARAMETERS[name].means}


def _example(name: str) -> Part:
    example = PARAMETERS[name].example
    return {"example": example} if example else {}
