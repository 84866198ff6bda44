"""Whether every rule set keeps its promises: it loads, it is as it was published, its examples and vignettes hold."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import schemas
from rules import Facts, Library, RuleSet, RuleSetError
from rules.source import Problems, Section
from rules.vignettes import failed_examples, failed_vignettes, read_vignettes

# An example leaves out what does not matter to it.
UNREMARKABLE = {"age": 50, "sex": "female", "as_of": "2026-01-15"}


def failed_promises(path: Path) -> Iterator[str]:
    """One sentence for everything that is wrong with the rule sets of a directory."""
    try:
        library = Library.open(path)
    except RuleSetError as error:
        yield from error.problems
        return
    for version in library.versions:
        yield from (f"{version}/{failure}" for failure in _failures(library.get(version), path / version))


def _failures(rule_set: RuleSet, directory: Path) -> Iterator[str]:
    problems = Problems()
    vignettes = read_vignettes(directory, problems)
    try:
        problems.raise_if_any()
        yield from failed_examples(rule_set, read_summary)
        yield from failed_vignettes(rule_set, vignettes, read_summary)
    except RuleSetError as error:
        yield from error.problems


def read_summary(given: Mapping[str, Any]) -> Facts:
    """The facts of an example, read as a patient's are."""
    try:
        return schemas.load_patient({**UNREMARKABLE, **given}, today=date.max).facts
    except schemas.Refused as error:
        where = given.where() if isinstance(given, Section) else "an example"
        complaints = "; ".join(f"{problem.path} {problem.message}" for problem in error.problems)
        raise RuleSetError([f"{where}: the summary is refused: {complaints}"]) from None
