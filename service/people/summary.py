"""The patient summary that a form says, for the door that every summary goes through, and the way back to a field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.catalogue import catalogue
from rules.fact_types import naming
from schemas import PatientSummarySchema, Problem
from service.parsing import LONGEST_NUMBER
from service.people.form import LISTS, Form, Row, field_name, plain_paths

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
YES_OR_NO = {"true": True, "false": False}
ROW_PATH = re.compile(rf"({'|'.join(LISTS)})\[([0-9]+)\]")
LAB_NUMBERS = ("reference_range.low", "reference_range.high", "cutoffs.deficient_below", "cutoffs.unlikely_above")
LAB_FIELDS = ("value", "unit", "interpretation", "date", *LAB_NUMBERS)
ITEM_FIELDS = ("since", "until", "date", "course", "sites", "laterality", "dose", "unit", "route", "last_given")

Summary = dict[str, object]


@dataclass(frozen=True)
class Sent:
    """A summary with the rows that its entries were entered in, and what was entered but cannot be part of it."""

    document: Summary
    rows: Mapping[str, str]
    problems: tuple[Problem, ...]

    def field_at(self, path: str) -> str:
        """The name of the field that a path of the summary was entered in."""
        match = ROW_PATH.match(path)
        if match is None:
            return field_name(path)
        return self.rows[match[0]] + field_name(path[match.end() :].partition("[")[0])


def write_summary(form: Form) -> Sent:
    """The summary in the order of the contract; what was left empty is left out, so it is unknown."""
    said: Summary = {}
    for path in plain_paths():
        if text := form.text(path):
            _put(said, path, _statement(path, text))
    written = {group: [row for row in form.rows.get(group, ()) if _is_said(row)] for group in LISTS}
    said |= {group: [_entry(row) for row in rows] for group, rows in written.items() if rows}
    if form.listed:
        said.setdefault("medications", [])
    places = {f"{group}[{place}]": row.id for group, rows in written.items() for place, row in enumerate(rows)}
    ordered = {name: said[name] for name in PatientSummarySchema().fields if name in said}
    return Sent(ordered, places, tuple(_stray(form)))


def _put(said: Summary, path: str, value: object) -> None:
    parent, _, name = path.rpartition(".")
    place = said.setdefault(parent, {}) if parent else said
    if isinstance(place, dict):
        place[name] = value


def _statement(path: str, text: str) -> object:
    kinds = {fact.path: fact.kind for fact in catalogue().groups["statements"].values()}
    match kinds.get(path):
        case "yes_no":
            return YES_OR_NO.get(text, text)
        case "number":
            return read_number(text)
    return text


def read_number(text: str) -> int | Decimal | str:
    """The number a person typed, as JSON would write it; anything else stays a text, which the door refuses."""
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        return text
    return Decimal(text) if "." in text else int(text)


def _is_said(row: Row) -> bool:
    if row.group == "labs":
        return any(row.text(name) for name in LAB_FIELDS if name != "unit")
    return row.text("present") in YES_OR_NO


def _stray(form: Form) -> Iterator[Problem]:
    """Details of something of which nobody said whether it is there."""
    for row in _all_rows(form):
        details = [name for name in ITEM_FIELDS if any(row.texts(name))]
        if row.group != "labs" and details and not _is_said(row):
            yield Problem(f"{row.id}-present", "say whether it is present or absent, or clear its details")


def _all_rows(form: Form) -> Iterable[Row]:
    return (row for rows in form.rows.values() for row in rows)


def _entry(row: Row) -> object:
    if row.group == "labs":
        return _result(row)
    named: Summary = {naming(row.group): row.code}
    if row.text("present") == "false":
        named["present"] = False
    details = {name: _detail(row, name) for name in ITEM_FIELDS if any(row.texts(name))}
    entry = {**named, **details}
    return entry if len(entry) > 1 else row.code


def _detail(row: Row, name: str) -> object:
    if name == "sites":
        return list(row.texts(name))
    return read_number(row.text(name)) if name == "dose" else row.text(name)


def _result(row: Row) -> Summary:
    result: Summary = {"test": row.code}
    value = read_number(row.text("value"))
    for name in LAB_FIELDS:
        if text := row.text(name):
            _put(result, name, read_number(text) if name in LAB_NUMBERS else text)
    if value != "":
        result["value"] = value.lower() if isinstance(value, str) else value
    if value == "" or (isinstance(value, str) and value.isalpha()):
        result.pop("unit", None)  # the page offers a unit beside every value, a word has none
    return result
