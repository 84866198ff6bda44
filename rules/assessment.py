"""The answer to one patient summary: what was concluded, why, on which assumptions and from which sources."""

from dataclasses import dataclass
from typing import NamedTuple

from rules.model import Citation, Explanation, Flag, Reason, Recommendation, RuleSet


class Assumption(NamedTuple):
    """A finding that was taken as absent since nobody said that it is there."""

    finding: str
    label: str


class LikelihoodOutcome(NamedTuple):
    """How likely deficiency is, and the lowest and highest it can become as more is learned."""

    level: str
    basis: str
    reason: str | None
    lowest: str
    highest: str
    because: tuple[Reason, ...]
    assumes: tuple[Assumption, ...]

    @property
    def flagged(self) -> bool | None:
        """Whether deficiency is at least possible; unknown when nothing could be said."""
        return None if self.level == "undetermined" else self.level != "unlikely"


class RaisedFlag(NamedTuple):
    """A red flag or warning that was raised."""

    flag: Flag
    because: tuple[Reason, ...]
    assumes: tuple[Assumption, ...]
    citations: tuple[Citation, ...]


class Question(NamedTuple):
    """Something unknown that would help, by the name it is sent under."""

    fact: str
    label: str


class Criteria(NamedTuple):
    """A published score as the range it can still have."""

    name: str
    least: int
    greatest: int
    needs: int


class ExplanationNote(NamedTuple):
    """What speaks for and against another disease, or a cause of deficiency."""

    explanation: Explanation
    stance: str
    speaks_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]
    missing: tuple[Question, ...]
    criteria: Criteria | None


class Advice(NamedTuple):
    """A recommendation with the reasons of every rule that gives it."""

    recommendation: Recommendation
    urgency: str
    rules: tuple[str, ...]
    because: tuple[Reason, ...]
    assumes: tuple[Assumption, ...]
    citations: tuple[Citation, ...]


class MissingFact(NamedTuple):
    """A fact that could change the answer, and the level it could lead to."""

    fact: str
    label: str
    could_reach: str


class TracedFinding(NamedTuple):
    """How one finding of a rule stood, by how much it missed its limit and which facts behind it are unknown."""

    finding: str
    label: str
    word: str
    truth: str
    value: str | None
    limit: str | None
    distance: str | None
    unknown: tuple[str, ...]


class TracedRule(NamedTuple):
    """Why one rule fired, stayed silent or could not be decided."""

    rule: str
    title: str
    outcome: str
    findings: tuple[TracedFinding, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that a rule set says about one patient, in the rule set's own order; `fired` names its rules."""

    rule_set: RuleSet
    likelihood: LikelihoodOutcome
    flags: tuple[RaisedFlag, ...]
    differential: tuple[ExplanationNote, ...]
    causes: tuple[ExplanationNote, ...]
    recommendations: tuple[Advice, ...]
    missing: tuple[MissingFact, ...]
    fired: tuple[str, ...]
    trace: tuple[TracedRule, ...]
