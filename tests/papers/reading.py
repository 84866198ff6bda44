"""The papers as data, and what they may point to."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rules.library import SETS, Library
from rules.source import Problems, read_yaml
from rules.vignettes import read_vignettes

TESTS = Path(__file__).parent.parent
PAPERS = TESTS.parent / "docs" / "safety"

Entry = Mapping[str, Any]


def read_paper(name: str) -> Mapping[str, Any]:
    """One file of `docs/safety`; RuleSetError when it is no sound YAML."""
    problems = Problems()
    paper = read_yaml(PAPERS / f"{name}.yaml", PAPERS, problems)
    problems.raise_if_any()
    return paper


@cache
def existing_tests() -> frozenset[str]:
    """Every test of the project, as `file.py::name`, also those that a `make` target of their own runs."""
    files = (path for path in TESTS.rglob("test_*.py"))
    return frozenset(f"{path.relative_to(TESTS).as_posix()}::{name}" for path in files for name in _test_names(path))


def _test_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


@cache
def existing_patients() -> frozenset[str]:
    """Every whole patient whose answer the active rule set promises."""
    directory = SETS / Library.open(SETS).active.manifest.version
    return frozenset(vignette.id for vignette in read_vignettes(directory, Problems()))


def controls_of(entry: Entry) -> list[Entry]:
    """The controls of an entry; an entry with tests and nothing else is its own control."""
    controls: list[Entry] = entry.get("controls", [entry] if "tests" in entry or "patients" in entry else [])
    return controls


def dead_references(entry: Entry) -> list[str]:
    """What an entry points to that does not exist."""
    found = controls_of(entry)
    tests = {name for control in found for name in control.get("tests", [])} - existing_tests()
    patients = {name for control in found for name in control.get("patients", [])} - existing_patients()
    return sorted(tests | patients)
