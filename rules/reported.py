"""A patient summary with one value changed in it, wherever in a summary that value stands."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rules.catalogue import catalogue
from rules.fact_types import PRESENCE_GROUPS, FactType, naming

Summary = Mapping[str, Any]


def with_value(summary: Summary, fact: FactType, value: Decimal, unit: str) -> Summary | None:
    """The summary reporting that value of a fact; None when no single value reports the fact."""
    if fact.group == "labs":
        result = {"test": fact.code, "value": _number(value), "unit": unit}
        return {**without(summary, fact), "labs": [*without(summary, fact).get("labs", []), result]}
    if fact.group == "derived":
        return _days_ago(summary, fact, int(value)) if unit == "days" else None
    part, _, name = fact.path.partition(".")
    return {**summary, part: {**summary.get(part, {}), name: int(value)} if name else int(value)}


def without(summary: Summary, fact: FactType) -> dict[str, Any]:
    """The summary with nothing said of a fact, or of what it is computed from."""
    left: dict[str, Any] = dict(summary)
    for code in (fact.code, *fact.derived_from):
        known = catalogue().fact(code)
        part, _, name = known.path.partition(".")
        if isinstance(left.get(part), list):
            left[part] = [entry for entry in left[part] if code_of(entry, part) != code]
        elif name and isinstance(left.get(part), Mapping):
            left[part] = {key: said for key, said in left[part].items() if key != name}
        elif part == code:
            left.pop(part, None)
    return {part: said for part, said in left.items() if said or said == summary[part]}


def thinned(summary: Summary) -> Iterator[Summary]:
    """The summary again and again, each time without one of the things that it lists."""
    for part, listed in summary.items():
        for place in range(len(listed) if isinstance(listed, list) else 0):
            yield {**summary, part: [*listed[:place], *listed[place + 1 :]]}


def code_of(entry: object, group: str) -> str | None:
    """The catalogue's code for an entry of a list of a summary."""
    name = entry
    if isinstance(entry, Mapping):
        name = next((entry[key] for key in ("test", "code", "name") if key in entry), None)
    found = catalogue().find(group, name) if isinstance(name, str) else None
    return found.code if found else None


def _days_ago(summary: Summary, fact: FactType, days: int) -> Summary | None:
    """The summary with what a duration is counted from begun, or measured, so many days before its day."""
    counted = [known for known in map(catalogue().fact, fact.derived_from) if known.group in PRESENCE_GROUPS]
    said = [known for known in counted if any(code_of(one, known.group) for one in _entries(summary, known))]
    day = date.fromisoformat(summary["as_of"]) - timedelta(days)
    return _begun(summary, (said or counted)[0], day) if counted else _measured(summary, fact, day)


def _measured(summary: Summary, fact: FactType, day: date) -> Summary | None:
    labs = summary.get("labs", [])
    dated = [{**one, "date": day.isoformat()} if code_of(one, "labs") in fact.derived_from else one for one in labs]
    return {**summary, "labs": dated} if dated != labs else None


def _begun(summary: Summary, chosen: FactType, since: date) -> Summary:
    entries = [entry for entry in summary.get(chosen.group, []) if code_of(entry, chosen.group) != chosen.code]
    kept = next((entry for entry in _entries(summary, chosen) if isinstance(entry, Mapping)), {})
    begun = {**kept, naming(chosen.group): chosen.code, "since": since.isoformat()}
    return {**summary, chosen.group: [*entries, begun]}


def _entries(summary: Summary, fact: FactType) -> list[Any]:
    return [entry for entry in summary.get(fact.group, []) if code_of(entry, fact.group) == fact.code]


def _number(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value
