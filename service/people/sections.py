"""The form as a clinician thinks: which facts each part of it asks, made from the catalogue and the rule set."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS, FactType
from rules.model import AnyRule, RuleSet
from service.people.form import Form, Row

# The parts of the form that take entries, with the lists of a summary they hold.
PARTS: Mapping[str, tuple[str, ...]] = {
    "results": ("labs",),
    "complaints": ("symptoms",),
    "examination": ("signs",),
    "medicines": ("medications",),
    "history": ("conditions", "procedures", "history"),
}
GRAVE = ("emergency", "urgent")


@dataclass(frozen=True)
class Entry:
    """A row of the form with the fact that it is about; none where the name is not one of the catalogue."""

    row: Row
    fact: FactType | None

    @property
    def label(self) -> str:
        """What the row is about, in plain words."""
        return self.fact.label if self.fact else self.row.code

    @property
    def is_said(self) -> bool:
        """Whether anything was entered in it."""
        if self.row.group == "labs":
            return bool(self.row.text("value") or self.row.text("interpretation"))
        return self.row.text("present") in ("true", "false")


@dataclass(frozen=True)
class Part:
    """One part of the form: what was entered, what is asked first, and red flags to ask about."""

    name: str
    entries: tuple[Entry, ...]
    red_flags: tuple[Entry, ...] = ()

    @property
    def said(self) -> int:
        """How many of its rows say something."""
        return sum(entry.is_said for entry in (*self.entries, *self.red_flags))


def laid_out(form: Form, rule_set: RuleSet) -> Form:
    """The form with an empty row for every fact that is asked first."""
    for group, codes in _asked(rule_set).items():
        for code in codes:
            if form.row_of(group, code) is None:
                said = {"test": code} if group == "labs" else {"code": code, "present": ""}
                form, _ = form.with_row(group, **said)
    return form


def parts(form: Form, rule_set: RuleSet) -> dict[str, Part]:
    """Every part of the form with its rows."""
    return {name: _part(name, groups, form, rule_set) for name, groups in PARTS.items()}


def _part(name: str, groups: Iterable[str], form: Form, rule_set: RuleSet) -> Part:
    entries = [Entry(row, _fact(row)) for group in groups for row in form.rows.get(group, ())]
    apart = {code for group in groups for code in _red_flags(rule_set).get(group, ())}
    asked_apart = [entry for entry in entries if entry.row.code in apart and not entry.is_said]
    shown = [entry for entry in entries if entry not in asked_apart]
    return Part(name, tuple(shown), tuple(asked_apart))


def without_details(form: Form) -> list[Entry]:
    """The rows that say something and came without the fields for more, since these were not on the page yet."""
    rows = (row for group in PRESENCE_GROUPS for row in form.rows.get(group, ()))
    entries = (Entry(row, _fact(row)) for row in rows if not row.fields.keys() & {"since", "date", "dose"})
    return [entry for entry in entries if entry.is_said]


def _fact(row: Row) -> FactType | None:
    return catalogue().find(row.group, row.code) if row.code else None


def _asked(rule_set: RuleSet) -> dict[str, list[str]]:
    """The tests, symptoms and signs behind the likelihood; then those behind a grave flag."""
    likely, grave = _read_by(rule_set.likelihood), _red_flags(rule_set)
    asked = {group: [*_in_group(group, likely), *grave[group]] for group in ("symptoms", "signs")}
    return {"labs": list(_in_group("labs", likely)), **asked}


def _red_flags(rule_set: RuleSet) -> dict[str, list[str]]:
    """The symptoms and signs that a grave flag reads and the likelihood does not."""
    grave = (rule for rule in rule_set.flags if rule.then.severity in GRAVE)
    read = _read_by(grave) - _read_by(rule_set.likelihood)
    return {group: list(_in_group(group, read)) for group in ("symptoms", "signs")}


def _read_by(rules: Iterable[AnyRule]) -> frozenset[str]:
    return frozenset().union(*(rule.reads for rule in rules))


def _in_group(group: str, codes: frozenset[str]) -> Iterator[str]:
    return (code for code in catalogue().groups[group] if code in codes)
