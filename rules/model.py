"""What a rule set is made of: sources, findings, rules and explanations, all frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from rules.catalogue import FactType
from rules.judgement import Comparison
from rules.marks import mark, marks

LEVELS = ("undetermined", "unlikely", "possible", "probable", "confirmed")
BASES = ("laboratory", "clinical")
SEVERITIES = ("emergency", "urgent", "warning", "info")
ACTIONS = ("test", "treat", "refer", "review_medication", "diet", "monitor", "avoid", "inform")
URGENCIES = ("emergency", "urgent", "soon", "routine")
STRENGTHS = ("strong", "conditional", "good_practice")
CERTAINTIES = ("high", "moderate", "low", "very_low")
VERIFICATIONS = ("primary", "secondary", "consumer", "knowledge")
READ = ("primary", "secondary")
STATUSES = ("draft", "active", "retired")


@dataclass(frozen=True, slots=True)
class Passage:
    """What one place of a source says, in our words, and how that was verified."""

    id: str
    locator: str
    says: str
    verified: str
    quotation: str | None = None
    read_at: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline, study or label, with the passages that rules cite."""

    id: str
    title: str
    publisher: str
    published: str | None
    status: str
    url: str | None
    doi: str | None
    pmid: str | None
    passages: Mapping[str, Passage]


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of a source, as a statement cites it."""

    source: Source
    passage: Passage

    @property
    def was_read(self) -> bool:
        """Whether the passage was read, in the source itself or in one that restates it."""
        return self.passage.verified in READ


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

    `mark` is its bit, `member_marks` those of its members, and of an `any` or `all` so many must hold as are `needed`.
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
    needed: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", self._facts_read())
        object.__setattr__(self, "mark", mark(self.id))
        object.__setattr__(self, "member_marks", marks(self.members))
        object.__setattr__(self, "needed", self.at_least if self.group == "any" else self.member_marks.bit_count())

    def holds(self, true: int, possible: int) -> bool:
        """Whether a group holds when `true` are the findings that do and `possible` those that may.

        The other way round, `holds(possible, true)`, it says whether it still may.
        """
        if self.group == "none":
            return not possible & self.member_marks
        return (true & self.member_marks).bit_count() >= self.needed

    def _facts_read(self) -> frozenset[str]:
        """The codes a summary is sent with, behind this finding; those a computed fact is made from included."""
        if self.line is not None:
            return frozenset(self.line.fact.derived_from or (self.line.fact.code,))
        return frozenset().union(*(member.reads for member in self.members))


@dataclass(frozen=True, slots=True)
class When:
    """The four words: `all`, `any` (`at_least` so many), `none` and `unless`.

    `findings` are all that it names and `marks` their bits, `asked` those of `all` and `any`; each word has its own.
    So many of `any` must hold as are `needed`.
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
    needed: int = field(init=False, compare=False, repr=False)
    marks: int = field(init=False, compare=False, repr=False)
    findings: tuple[Finding, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", (*self.all, *self.any, *self.none, *self.unless))
        for word in ("all", "any", "none", "unless"):
            object.__setattr__(self, f"{word}_marks", marks(getattr(self, word)))
        object.__setattr__(self, "asked", self.all_marks | self.any_marks)
        object.__setattr__(self, "needed", self.at_least if self.any else 0)
        object.__setattr__(self, "marks", self.asked | self.none_marks | self.unless_marks)

    def holds(self, true: int, possible: int) -> bool:
        """Whether all, any and none of it hold when `true` are the findings that do and `possible` those that may.

        The other way round, `holds(possible, true)`, it says whether they still may.
        """
        return (
            true & self.all_marks == self.all_marks
            and not possible & self.none_marks
            and (true & self.any_marks).bit_count() >= self.needed
        )


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

    `scope` says for whom: `adult`, `child` or `everyone`, by the rule set's own age of scope. `cited` are its citations
    by source and passage.
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
        object.__setattr__(self, "cited", {(one.source.id, one.passage.id): one for one in self.citations})

    def named_findings(self) -> tuple[Finding, ...]:
        """Every finding it names."""
        return self.when.findings


AnyRule = Rule[Any]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Another disease that could explain the picture, or a cause of deficiency, with what speaks for and against it.

    `settled_by` are the tests that would settle it.
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
    appears_marks: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "appears_marks", marks(self.appears))

    def named_findings(self) -> tuple[Finding, ...]:
        """Every finding it names."""
        blocks = [block.findings for block in (self.supported, self.possible, self.opposed) if block]
        known = (self.known,) if self.known else ()
        named = (*self.appears, *known, *self.speaks_for, *self.speaks_against, *self.ask)
        return (*named, *(finding for block in blocks for finding in block))


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who answers for a rule set, since when and until when."""

    version: str
    status: str
    title: str
    effective: date
    next_review: date
    review: str
    authored_by: str
    checked_by: str | None
    supersedes: str | None
    scope: str
    uninterpretable: str
    profiles: Mapping[str, str]
    default_profile: str
    notice: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A frozen version of the knowledge, under one profile.

    `outsets` is where `rules.outset` keeps what it found out once.
    """

    manifest: Manifest
    profile: str
    digest: str
    sources: Mapping[str, Source]
    findings: Mapping[str, Finding]
    likelihood: tuple[Rule[Likelihood], ...]
    flags: tuple[Rule[Flag], ...]
    recommendations: tuple[Rule[Recommendation], ...]
    differential: Mapping[str, Explanation]
    causes: Mapping[str, Explanation]
    scope: Finding
    uninterpretable: Finding
    by_profile: Mapping[str, "RuleSet"] = field(default_factory=dict, compare=False, repr=False)
    outsets: dict[bool, Any] = field(init=False, compare=False, repr=False, default_factory=dict)
    rules: Mapping[str, AnyRule] = field(init=False, compare=False, repr=False)
    reads: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        everything: list[AnyRule] = [*self.likelihood, *self.flags, *self.recommendations]
        object.__setattr__(self, "rules", {rule.id: rule for rule in everything})
        object.__setattr__(self, "reads", frozenset().union(*(finding.reads for finding in self.named_findings())))

    def named_findings(self) -> tuple[Finding, ...]:
        """Every finding that a rule, another disease or a cause names."""
        parts: list[AnyRule | Explanation] = [*self.rules.values(), *self.differential.values(), *self.causes.values()]
        return tuple(finding for part in parts for finding in part.named_findings())

    def under(self, profile: str) -> "RuleSet":
        """The same set under another profile; KeyError when it has no such profile."""
        return self.by_profile[profile]
