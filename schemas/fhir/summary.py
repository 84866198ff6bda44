"""All that was said of one patient put together into a summary, with what became of each thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from rules.fact_types import PRESENCE_GROUPS
from schemas.fhir.results import Reasons, newest_of
from schemas.fhir.said import Heard, Ignored, Item, Lab, Statement
from schemas.shapes import MOST_ENTRIES

Summary = dict[str, Any]


@dataclass
class Draft:
    """A summary in the making: where in it each thing heard went, or why it is not there."""

    summary: Summary = field(default_factory=dict)
    places: dict[Heard, str] = field(default_factory=dict)
    reasons: Reasons = field(default_factory=dict)

    def add(self, part: str, heard: Sequence[Heard]) -> None:
        """Put entries into one list of the summary, as many as it may have."""
        for place, one in enumerate(heard[:MOST_ENTRIES]):
            self.summary.setdefault(part, []).append(dict(cast(Lab | Item, one.said).entry))
            self.places[one] = f"{part}[{place}]"
        beyond = Ignored(f"is beyond the {MOST_ENTRIES} that a list of a summary may have")
        self.reasons.update(dict.fromkeys(heard[MOST_ENTRIES:], beyond))

    def state(self, path: str, value: object, heard: Heard) -> None:
        """Put a statement where it belongs, such as `joints.symmetric`."""
        part, _, name = path.partition(".")
        if name:
            self.summary.setdefault(part, {})[name] = value
        else:
            self.summary[part] = value
        self.places[heard] = path


def assemble(heard: Sequence[Heard], draft: Draft) -> None:
    """Fill the draft with what was heard; each thing ends up with a place or with a reason."""
    draft.reasons.update({one: one.said for one in heard if isinstance(one.said, Ignored)})
    _add_labs(heard, draft)
    for part in PRESENCE_GROUPS:
        _add_items(part, [one for one in heard if isinstance(one.said, Item) and one.said.fact.group == part], draft)
    _add_statements([one for one in heard if isinstance(one.said, Statement)], draft)


def _add_labs(heard: Sequence[Heard], draft: Draft) -> None:
    lost = [one.said for one in heard if isinstance(one.said, Ignored) and one.said.lost]
    deciding = []
    for test, results in _grouped(one for one in heard if isinstance(one.said, Lab)).items():
        days = [said.when.period.last for said in lost if said.when and said.fact and said.fact.code == test]
        newest, reasons = newest_of(results, days)
        deciding += [newest] if newest else []
        draft.reasons.update(reasons)
    draft.add("labs", deciding)


def _grouped(heard: Iterable[Heard]) -> dict[str, list[Heard]]:
    groups: dict[str, list[Heard]] = {}
    for one in heard:
        groups.setdefault(_key(one), []).append(one)
    return groups


def _key(heard: Heard) -> str:
    fact = cast(Lab | Item | Statement, heard.said).fact
    return "diet" if fact.group == "diet" else fact.code


def _add_items(part: str, items: Sequence[Heard], draft: Draft) -> None:
    kept: list[Heard] = []
    for said_of_one in _grouped(items).values():
        first: dict[str, Heard] = {}
        for one in _without_contradictions(said_of_one, draft.reasons):
            earlier = first.setdefault(repr(_item(one).entry), one)
            if earlier is not one:
                draft.reasons[one] = Ignored(f"repeats {earlier.path}")
        kept += first.values()
    draft.add(part, kept)


def _item(heard: Heard) -> Item:
    return cast(Item, heard.said)


def _present(heard: Heard) -> bool:
    return bool(_item(heard).entry.get("present", True))


def _without_contradictions(items: Sequence[Heard], reasons: Reasons) -> Sequence[Heard]:
    """What says the same as the newest; where that cannot be told, what says that it is there."""
    if len({_present(one) for one in items}) == 1:
        return items
    dated = [one for one in items if _item(one).when]
    newest = max(dated, key=_day) if len(dated) == len(items) else None
    holds = newest is None or any(_present(one) for one in items if _day(one) == _day(newest))
    against = (one for one in items if _present(one) != holds)
    reasons.update(dict.fromkeys(against, Ignored("is contradicted by another resource")))
    return [one for one in items if one not in reasons]


def _day(heard: Heard) -> date:
    """The last day it may have been noted; what has no date counts as the oldest."""
    moment = heard.said.when
    return moment.period.last if moment else date.min


def _add_statements(statements: Sequence[Heard], draft: Draft) -> None:
    for said_of_one in _grouped(statements).values():
        newest_first = sorted(said_of_one, key=_day, reverse=True)
        newest = [one for one in newest_first if _day(one) == _day(newest_first[0])]
        if len({repr(_statement(one).value) for one in newest}) > 1:
            draft.reasons.update({one: Ignored("is contradicted by another resource") for one in said_of_one})
            continue
        draft.state(_path(newest[0]), _statement(newest[0]).value, newest[0])
        draft.reasons.update({one: Ignored(f"is older than or repeats {newest[0].path}") for one in newest_first[1:]})
    _check_pregnancy(draft)


def _statement(heard: Heard) -> Statement:
    return cast(Statement, heard.said)


def _path(heard: Heard) -> str:
    fact = _statement(heard).fact
    return "diet.pattern" if fact.group == "diet" else fact.path


def _check_pregnancy(draft: Draft) -> None:
    """A man is not pregnant, and weeks of pregnancy belong to a pregnancy."""
    summary = draft.summary
    if summary.get("sex") == "male" and summary.get("pregnant"):
        _take_back("pregnant", "does not fit a male patient", draft)
    if "gestation_weeks" in summary and not summary.get("pregnant"):
        _take_back("gestation_weeks", "does not come with a pregnancy", draft)


def _take_back(path: str, reason: str, draft: Draft) -> None:
    del draft.summary[path]
    heard = next(one for one, place in draft.places.items() if place == path)
    del draft.places[heard]
    draft.reasons[heard] = Ignored(reason)
