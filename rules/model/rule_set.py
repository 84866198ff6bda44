"""A frozen version of the knowledge, and who answers for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.model.conclusions import AnyRule, Explanation, Flag, Likelihood, Recommendation, Rule
from rules.model.findings import Finding
from rules.model.sources import Source
from rules.once import Kept, Made, once

STATUSES = ("draft", "active", "retired")
UNREVIEWED = "unreviewed"


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

    @property
    def is_unreviewed(self) -> bool:
        """Whether no clinician has signed it."""
        return self.review == UNREVIEWED


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A frozen version of the knowledge, under one profile.

    What is made of it once, such as its words as JSON, is kept with it and goes with it.
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
    _made: Kept = field(init=False, compare=False, repr=False, default_factory=dict)
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

    def once(self, make: Callable[["RuleSet"], Made]) -> Made:
        """What a function makes of this set, made when first asked for."""
        return once(self._made, make, self)

    def under(self, profile: str) -> "RuleSet":
        """The same set under another profile; KeyError when it has no such profile."""
        return self.by_profile[profile]
