"""The examples are run, and answered as their table says."""

import re
from pathlib import Path

import pytest

from service.access.trust_file import open_trust
from service.outbound.client import Outbound

FOLDER = Path(__file__).parent.parent / "examples" / "cds-hooks"
ROW = re.compile(r"^\| `(?P<file>[\w-]+\.json)` \| `(?P<service>[\w-]+)` \| (?P<answer>.+) \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer((FOLDER / "README.md").read_text(encoding="utf-8"))]


def test_every_example_is_in_the_table():
    assert {row["file"] for row in ROWS} == {path.name for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_an_example_is_answered_as_the_table_says(post, row):
    path = f"/cds-services/{row['service']}" + ("/feedback" if row["file"] == "feedback.json" else "")
    response = post((FOLDER / row["file"]).read_bytes(), path)
    status = re.match(r"\d{3}", row["answer"])
    assert response.status_code == (int(status[0]) if status else 200)
    if not status:
        summaries = [card["summary"] for card in response.get_json()["cards"]]
        assert summaries == ([] if row["answer"] == "no cards" else [row["answer"]])


def test_the_example_of_a_trust_file_can_be_used():
    assert open_trust(FOLDER / "trust.yaml", "https://b12.example.org", Outbound())
