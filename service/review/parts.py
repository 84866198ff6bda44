"""What the review sheet says of one rule, disease, cause or finding, its limits tried out by running it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from rules.boundaries import (
    Boundary,
    Judge,
    boundaries,
    explanation_outcome,
    finding_outcome,
    rule_outcome,
)
from rules.facts import Facts
from rules.model import AnyRule, Example, Explanation, Finding, RuleSet
from rules.reported import Summary
from rules.source import RuleSetError
from service.checking import UNREMARKABLE, read_summary
from service.review.chapters import by_conclusion
from service.review.words import Clause, clauses, conclusion, stances

TITLES = {"level": "How likely deficiency is", "severity": "Flags: {}", "action": "Recommendations: {}"}
LETTERS = {"level": "L", "severity": "F", "action": "R"}

Outcome = Callable[[Facts], str]
Part = TypeVar("Part", AnyRule, Explanation)


@dataclass(frozen=True, slots=True)
class Card:
    """One rule, disease or cause, with all that a reader needs to agree to it or not."""

    number: str
    part: Any
    sentences: list[tuple[str, list[Clause]]]
    tried: list[Boundary]
    examples: list[tuple[Mapping[str, Any], str]]

    @property
    def deciding(self) -> list[Boundary]:
        """The limits that change what comes out."""
        return [boundary for boundary in self.tried if boundary.decides]

    @property
    def idle(self) -> list[Boundary]:
        """The limits that something else in each example outweighs."""
        return [boundary for boundary in self.tried if not boundary.decides]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Cards under one title."""

    title: str
    cards: list[Card]


def rule_chapters(rule_set: RuleSet) -> list[Chapter]:
    """The rules by what they conclude."""
    named = [
        (TITLES[kind].format(word.replace("_", " ")), LETTERS[kind], rules)
        for kind, word, rules in by_conclusion(rule_set)
    ]
    return _chapters(named, partial(_rule_card, rule_set=rule_set))


def explanation_chapters(rule_set: RuleSet) -> list[Chapter]:
    """The other diseases that could explain the picture, and the causes of deficiency."""
    named = [
        ("What else could explain the picture", "D", list(rule_set.differential.values())),
        ("What could cause the deficiency", "C", list(rule_set.causes.values())),
    ]
    return _chapters(named, partial(_explanation_card, rule_set=rule_set))


def _chapters(named: Iterable[tuple[str, str, list[Part]]], card: Callable[[str, Part], Card]) -> list[Chapter]:
    """Chapters that are not empty; numbers run on through those of one letter."""
    reached: dict[str, int] = {}
    chapters = []
    for title, letter, parts in named:
        first = reached.get(letter, 0) + 1
        reached[letter] = first + len(parts) - 1
        if parts:
            chapters.append(Chapter(title, [card(f"{letter}{place}", part) for place, part in enumerate(parts, first)]))
    return chapters


def _rule_card(number: str, rule: AnyRule, rule_set: RuleSet) -> Card:
    judge = judged_by(lambda facts: rule_outcome(rule, rule_set, facts))
    findings = rule.when.findings
    wanted = ("fires", "undecided", "silent")
    return Card(
        number=number,
        part=rule,
        sentences=[(conclusion(rule), list(clauses(rule.when)))],
        tried=boundaries(findings, _bases(rule.examples, wanted), judge),
        examples=_shown(rule.examples, wanted, judge),
    )


def _explanation_card(number: str, explanation: Explanation, rule_set: RuleSet) -> Card:
    judge = judged_by(lambda facts: explanation_outcome(explanation, rule_set, facts))
    deciding = [*explanation.appears, *(finding for _, block in explanation.stances for finding in block.findings)]
    wanted = ("supported", "possible", "against", "undetermined", "absent")
    return Card(
        number=number,
        part=explanation,
        sentences=stances(explanation),
        tried=boundaries(deciding, _bases(explanation.examples, wanted), judge),
        examples=_shown(explanation.examples, wanted, judge),
    )


def finding_boundaries(finding: Finding) -> list[Boundary]:
    """Both sides of the limits of a finding, in a patient of whom nothing else is known."""
    return boundaries([finding], [UNREMARKABLE], judged_by(lambda facts: finding_outcome(finding, facts)))


def judged_by(outcome: Outcome) -> Judge:
    """What comes out for a summary; nothing when no patient could have it."""

    def judge(given: Summary) -> str | None:
        try:
            return outcome(read_summary(given))
        except RuleSetError:
            return None

    return judge


def _bases(examples: Sequence[Example], wanted: Sequence[str]) -> list[Summary]:
    ordered = sorted(examples, key=lambda example: wanted.index(example.expected))
    return [{**UNREMARKABLE, **example.given} for example in ordered] or [UNREMARKABLE]


def _shown(examples: Sequence[Example], wanted: Sequence[str], judge: Judge) -> list[tuple[Mapping[str, Any], str]]:
    """Every example, those of one kind together, as it comes out now."""
    given = [{**UNREMARKABLE, **one.given} for word in wanted for one in examples if one.expected == word]
    return [(summary, judge(summary) or "") for summary in given]
