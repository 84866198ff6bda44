"""What stands beside a field: what is wrong with it, what to look at, and a result in the other unit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from rules.catalogue import catalogue
from schemas import Intake, Problem
from service.people.answer import Outcome
from service.people.charts import other_unit
from service.people.form import LISTS
from service.people.summary import Sent

ROW = re.compile(rf"((?:{'|'.join(LISTS)})-[0-9]+)(?:-(.*))?")
SLOT = re.compile(r"[a-z0-9_-]{1,60}")


@dataclass
class Note:
    """What is said beside one row or field."""

    problems: list[tuple[str, Problem]] = field(default_factory=list)
    conversions: list[str] = field(default_factory=list)
    unrecognized: list[list[str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def notes(outcome: Outcome) -> dict[str, Note]:
    """The notes of a form by the place they stand in: one for each row of a list, one for each other field."""
    found: dict[str, Note] = {}
    for name, problems in outcome.problems_by_field().items():
        place, member = place_of(name)
        found.setdefault(place, Note()).problems += [(member, problem) for problem in problems]
    if outcome.answer and outcome.intake:
        _tell(outcome.sent, outcome.intake, outcome.answer["inputs"], found)
    return found


def place_of(name: str) -> tuple[str, str]:
    """Where the note on a field stands, and the name of the field there."""
    match = ROW.fullmatch(name)
    return (match[1], match[2] or "") if match else (name, "")


def _tell(sent: Sent, intake: Intake, inputs: Mapping[str, list[dict[str, object]]], found: dict[str, Note]) -> None:
    def at(path: object) -> Note:
        return found.setdefault(place_of(sent.field_at(str(path)))[0], Note())

    for path, converted in _conversions(intake):
        at(path).conversions.append(converted)
    for entry in inputs["unrecognized"]:
        at(entry["path"]).unrecognized.append([str(name) for name in _list(entry["did_you_mean"])])
    for warning in inputs["warnings"]:
        at(warning["path"]).warnings.append(str(warning["message"]))


def _conversions(intake: Intake) -> Iterator[tuple[str, str]]:
    """The results that are also reported in another unit, each with its path."""
    for result in chain.from_iterable(intake.facts.results.values()):
        other = other_unit(catalogue().fact(result.test), result.quantity) if result.quantity else None
        if other:
            yield result.path, other


def _list(names: object) -> Iterable[object]:
    return names if isinstance(names, list) else ()


def marked(posted: str) -> list[str]:
    """The places that have a note in the reader's browser, as it reports them."""
    return [place for place in posted.split() if SLOT.fullmatch(place)]
