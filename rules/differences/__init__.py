"""Versions of the knowledge side by side: what changed, for whom, and which version number that takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.differences.changes import Change
from rules.differences.content import changes_between
from rules.differences.patients import (
    ChangedVignette,
    Loss,
    PanelDifference,
    changed_vignettes,
    compare_panel,
)
from rules.model import RuleSet
from rules.versions import STEPS, greatest, is_enough, step_between
from rules.vignettes import ReadSummary, Vignette

__all__ = [
    "STEPS",
    "Change",
    "ChangedVignette",
    "Difference",
    "Loss",
    "PanelDifference",
    "compare",
    "compare_panel",
    "required_bump",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one version to another, and which of the first one's vignettes are answered otherwise."""

    before: RuleSet
    after: RuleSet
    changes: tuple[Change, ...]
    vignettes: int
    changed_vignettes: tuple[ChangedVignette, ...]

    @property
    def required(self) -> str:
        """The least step of the version that what changed takes."""
        return _required(self.changes, self.changed_vignettes)

    @property
    def taken(self) -> str:
        """The step that was taken."""
        return step_between(self.before.manifest.version, self.after.manifest.version)

    @property
    def enough(self) -> bool:
        """Whether the step that was taken is at least the required one."""
        return is_enough(self.taken, self.required)

    def reasons(self) -> Iterator[str]:
        """What asks for the required step, the vignettes first."""
        for vignette in self.changed_vignettes:
            for shift in vignette.shifts:
                if shift.needs == self.required:
                    yield f"vignette {vignette.id}: {shift.says}"
        yield from (change.says for change in self.changes if change.needs == self.required)


def compare(before: RuleSet, after: RuleSet, vignettes: Iterable[Vignette], read_summary: ReadSummary) -> Difference:
    """What changed from one rule set to another, with the first one's vignettes run on both."""
    patients = list(vignettes)
    changed = tuple(changed_vignettes(before, after, patients, read_summary))
    return Difference(before, after, changes_between(before, after), len(patients), changed)


def required_bump(before: RuleSet, after: RuleSet, vignettes: Iterable[ChangedVignette]) -> str:
    """Which number of the version must rise.

    Major when a level changes or a flag or recommendation is dropped, weakened or altered; minor when something is
    added, decided that was undecided, or asked otherwise without any vignette showing it; patch when only wording,
    citations or labels change; none when nothing does.
    """
    return _required(changes_between(before, after), vignettes)


def _required(changes: Iterable[Change], vignettes: Iterable[ChangedVignette]) -> str:
    return greatest((*(change.needs for change in changes), *(vignette.needs for vignette in vignettes)))
