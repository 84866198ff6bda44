"""A form as a browser sends it, and one filled in from a patient summary."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from rules.catalogue import catalogue
from rules.fact_types import naming
from rules.quantities import plain
from service.people.form import LISTS, Form, Row, field_name, plain_paths

ROW_FIELD = re.compile(rf"({'|'.join(LISTS)})-([0-9]{{1,4}})-([a-z_-]+)")
LISTED = "medications-listed"


def posted_form(posted: MultiDict[str, str]) -> Form:
    """The form as a browser sends it; fields that are not of this page are left aside."""
    return Form(
        plain={path: posted.get(field_name(path), "") for path in plain_paths()},
        rows={group: tuple(rows) for group, rows in _posted_rows(posted).items()},
        listed=LISTED in posted,
        rule_set=posted.get("rule_set", ""),
    )


def _posted_rows(posted: MultiDict[str, str]) -> dict[str, list[Row]]:
    found: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}
    for name, values in posted.lists():
        if match := ROW_FIELD.fullmatch(name):
            row = found.setdefault((match[1], int(match[2])), {})
            row[match[3].replace("-", ".")] = tuple(values)
    rows: dict[str, list[Row]] = {}
    for (group, number), fields in found.items():
        rows.setdefault(group, []).append(Row(group, number, fields))
    return rows


def form_of(summary: Mapping[str, Any]) -> Form:
    """The form that a patient summary fills in; the summary has been read without a complaint."""
    members = {"diet": {"pattern": summary["diet"]}} if isinstance(summary.get("diet"), str) else {}
    nested = {**summary, **members}
    return Form(
        plain={path: _worded(value) for path in plain_paths() if (value := _at(nested, path)) is not None},
        rows={group: tuple(_rows(group, summary.get(group, ()))) for group in LISTS},
        listed="medications" in summary,
    )


def _at(summary: Mapping[str, Any], path: str) -> Any:
    parent, _, name = path.rpartition(".")
    return (summary.get(parent, {}) if parent else summary).get(name)


def _rows(group: str, entries: Iterable[Any]) -> Iterator[Row]:
    for number, entry in enumerate(entries):
        said = dict(entry) if isinstance(entry, Mapping) else {naming(group): entry}
        yield Row(group, number, dict(_fields(group, said)))


def _fields(group: str, said: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield naming(group), (_code(group, said),)
    if group != "labs":
        yield "present", (_worded(said.get("present", True)),)
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", (_worded(limit),)) for inner, limit in value.items())
        elif isinstance(value, list):
            yield name, tuple(map(str, value))
        elif name not in (naming(group), "present", "loinc"):
            yield name, (_unit(group, said) if name == "unit" else _worded(value),)


def _code(group: str, said: Mapping[str, Any]) -> str:
    """The catalogue's own code for what was named by an alias or a public code; another name stays as it is."""
    known = catalogue()
    fact = known.by_code("loinc", said["loinc"]) if "loinc" in said else known.find(group, said[naming(group)])
    return fact.code if fact else str(said[naming(group)])


def _unit(group: str, said: Mapping[str, Any]) -> str:
    unit = str(said["unit"])
    known = catalogue().fact(_code(group, said)).unit_named(unit) if group == "labs" else None
    return known.name if known else unit


def _worded(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
    return str(value)
