"""What rules are about: named findings, each a line about a fact or a group of others."""

from dataclasses import dataclass, field

from rules.fact_types import FactType
from rules.limits import Comparison
from rules.marks import mark, marks
from rules.model import grounds
from rules.model.grounds import Ground
from rules.model.sources import Citation


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

    @property
    def judged_by(self) -> str:
        """How it is judged, as its file writes it."""
        members = ", ".join(member.id for member in self.members)
        counted = f" (at least {self.at_least})" if self.at_least > 1 else ""
        return self.text or f"{self.group}: {members}{counted}"

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
