"""Reading rules: when, then, why and examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.catalogue import Catalogue
from rules.loading.evidence import read_citations
from rules.loading.findings import FindingReader
from rules.model import (
    ACTIONS,
    BASES,
    CERTAINTIES,
    LEVELS,
    SEVERITIES,
    STRENGTHS,
    URGENCIES,
    Example,
    Flag,
    Likelihood,
    Recommendation,
    Rule,
    Source,
    When,
)
from rules.source import Problems, Section

KEYS = ("title", "when", "then", "scope", "cite", "wrong_when", "examples")
REQUIRED = ("title", "when", "then", "cite", "wrong_when", "examples")
WHEN_KEYS = ("all", "any", "at_least", "none", "unless")
SCOPES = ("adult", "child", "everyone")
LIKELIHOOD_KEYS = ("level", "basis")
FLAG_KEYS = ("id", "severity", "title", "text")
RECOMMENDATION_KEYS = ("id", "action", "title", "text", "urgency", "strength", "certainty")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS[1:],
    "basis": BASES,
    "severity": SEVERITIES,
    "action": ACTIONS,
    "urgency": URGENCIES,
    "strength": STRENGTHS,
    "certainty": CERTAINTIES,
}


@dataclass
class RuleReader:
    """Turns the entries of one rules file into rules."""

    findings: FindingReader
    sources: Mapping[str, Source]
    facts: Catalogue
    problems: Problems
    conclusion: str
    default_scope: str = "adult"

    def read(self, id_: str, entry: Section) -> Rule | None:
        """One rule, or None when its parts are missing."""
        self.problems.check_keys(entry, KEYS, REQUIRED)
        if any(key not in entry for key in REQUIRED):
            return None
        then = self._conclusion(entry)
        scope = entry.get("scope", self.default_scope)
        if scope not in SCOPES:
            self.problems.unknown(entry.where("scope"), "scope", scope, list(SCOPES))
        if then is None:
            return None
        rule = Rule(
            id=id_,
            title=entry["title"],
            when=self.when(entry["when"]),
            then=then,
            scope=scope,
            citations=read_citations(entry["cite"], entry.where("cite"), self.sources, self.problems),
            wrong_when=entry["wrong_when"],
            examples=tuple(read_example(example) for example in entry["examples"]),
        )
        self._check(rule, entry)
        return rule

    def when(self, block: Section) -> When:
        """A block of the four words."""
        self.problems.check_keys(block, WHEN_KEYS)
        named = {
            word: self.findings.get_all(block.get(word, []), block.where(word))
            for word in ("all", "any", "none", "unless")
        }
        return When(**named, at_least=block.get("at_least", 1))

    def _conclusion(self, entry: Section) -> Likelihood | Flag | Recommendation | None:
        then: Section = entry["then"]
        if list(then) != [self.conclusion]:
            self.problems.add(entry.where("then"), f"'then' concludes one {self.conclusion}")
            return None
        content: Section = then[self.conclusion]
        match self.conclusion:
            case "likelihood":
                return Likelihood(**self._checked(content, LIKELIHOOD_KEYS)) if self._whole(content, LIKELIHOOD_KEYS) else None
            case "flag":
                return Flag(**self._checked(content, FLAG_KEYS)) if self._whole(content, FLAG_KEYS) else None
            case _:
                return self._recommendation(content)

    def _recommendation(self, content: Section) -> Recommendation | None:
        if not self._whole(content, RECOMMENDATION_KEYS, ("tests",)):
            return None
        tests = tuple(content.get("tests", []))
        labs = self.facts.groups["labs"]
        for test in tests:
            if test not in labs:
                self.problems.unknown(content.where("tests"), "test", test, list(labs))
        if bool(tests) != (content["action"] == "test"):
            self.problems.add(content.where("action"), "'action: test' and 'tests' go together")
        return Recommendation(**self._checked(content, RECOMMENDATION_KEYS), tests=tests)

    def _whole(self, content: Section, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        self.problems.check_keys(content, (*keys, *optional), keys)
        return all(key in content for key in keys)

    def _checked(self, content: Section, keys: tuple[str, ...]) -> dict[str, Any]:
        for key in keys:
            if key in CHOICES and content[key] not in CHOICES[key]:
                self.problems.unknown(content.where(key), key, str(content[key]), list(CHOICES[key]))
        return {key: content[key] for key in keys}

    def _check(self, rule: Rule, entry: Section) -> None:
        if not rule.when.findings():
            self.problems.add(entry.where("when"), f"'{rule.id}' has no finding")
        check_examples(rule.id, rule.examples, ("fires", "silent"), entry, self.problems)
        if rule.citations:
            check_strength(rule, entry, self.problems)


def check_strength(rule: Rule, entry: Section, problems: Problems) -> None:
    """A strong statement rests on a source that was read; one from knowledge says that it is weak."""
    if not isinstance(rule.then, Recommendation) or any(citation.was_read for citation in rule.citations):
        return
    if rule.then.strength == "strong":
        problems.add(entry.where("cite"), f"'{rule.id}' is strong but none of its sources was read")
    elif rule.then.certainty != "very_low":
        problems.add(entry.where("cite"), f"'{rule.id}' rests on no source that was read, so its certainty is very_low")


def check_examples(
    id_: str, examples: tuple[Example, ...], needed: tuple[str, ...], entry: Section, problems: Problems
) -> None:
    """Note which kinds of example a rule lacks."""
    shown = {example.expected for example in examples}
    for kind in needed:
        if kind not in shown:
            problems.add(entry.where("examples"), f"'{id_}' has no example where it is {kind}")


def read_example(entry: Section) -> Example:
    """One example: what is given and what is expected of it."""
    expected = "undecided"
    if "fires" in entry:
        expected = "fires" if entry["fires"] else "silent"
    elif "stance" in entry:
        expected = entry["stance"]
    elif entry.get("absent"):
        expected = "absent"
    return Example(entry["given"], expected, tuple(entry.get("undecided", [])), entry.where())
