"""What a person has entered so far, as it was typed; each field is named by where it stands in a summary."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS, naming

LISTS = ("labs", *PRESENCE_GROUPS)
NUMBERED = re.compile(r"\[([0-9]+)\]")
OTHER_FIELDS = ("as_of", "diet.pattern", "diet.since")


def field_name(path: str) -> str:
    """The name of the field for a path of a summary: `labs[0].unit` is entered in `labs-0-unit`."""
    return NUMBERED.sub(r"-\1", path).replace(".", "-")


def plain_paths() -> tuple[str, ...]:
    """The paths of a summary that are one field each."""
    return (*(fact.path for fact in catalogue().groups["statements"].values()), *OTHER_FIELDS)


@dataclass(frozen=True)
class Row:
    """One entry of a list: a result, a symptom, a medicine. Nothing said of it leaves it out of the summary."""

    group: str
    number: int
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.group}-{self.number}"

    @property
    def code(self) -> str:
        """The test, symptom or medicine it is about."""
        return self.text(naming(self.group))

    def text(self, name: str) -> str:
        """One of its fields, without the blanks around it."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """A field that can be ticked more than once."""
        return self.fields.get(name, ())


@dataclass(frozen=True)
class Form:
    """Everything entered on the page. `listed` says that the prescribed medicines are all there, even when none is."""

    plain: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    listed: bool = False
    rule_set: str = ""

    def text(self, path: str) -> str:
        """The field for one path of a summary."""
        return self.plain.get(path, "").strip()

    def row_of(self, group: str, code: str) -> Row | None:
        """The first row about a code."""
        return next((row for row in self.rows.get(group, ()) if row.code == code), None)

    def with_empty_result(self, test: str) -> tuple["Form", Row]:
        """The form with a row for a result of a test that has no value yet, and that row; one that waits is taken."""
        empty = (row for row in self.rows.get("labs", ()) if row.code == test and not row.text("value"))
        row = next(empty, None)
        return (self, row) if row else self.with_row("labs", test=test)

    def with_row(self, group: str, **said: str) -> tuple["Form", Row]:
        """The form with one row more, and that row."""
        rows = self.rows.get(group, ())
        number = max((row.number for row in rows), default=-1) + 1
        row = Row(group, number, {name: (value,) for name, value in said.items()})
        return replace(self, rows={**self.rows, group: (*rows, row)}), row

    def with_field(self, group: str, number: int, **said: str) -> "Form":
        """The form with some fields of one row changed."""
        changed = {name: (value,) for name, value in said.items()}
        rows = tuple(
            replace(row, fields={**row.fields, **changed}) if row.number == number else row for row in self.rows[group]
        )
        return replace(self, rows={**self.rows, group: rows})
