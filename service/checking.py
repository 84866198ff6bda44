"""Whether every rule set keeps its promises: it loads, is as it was published, and is what its version number says."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import schemas
from rules import Facts, Library, RuleSet, RuleSetError
from rules.differences import Difference, compare
from rules.library import is_overdue
from rules.loading.examples import with_tables
from rules.publishing import unlocked
from rules.source import Problems, Section
from rules.vignettes import Vignette, failed_examples, failed_vignettes, read_vignettes

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
        yield from (f"{version}/{failure}" for failure in _failures(library, version))


def _failures(library: Library, version: str) -> Iterator[str]:
    rule_set = library.get(version)
    try:
        vignettes = vignettes_of(library, version)
        yield from failed_examples(with_all_examples(library, version), read_summary)
        yield from failed_vignettes(rule_set, vignettes, read_summary)
        yield from (f"manifest.yaml: {failure}" for failure in _wrong_number(library, version))
    except RuleSetError as error:
        yield from error.problems


def vignettes_of(library: Library, version: str) -> list[Vignette]:
    """The whole patients of one rule set; RuleSetError when they cannot be read."""
    problems = Problems()
    vignettes = read_vignettes(library.path / version, problems)
    problems.raise_if_any()
    return vignettes


def with_all_examples(library: Library, version: str) -> RuleSet:
    """A rule set with the tables of examples that stand beside its rules; RuleSetError when they cannot be read."""
    problems = Problems()
    rule_set = with_tables(library.get(version), library.path / version, problems)
    problems.raise_if_any()
    return rule_set


def _wrong_number(library: Library, version: str) -> Iterator[str]:
    """Why a version number is not the one that the changes since the version it supersedes take."""
    superseded = library.get(version).manifest.supersedes
    if superseded is None:
        return
    if superseded not in library.versions:
        yield f"it supersedes {superseded}, which is not here"
        return
    difference = compare_versions(library, superseded, version)
    if difference.taken == "none":
        yield f"{version} does not come after {superseded}, which it supersedes"
    elif not difference.enough:
        needed = f"from {superseded} a {difference.required} step is needed, not a {difference.taken} one"
        yield f"{needed}: {next(difference.reasons())}"


def compare_versions(library: Library, before: str, after: str) -> Difference:
    """What changed from one version to another, with the first one's vignettes run on both."""
    return compare(library.get(before), library.get(after), vignettes_of(library, before), read_summary)


def left_undone(path: Path, today: date) -> Iterator[str]:
    """One sentence for every set whose review is overdue, or that is published and could still change unnoticed."""
    library = Library.open(path)
    for rule_set in map(library.get, library.versions):
        if is_overdue(rule_set, today):
            yield f"{rule_set.manifest.version}: its review was due on {rule_set.manifest.next_review}"
    for version in unlocked(library):
        yield f"{version}: published but not locked; 'b12cds publish {version}' locks it"


def read_summary(given: Mapping[str, Any]) -> Facts:
    """The facts of an example, read as a patient's are."""
    try:
        return schemas.load_patient({**UNREMARKABLE, **given}, today=date.max).facts
    except schemas.Refused as error:
        where = given.where() if isinstance(given, Section) else "an example"
        complaints = "; ".join(f"{problem.path} {problem.message}" for problem in error.problems)
        raise RuleSetError([f"{where}: the summary is refused: {complaints}"]) from None
