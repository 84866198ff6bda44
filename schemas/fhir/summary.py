"""All that was read of one patient put together into a summary, with what became of each thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from rules.fact_types import PRESENCE_GROUPS
from schemas.fhir.extracts import Extract, Ignored, Item, Lab, Located, Reasons, Statement, of_kind
from schemas.fhir.results import newest_of
from schemas.shapes import MOST_ENTRIES

Summary = dict[str, Any]
Used = TypeVar("Used", bound=Lab | Item | Statement)


@dataclass
class Draft:
    """A summary in the making: where in it each extract went, or why it is not there."""

    summary: Summary = field(default_factory=dict)
    places: dict[Located[Any], str] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=dict)

    def add(self, part: str, entries: Sequence[Located[Lab | Item]]) -> None:
        """Put entries into one list of the summary, as many as it may have."""
        for place, one in enumerate(entries[:MOST_ENTRIES]):
            self.summary.setdefault(part, []).append(dict(one.extract.entry))
            self.places[one] = f"{part}[{place}]"
        beyond = Ignored(f"is beyond the {MOST_ENTRIES} that a list of a summary may have")
        self.reasons.update(dict.fromkeys(entries[MOST_ENTRIES:], beyond))

    def state(self, path: str, statement: Located[Statement]) -> None:
        """Put a statement where it belongs, such as `joints.symmetric`."""
        part, _, name = path.partition(".")
        if name:
            self.summary.setdefault(part, {})[name] = statement.extract.value
        else:
            self.summary[part] = statement.extract.value
        self.places[statement] = path


def assemble(extracts: Sequence[Located[Extract]], draft: Draft) -> None:
    """Fill the draft with what was read; each extract ends up with a place or with a reason."""
    ignored, items = of_kind(Ignored, extracts), of_kind(Item, extracts)
    draft.reasons.update({one: one.extract for one in ignored})
    _add_labs(of_kind(Lab, extracts), [one.extract for one in ignored if one.extract.lost], draft)
    for part in PRESENCE_GROUPS:
        _add_items(part, [one for one in items if one.extract.fact.group == part], draft)
    _add_statements(of_kind(Statement, extracts), draft)


def _add_labs(labs: Sequence[Located[Lab]], lost: Sequence[Ignored], draft: Draft) -> None:
    deciding = []
    for test, results in _by_fact(labs).items():
        days = [one.when.period.last for one in lost if one.when and one.fact and one.fact.code == test]
        newest, reasons = newest_of(results, days)
        deciding += [newest] if newest else []
        draft.reasons.update(reasons)
    draft.add("labs", deciding)


def _by_fact(used: Iterable[Located[Used]]) -> dict[str, list[Located[Used]]]:
    groups: dict[str, list[Located[Used]]] = {}
    for one in used:
        fact = one.extract.fact
        groups.setdefault("diet" if fact.group == "diet" else fact.code, []).append(one)
    return groups


def _add_items(part: str, items: Sequence[Located[Item]], draft: Draft) -> None:
    kept: list[Located[Item]] = []
    for of_one_fact in _by_fact(items).values():
        consistent = _without_contradictions(of_one_fact, draft.reasons)
        kept += _without_repeats(consistent, draft.reasons)
    draft.add(part, kept)


def _without_contradictions(items: Sequence[Located[Item]], reasons: Reasons) -> Sequence[Located[Item]]:
    """What says the same as the newest; where that cannot be told, what says that it is there."""
    if len({_present(one) for one in items}) == 1:
        return items
    dated = [one for one in items if one.extract.when]
    newest = max(dated, key=_day) if len(dated) == len(items) else None
    holds = newest is None or any(_present(one) for one in items if _day(one) == _day(newest))
    against = (one for one in items if _present(one) != holds)
    reasons.update(dict.fromkeys(against, Ignored("is contradicted by another resource")))
    return [one for one in items if one not in reasons]


def _without_repeats(items: Sequence[Located[Item]], reasons: Reasons) -> Iterable[Located[Item]]:
    first: dict[str, Located[Item]] = {}
    for one in items:
        earlier = first.setdefault(repr(one.extract.entry), one)
        if earlier is not one:
            reasons[one] = Ignored(f"repeats {earlier.path}")
    return first.values()


def _present(item: Located[Item]) -> bool:
    return bool(item.extract.entry.get("present", True))


def _day(noted: Located[Item | Statement]) -> date:
    """The last day it may have been noted; what has no date counts as the oldest."""
    moment = noted.extract.when
    return moment.period.last if moment else date.min


def _add_statements(statements: Sequence[Located[Statement]], draft: Draft) -> None:
    for of_one_fact in _by_fact(statements).values():
        newest_first = sorted(of_one_fact, key=_day, reverse=True)
        newest = [one for one in newest_first if _day(one) == _day(newest_first[0])]
        if len({repr(one.extract.value) for one in newest}) > 1:
            draft.reasons.update(dict.fromkeys(of_one_fact, Ignored("is contradicted by another resource")))
            continue
        draft.state(_path(newest[0].extract), newest[0])
        behind = Ignored(f"is older than or repeats {newest[0].path}")
        draft.reasons.update(dict.fromkeys(newest_first[1:], behind))
    _check_pregnancy(draft)


def _path(statement: Statement) -> str:
    return "diet.pattern" if statement.fact.group == "diet" else statement.fact.path


def _check_pregnancy(draft: Draft) -> None:
    """A man is not pregnant, and weeks of pregnancy belong to a pregnancy."""
    summary = draft.summary
    if summary.get("sex") == "male" and summary.get("pregnant"):
        _take_back("pregnant", "does not fit a male patient", draft)
    if "gestation_weeks" in summary and not summary.get("pregnant"):
        _take_back("gestation_weeks", "does not come with a pregnancy", draft)


def _take_back(path: str, reason: str, draft: Draft) -> None:
    del draft.summary[path]
    statement = next(one for one, place in draft.places.items() if place == path)
    del draft.places[statement]
    draft.reasons[statement] = Ignored(reason)
