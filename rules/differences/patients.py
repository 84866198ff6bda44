"""Two versions of a rule set side by side on the same patients."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.differences.answers import Shift, shifts_between
from rules.engine import assess
from rules.facts import Facts
from rules.model import RuleSet
from rules.versions import greatest
from rules.vignettes import ReadSummary, Vignette


@dataclass(frozen=True, slots=True)
class ChangedVignette:
    """A vignette that another version answers otherwise."""

    id: str
    shifts: tuple[Shift, ...]

    @property
    def needs(self) -> str:
        """The least step of the version that its changes ask for."""
        return greatest(shift.needs for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class Loss:
    """The row of a panel whose level drops or that loses a flag or a recommendation; nothing of the row itself."""

    row: int
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelDifference:
    """How many patients of a panel are answered otherwise, in what, and which of them lose something.

    `unread` are the rows that are no patient summary.
    """

    patients: int
    changed: int
    levels: int
    flags: int
    recommendations: int
    losing: tuple[Loss, ...]
    unread: tuple[int, ...]


def changed_vignettes(
    before: RuleSet, after: RuleSet, vignettes: Iterable[Vignette], read_summary: ReadSummary
) -> Iterator[ChangedVignette]:
    """The vignettes that the other version answers otherwise."""
    for vignette in vignettes:
        shifts = _shifts(before, after, read_summary(vignette.given))
        if shifts:
            yield ChangedVignette(vignette.id, shifts)


def compare_panel(before: RuleSet, after: RuleSet, rows: Iterable[tuple[int, Facts | None]]) -> PanelDifference:
    """What the other version changes for the patients of numbered rows; a row without facts was not readable."""
    counted: Counter[str] = Counter()
    losing: list[Loss] = []
    unread: list[int] = []
    for row, facts in rows:
        if facts is None:
            unread.append(row)
            continue
        shifts = _shifts(before, after, facts)
        counted.update({"patients", *(["changed"] if shifts else []), *(shift.about for shift in shifts)})
        losing += _losses(row, shifts)
    return PanelDifference(
        patients=counted["patients"],
        changed=counted["changed"],
        levels=counted["level"],
        flags=counted["flag"],
        recommendations=counted["recommendation"],
        losing=tuple(losing),
        unread=tuple(unread),
    )


def _shifts(before: RuleSet, after: RuleSet, facts: Facts) -> tuple[Shift, ...]:
    return shifts_between(assess(before, facts), assess(after, facts))


def _losses(row: int, shifts: tuple[Shift, ...]) -> list[Loss]:
    says = tuple(shift.says for shift in shifts if shift.loses)
    return [Loss(row, says)] if says else []
