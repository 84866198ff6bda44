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
    Conclusion,
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
    """Turns the entries of the rules files into rules."""

    findings: FindingReader
    sources: Mapping[str, Source]
    facts: Catalogue
    problems: Problems

    def likelihood(self, id_: str, entry: Section) -> Rule[Likelihood] | None:
        """A rule that puts a floor under the likelihood."""
        then = self._conclusion(entry, "likelihood", LIKELIHOOD_KEYS)
        return None if then is None else self._rule(id_, entry, Likelihood(**then), "adult")

    def flag(self, id_: str, entry: Section) -> Rule[Flag] | None:
        """A rule that raises a flag, for people of every age unless it says otherwise."""
        then = self._conclusion(entry, "flag", FLAG_KEYS)
        return None if then is None else self._rule(id_, entry, Flag(**then), "everyone")

    def recommendation(self, id_: str, entry: Section) -> Rule[Recommendation] | None:
        """A rule that recommends something."""
        then = self._conclusion(entry, "recommend", RECOMMENDATION_KEYS, ("tests",))
        if then is None:
            return None
        content: Section = entry["then"]["recommend"]
        tests = self.tests(content, "tests")
        if bool(tests) != (content["action"] == "test"):
            self.problems.add(content.where("action"), "'action: test' and 'tests' go together")
        rule = self._rule(id_, entry, Recommendation(**{**then, "tests": tests}), "adult")
        check_strength(rule, entry, self.problems)
        return rule

    def when(self, block: Section) -> When:
        """A block of the four words."""
        self.problems.check_keys(block, WHEN_KEYS)
        named = {
            word: self.findings.get_all(block.get(word, []), block.where(word))
            for word in ("all", "any", "none", "unless")
        }
        return When(**named, at_least=block.get("at_least", 1))

    def tests(self, section: Section, key: str) -> tuple[str, ...]:
        """The tests named under a key; unknown ones are noted."""
        labs = list(self.facts.groups["labs"])
        for test in section.get(key, []):
            if test not in labs:
                self.problems.unknown(section.where(key), "test", test, labs)
        return tuple(section.get(key, []))

    def _rule(self, id_: str, entry: Section, then: Conclusion, scope: str) -> Rule[Conclusion]:
        rule = Rule(
            id=id_,
            title=entry["title"],
            when=self.when(entry["when"]),
            then=then,
            scope=entry.get("scope", scope),
            citations=read_citations(entry["cite"], entry.where("cite"), self.sources, self.problems),
            wrong_when=entry["wrong_when"],
            examples=tuple(read_example(example) for example in entry["examples"]),
        )
        if rule.scope not in SCOPES:
            self.problems.unknown(entry.where("scope"), "scope", rule.scope, list(SCOPES))
        if not rule.when.findings():
            self.problems.add(entry.where("when"), f"'{id_}' has no finding")
        if not entry["cite"]:
            self.problems.add(entry.where("cite"), f"'{id_}' cites no source")
        check_examples(id_, rule.examples, ("fires", "silent"), entry, self.problems)
        return rule

    def _conclusion(
        self, entry: Section, kind: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, Any] | None:
        """What a rule concludes, or None when the rule or its conclusion lacks a part."""
        self.problems.check_keys(entry, KEYS, REQUIRED)
        if any(key not in entry for key in REQUIRED):
            return None
        content = entry["then"].get(kind)
        if list(entry["then"]) != [kind] or not isinstance(content, Section):
            self.problems.add(entry.where("then"), f"'then' concludes one {kind}")
            return None
        self.problems.check_keys(content, (*required, *optional), required)
        for key in CHOICES:
            if key in content and content[key] not in CHOICES[key]:
                self.problems.unknown(content.where(key), key, str(content[key]), list(CHOICES[key]))
        return dict(content) if content.keys() <= {*required, *optional} and content.keys() >= set(required) else None


def check_strength(rule: Rule[Recommendation], entry: Section, problems: Problems) -> None:
    """A strong statement rests on a source that was read; one from knowledge says that it is weak."""
    if any(citation.was_read for citation in rule.citations):
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
