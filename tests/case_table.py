"""The published cases assessed one by one, as the table of `tests/data/cases.md`.

`python -m tests.case_table` writes the table anew.
"""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import rules
import schemas

DATA = Path(__file__).parent / "data"
TABLE = DATA / "cases.md"
TODAY = date(2026, 1, 15)
MARKERS = {"b12_total", "b12_active", "mma", "homocysteine"}
HEADINGS = ("id", "known answer", "level with", "level without", "flags", "differential", "recommendations")
PREFACE = """\
# The published cases, assessed

Written by `python -m tests.case_table` and compared by the tests. The level is shown with the case's B12, MMA
and homocysteine results and without them; the other columns are those of the case as it stands. What the rows
of `cases.jsonl` mean is told in the README beside this table.
"""

Document = dict[str, Any]


def read_cases() -> list[Document]:
    """Every translated case, in the order of the file."""
    lines = (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def without_markers(request: Document) -> Document:
    """The same patient before anyone measured B12, MMA or homocysteine."""
    labs = [lab for lab in request.get("labs", []) if lab["test"] not in MARKERS]
    return {**request, "labs": labs}


@cache
def rule_set() -> rules.RuleSet:
    return rules.Library.open().active


def assess(request: Document) -> Document:
    """The answer a caller of the service would read for this request."""
    intake = schemas.load_patient(request, today=TODAY)
    return schemas.render(rules.assess(rule_set(), intake.facts), intake)


def render_table() -> str:
    """The whole page: one line a case."""
    lines = [_line(HEADINGS), _line("---" for _ in HEADINGS)]
    lines += [_line(_cells(case)) for case in read_cases()]
    return PREFACE + "\n" + "\n".join(lines) + "\n"


def _cells(case: Document) -> tuple[str, ...]:
    answer = assess(case["request"])
    blind = assess(without_markers(case["request"]))
    return (
        case["id"],
        case["diagnosis"],
        answer["likelihood"]["level"],
        blind["likelihood"]["level"],
        _listed(flag["id"] for flag in answer["flags"]),
        _listed(_leanings(answer)),
        _listed(advice["id"] for advice in answer["recommendations"]),
    )


def _leanings(answer: Document) -> list[str]:
    entries = answer["differential"]
    return [f"{e['condition']}: {e['stance']}" for e in entries if e["stance"] in ("supported", "possible")]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    TABLE.write_text(render_table(), encoding="utf-8")
