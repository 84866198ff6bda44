"""A panel of real people answered by two versions: how many change, and exactly who loses something."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import schemas
from rules import Facts, Library
from rules.differences import PanelDifference, compare_panel
from service.cli import main
from service.review.changes import render_changes
from tests.version_helpers import DEFICIENT, NEW, OLD, two_versions

PANEL = Path(__file__).parent / "data" / "panel.ndjson"
ROWS = [json.loads(line) for line in PANEL.read_text(encoding="utf-8").splitlines()]
BANDS = [(0, 133), (133, 148), (148, 200), (200, 258), (258, 300), (300, 400), (400, 10**6)]
SAID = {"age", "sex", "as_of", "pregnant", "labs", "symptoms", "conditions", "diet", "medications"}


def b12(row: dict[str, Any]) -> float:
    (found,) = (lab for lab in row["labs"] if lab["test"] == "b12_total")
    assert found["unit"] == "pmol/L"
    return found["value"]


def between(low: float, high: float) -> list[int]:
    """The rows, by number, of those not pregnant with a B12 in pmol/L from one limit to below the other."""
    return [number for number, row in enumerate(ROWS, 1) if low <= b12(row) < high and "pregnant" not in row]


@cache
def patients() -> list[tuple[int, Facts]]:
    return [(number, schemas.load_patient(row, today=date.max).facts) for number, row in enumerate(ROWS, 1)]


def compared(path: Path, among: int = len(ROWS)) -> PanelDifference:
    library = Library.open(path)
    return compare_panel(library.get(OLD), library.get(NEW), patients()[:among])


def dropped(panel: PanelDifference) -> list[int]:
    return [loss.row for loss in panel.losing if any(says.startswith("level ") for says in loss.says)]


def test_the_panel_has_enough_people_in_every_band_and_says_nothing_that_identifies():
    assert len(ROWS) == 1000
    for low, high in BANDS:
        assert sum(low <= b12(row) < high for row in ROWS) >= 80
    assert all(row.keys() <= SAID for row in ROWS)
    assert min(row["age"] for row in ROWS) >= 20


def test_a_lower_cut_off_takes_the_level_from_exactly_those_between_the_two(tmp_path):
    edit = (DEFICIENT, "is: b12_total < 150 ng/L (111 pmol/L)")
    panel = compared(two_versions(tmp_path, {"findings/laboratory.yaml": edit}))
    expected = between(111, 133)
    assert len(expected) > 20
    assert dropped(panel) == expected
    assert panel.levels == len(expected)
    assert (panel.patients, panel.unread) == (1000, ())


def test_a_higher_cut_off_raises_exactly_those_between_the_two_and_drops_nobody(tmp_path):
    edit = (DEFICIENT, "is: b12_total < 200 ng/L (148 pmol/L)")
    panel = compared(two_versions(tmp_path, {"findings/laboratory.yaml": edit}))
    assert panel.levels == len(between(133, 148))
    assert dropped(panel) == []
    assert panel.levels <= panel.changed <= panel.patients
    assert panel.recommendations >= len(panel.losing) > 0


def test_nobody_is_answered_otherwise_by_the_same_rules(tmp_path):
    panel = compared(two_versions(tmp_path), among=100)
    assert panel == PanelDifference(100, 0, 0, 0, 0, (), ())


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """Two patients, an empty line, a refused patient, and a line that is not JSON."""
    kept = [PANEL.read_text(encoding="utf-8").splitlines()[number - 1] for number in between(111, 133)[:2]]
    path = tmp_path / "short.ndjson"
    path.write_text("\n".join([kept[0], "", '{"age": 999, "sex": "female"}', "hidden {", kept[1]]), encoding="utf-8")
    return path


def test_the_command_line_names_rows_by_number_and_never_by_content(tmp_path, short, runner):
    edit = (DEFICIENT, "is: b12_total < 150 ng/L (111 pmol/L)")
    sets = two_versions(tmp_path / "sets", {"findings/laboratory.yaml": edit})
    result = runner.invoke(main, ["diff", OLD, NEW, "--sets", str(sets), "--panel", str(short), "--json"])
    assert result.exit_code == 0
    assert "hidden" not in result.output
    assert "999" not in result.output
    answer = json.loads(result.stdout)
    assert schemas.PanelSchema().validate(answer["panel"]) == {}
    assert list(answer["panel"]) == list(schemas.PanelSchema().fields)
    assert [loss["row"] for loss in answer["panel"]["losing"]] == [1, 5]
    assert answer["panel"]["unread"] == [3, 4]
    page = render_changes(answer)
    assert "PANEL: 2 OF 2 PATIENTS ARE ANSWERED OTHERWISE" in page
    assert "rows 3, 4." in page
    assert "row 1: level confirmed became" in page
