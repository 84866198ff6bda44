"""What rules conclude, and what else could explain a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from rules.marks import marks
from rules.model.findings import Finding
from rules.model.sources import Citation
from rules.model.when import When

LEVELS = ("undetermined", "unlikely", "possible", "probable", "confirmed")
BASES = ("laboratory", "clinical")
SEVERITIES = ("emergency", "urgent", "warning", "info")
ACTIONS = ("test", "treat", "refer", "review_medication", "diet", "monitor", "avoid", "inform")
URGENCIES = ("emergency", "urgent", "soon", "routine")
STRENGTHS = ("strong", "conditional", "good_practice")
CERTAINTIES = ("high", "moderate", "low", "very_low")
REASONS = ("insufficient_data", "uninterpretable", "out_of_scope")
STANCES = ("supported", "possible", "against", "undetermined")
BLOCKS = ("supported", "possible", "opposed")
SCOPES = ("adult", "child", "everyone")


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A floor under the likelihood of deficiency."""

    level: str
    basis: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag or warning."""

    id: str
    severity: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An option for the clinician."""

    id: str
    action: str
    title: str
    text: str
    urgency: str
    strength: str
    certainty: str
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A patient summary and what a rule does with it."""

    given: Mapping[str, Any]
    expected: str
    undecided: tuple[str, ...]
    where: str


Conclusion = TypeVar("Conclusion", bound=Likelihood | Flag | Recommendation)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Conclusion]):
    """When its findings hold, it concludes a level, a flag or a recommendation.

    `scope` says for whom: `adult`, `child` or `everyone`, by the rule set's own age of scope. Its citations, each once,
    are `cited` by source and passage.
    """

    id: str
    title: str
    when: When
    then: Conclusion
    scope: str
    citations: tuple[Citation, ...]
    wrong_when: str
    examples: tuple[Example, ...]
    reads: frozenset[str] = field(init=False, compare=False, repr=False)
    cited: Mapping[tuple[str, str], Citation] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", frozenset().union(*(finding.reads for finding in self.when.findings)))
        cited = {(one.source.id, one.passage.id): one for one in self.citations}
        object.__setattr__(self, "cited", cited)
        object.__setattr__(self, "citations", tuple(cited.values()))

    def named_findings(self) -> tuple[Finding, ...]:
        """Every finding it names."""
        return self.when.findings


AnyRule = Rule[Any]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Another disease that could explain the picture, or a cause of deficiency, with what speaks for and against it.

    `settled_by` are the tests that would settle it; `stances` are the blocks that give it one, in the order they are
    asked, `in_favour` is what speaks for it, that it is known before all, and `questioned` what is asked about when it
    is unknown.
    """

    id: str
    label: str
    appears: tuple[Finding, ...]
    known: Finding | None
    speaks_for: tuple[Finding, ...]
    speaks_against: tuple[Finding, ...]
    ask: tuple[Finding, ...]
    supported: When | None
    possible: When | None
    opposed: When | None
    criteria: Mapping[str, Any] | None
    coexists: bool
    settled_by: tuple[str, ...]
    note: str
    citations: tuple[Citation, ...]
    examples: tuple[Example, ...]
    stances: tuple[tuple[str, When], ...] = field(init=False, compare=False, repr=False)
    questioned: tuple[Finding, ...] = field(init=False, compare=False, repr=False)
    in_favour: tuple[Finding, ...] = field(init=False, compare=False, repr=False)
    appears_marks: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        blocks = (("supported", self.supported), ("against", self.opposed), ("possible", self.possible))
        object.__setattr__(self, "stances", tuple((stance, block) for stance, block in blocks if block))
        object.__setattr__(self, "questioned", (*self.ask, *self.speaks_for, *self.speaks_against))
        object.__setattr__(self, "in_favour", (*([self.known] if self.known else []), *self.speaks_for))
        object.__setattr__(self, "appears_marks", marks(self.appears))

    def named_findings(self) -> tuple[Finding, ...]:
        """Every finding it names."""
        named = (*self.appears, *self.in_favour, *self.speaks_against, *self.ask)
        return (*named, *(finding for _, block in self.stances for finding in block.findings))
