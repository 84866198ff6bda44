"""The four words that join findings to the condition of a rule."""

from dataclasses import dataclass, field

from rules.marks import marks
from rules.model import grounds
from rules.model.findings import Finding
from rules.model.grounds import Ground
from rules.truth import Truth

WHEN_WORDS = ("all", "any", "none", "unless")


@dataclass(frozen=True, slots=True)
class When:
    """The four words: `all`, `any` (`at_least` so many), `none` and `unless`.

    `wanted` are the findings of `all` and `any`, `required` also those of `none`, `findings` all of them; `asked`,
    `required_marks` and `marks` are their bits, `barring` those of `none` and `unless`, and each word has its own.
    So many of `any` must hold as are `needed`, so many findings in all as its `weight`. `absences` are the reasons
    that the findings of `none` give.
    """

    all: tuple[Finding, ...] = ()
    any: tuple[Finding, ...] = ()
    at_least: int = 1
    none: tuple[Finding, ...] = ()
    unless: tuple[Finding, ...] = ()
    all_marks: int = field(init=False, compare=False, repr=False)
    any_marks: int = field(init=False, compare=False, repr=False)
    none_marks: int = field(init=False, compare=False, repr=False)
    unless_marks: int = field(init=False, compare=False, repr=False)
    asked: int = field(init=False, compare=False, repr=False)
    barring: int = field(init=False, compare=False, repr=False)
    needed: int = field(init=False, compare=False, repr=False)
    weight: int = field(init=False, compare=False, repr=False)
    absences: tuple[Ground, ...] = field(init=False, compare=False, repr=False)
    marks: int = field(init=False, compare=False, repr=False)
    wanted: tuple[Finding, ...] = field(init=False, compare=False, repr=False)
    required: tuple[Finding, ...] = field(init=False, compare=False, repr=False)
    required_marks: int = field(init=False, compare=False, repr=False)
    findings: tuple[Finding, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wanted", (*self.all, *self.any))
        object.__setattr__(self, "required", (*self.wanted, *self.none))
        object.__setattr__(self, "findings", (*self.required, *self.unless))
        for word in WHEN_WORDS:
            object.__setattr__(self, f"{word}_marks", marks(getattr(self, word)))
        object.__setattr__(self, "asked", self.all_marks | self.any_marks)
        object.__setattr__(self, "required_marks", self.asked | self.none_marks)
        object.__setattr__(self, "barring", self.none_marks | self.unless_marks)
        object.__setattr__(self, "needed", self.at_least if self.any else 0)
        object.__setattr__(self, "weight", len(self.all) + len(self.none) + self.needed)
        object.__setattr__(self, "absences", tuple(map(grounds.absence, self.none)))
        object.__setattr__(self, "marks", self.asked | self.barring)

    def truth(self, true: int, possible: int) -> Truth:
        """Whether it holds, when `true` are the findings that do and `possible` those that do or may.

        What is unknown and named by `unless` is taken as absent.
        """
        if true & self.barring or possible & self.all_marks != self.all_marks:
            return Truth.FALSE
        if (possible & self.any_marks).bit_count() < self.needed:
            return Truth.FALSE
        certain = true & self.all_marks == self.all_marks and not possible & self.none_marks
        return Truth.TRUE if certain and (true & self.any_marks).bit_count() >= self.needed else Truth.UNKNOWN

    def weigh(self, true: int, possible: int) -> tuple[Truth, tuple[Finding, ...]]:
        """The same truth, and the findings of `unless` that were taken as absent for it to hold."""
        truth = self.truth(true, possible)
        return truth, self._assumed(possible) if truth is Truth.TRUE else ()

    def _assumed(self, possible: int) -> tuple[Finding, ...]:
        assumed = possible & self.unless_marks
        return tuple(finding for finding in self.unless if finding.mark & assumed) if assumed else ()

    def is_half_true(self, true: int) -> bool:
        """Whether something it asks for holds, and at least half of what it needs."""
        holding = (true & self.all_marks).bit_count() + (true & self.any_marks).bit_count()
        return holding > 0 and 2 * holding >= self.weight
