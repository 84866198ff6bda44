"""Every published requirement of CDS Hooks on a service is answered: met by a named test, or argued."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
Row = dict[str, str]

# The requirements that name a service: 120 of CDS Hooks 2.0, and 23 of its library of hooks, which say "server".
SIZES = {"cds-hooks_2.0": 120, "cds-hooks-library_1.0.1": 23}


def rows() -> list[Row]:
    with (HERE / "data" / "cds_hooks" / "conformance.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def written_tests() -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path in HERE.glob("test_cds_hooks*.py"))
    return frozenset(name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE))


def test_every_requirement_is_answered_once():
    assert Counter(row["set"] for row in rows()) == SIZES
    assert len({(row["set"], row["id"]) for row in rows()}) == sum(SIZES.values())
    assert sum(row["level"] in ("SHALL", "SHALL NOT") for row in rows() if row["set"] == "cds-hooks_2.0") == 73


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['set']}-{row['id']}")
def test_an_answer_names_tests_that_exist_or_says_why_not(row):
    named = re.findall(r"test_\w+", row["tests"] + row["why"])
    assert set(named) <= written_tests()
    assert (row["answer"], bool(row["tests"]), bool(row["why"])) in [
        ("met", True, False),
        ("argued", False, True),
        ("not applicable", False, True),
    ]
