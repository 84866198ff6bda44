"""What rules are about: findings, and the four words that join them."""

from dataclasses import dataclass, field

from rules.catalogue import FactType
from rules.judgement import Comparison
from rules.marks import mark, marks
from rules.model import grounds
from rules.model.grounds import Ground
from rules.model.sources import Citation
from rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Line:
    """One line about one fact: `present`, `is` a word, beyond `comparisons`, `known` at all, or `measured`."""

    fact: FactType
    form: str
    word: str | None = None
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A named clinical statement: a line about a fact, or a group of other findings.

    `mark` is its bit and `member_marks` those of its members. A group is `weighed_by` both and by how many members must
    hold, 0 where none may. `grounds` are what it can rest on when it holds: itself or, by the bit of each, its members.
    """

    id: str
    label: str
    line: Line | None = None
    group: str | None = None
    members: tuple["Finding", ...] = ()
    at_least: int = 1
    citations: tuple[Citation, ...] = ()
    text: str = ""
    reads: frozenset[str] = field(init=False, compare=False)
    mark: int = field(init=False, compare=False, repr=False)
    member_marks: int = field(init=False, compare=False, repr=False)
    weighed_by: tuple[int, int, int] = field(init=False, compare=False, repr=False)
    grounds: tuple[tuple[int, tuple[Ground, ...]], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", self._facts_read())
        object.__setattr__(self, "mark", mark(self.id))
        object.__setattr__(self, "member_marks", marks(self.members))
        needed = {"any": self.at_least, "all": self.member_marks.bit_count()}.get(self.group or "", 0)
        object.__setattr__(self, "weighed_by", (self.mark, self.member_marks, needed))
        object.__setattr__(self, "grounds", self._grounds())

    def _grounds(self) -> tuple[tuple[int, tuple[Ground, ...]], ...]:
        if not self.members or self.group == "none":
            return ((self.mark, (grounds.presence(self),)),)
        return tuple((member.mark, member.grounds_within(self)) for member in self.members)

    def grounds_within(self, group: "Finding") -> tuple[Ground, ...]:
        """What it can rest on as a member of a group."""
        return tuple(ground.within(group) for _, some in self.grounds for ground in some)

    def _facts_read(self) -> frozenset[str]:
        """The codes a summary is sent with, behind this finding; those a computed fact is made from included."""
        if self.line is not None:
            return frozenset(self.line.fact.derived_from or (self.line.fact.code,))
        return frozenset().union(*(member.reads for member in self.members))


@dataclass(frozen=True, slots=True)
class When:
    """The four words: `all`, `any` (`at_least` so many), `none` and `unless`.

    `findings` are all that it names and `marks` their bits, `wanted` are those of `all` and `any` and `asked` their
    bits, `required` also those of `none`, `barring` the bits of `none` and `unless`; each word has its own.
    So many of `any` must hold as are `needed`, and `weight` is how many findings it needs in all. `absences` are the reasons that findings of `none` give.
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
        for word in ("all", "any", "none", "unless"):
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

    def is_half_true(self, true: int) -> bool:
        """Whether something it asks for holds, and at least half of what it needs."""
        holding = (true & self.all_marks).bit_count() + (true & self.any_marks).bit_count()
        return holding > 0 and 2 * holding >= self.weight
