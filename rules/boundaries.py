"""The values that can be reported on both sides of every limit, and what each makes of a rule when it is run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.edges import Edge, edges
from rules.evaluation import Evaluation
from rules.explanations import weigh_explanations
from rules.facts import Facts
from rules.model import AnyRule, Explanation, Finding, RuleSet
from rules.quantities import plain
from rules.reported import Summary, thinned, with_value
from rules.trace import OUTCOMES
from rules.truth import Truth
from rules.verdicts import judge_rules

PLAIN = (False, 0)
VAGUE = ("undecided", "undetermined", "absent")
Judge = Callable[[Summary], str | None]
FINDING_OUTCOMES: Mapping[Truth, str] = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "undecided"}


@dataclass(frozen=True, slots=True)
class Trial:
    """A patient summary that reports one of the values, and what comes out of it."""

    value: str
    given: Summary
    outcome: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """Both sides of one limit in an otherwise equal patient."""

    edge: Edge
    inside: Trial
    outside: Trial

    @property
    def decides(self) -> bool:
        """Whether crossing the limit changes what comes out."""
        return self.inside.outcome != self.outside.outcome


def boundaries(findings: Iterable[Finding], bases: Sequence[Summary], judge: Judge) -> list[Boundary]:
    """Each limit behind the findings, tried in the patient whom crossing it makes the plainest difference to.

    Where it makes none to any of them, as something else they have outweighs it, they are tried with one thing less.
    """
    found = (_plainest(edge, bases, judge) for edge in edges(findings))
    return [boundary for boundary in found if boundary]


def _plainest(edge: Edge, bases: Sequence[Summary], judge: Judge) -> Boundary | None:
    tried: list[Boundary] = []
    for boundary in _tried(edge, bases, judge):
        if _vagueness(boundary) == PLAIN:
            return boundary
        tried.append(boundary)
    best = min(tried, key=_vagueness, default=None)
    if best is None or best.decides:
        return best
    fewer = (summary for base in bases for summary in thinned(base))
    return next((boundary for boundary in _tried(edge, fewer, judge) if boundary.decides), best)


def _vagueness(boundary: Boundary) -> tuple[bool, int]:
    outcomes = (boundary.inside.outcome, boundary.outside.outcome)
    return not boundary.decides, sum(outcome in VAGUE for outcome in outcomes)


def _tried(edge: Edge, bases: Iterable[Summary], judge: Judge) -> Iterator[Boundary]:
    for base in bases:
        inside, outside = (_trial(edge, value, base, judge) for value in (edge.inside, edge.outside))
        if inside and outside:
            yield Boundary(edge, inside, outside)


def _trial(edge: Edge, value: Decimal, base: Summary, judge: Judge) -> Trial | None:
    """None where the value cannot be reported, or not of that patient."""
    given = with_value(base, edge.fact, value, edge.unit)
    outcome = judge(given) if given is not None else None
    return Trial(f"{plain(value)} {edge.unit}".rstrip(), given, outcome) if given and outcome else None


def rule_outcome(rule: AnyRule, rule_set: RuleSet, facts: Facts) -> str:
    """Whether a rule fires for a patient, is silent or undecided; it is silent about people it is not meant for."""
    evaluation = Evaluation(facts)
    in_scope = evaluation.truth(rule_set.scope) is Truth.TRUE
    return next((OUTCOMES[verdict.truth] for verdict in judge_rules([rule], evaluation, in_scope)), "silent")


def explanation_outcome(explanation: Explanation, rule_set: RuleSet, facts: Facts) -> str:
    """The stance of a disease or cause for a patient, or that it is not shown."""
    evaluation = Evaluation(facts)
    if evaluation.truth(rule_set.scope) is not Truth.TRUE:
        return "absent"
    notes = weigh_explanations({explanation.id: explanation}, evaluation)
    return next((note.stance for note in notes), "absent")


def finding_outcome(finding: Finding, facts: Facts) -> str:
    """Whether a finding holds for a patient."""
    return FINDING_OUTCOMES[Evaluation(facts).truth(finding)]
