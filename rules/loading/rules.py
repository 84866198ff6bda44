"""Reading rules: when, then, why and examples."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules.catalogue import Catalogue
from rules.loading.evidence import read_citations
from rules.loading.findings import FindingReader, check_at_least
from rules.model import WHEN_WORDS, Conclusion, Example, Flag, Likelihood, Recommendation, Rule, Source, When
from rules.source import Problems, Section


@dataclass
class RuleReader:
    """Turns the entries of the rules files into rules."""

    findings: FindingReader
    sources: Mapping[str, Source]
    facts: Catalogue
    problems: Problems

    def likelihood(self, id_: str, entry: Section) -> Rule[Likelihood]:
        """A rule that puts a floor under the likelihood."""
        return self._rule(id_, entry, Likelihood(**entry["then"]["likelihood"]), "adult")

    def flag(self, id_: str, entry: Section) -> Rule[Flag]:
        """A rule that raises a flag, for people of every age unless it says otherwise."""
        return self._rule(id_, entry, Flag(**entry["then"]["flag"]), "everyone")

    def recommendation(self, id_: str, entry: Section) -> Rule[Recommendation]:
        """A rule that recommends something."""
        content: Section = entry["then"]["recommend"]
        if ("tests" in content.lines) != (content["action"] == "test"):
            self.problems.add(content.where("action"), "'action: test' and 'tests' go together")
        advice = Recommendation(**{**content, "tests": self.tests(content, "tests")})
        rule = self._rule(id_, entry, advice, "adult")
        check_strength(rule, entry, self.problems)
        return rule

    def reworded(self, rule: Rule[Recommendation], own: Section | None) -> Rule[Recommendation]:
        """A recommendation in a profile's own words, and from that profile's own sources where it names them."""
        if own is None:
            return rule
        words = {key: text for key, text in own.items() if key != "cite"}
        cited = read_citations(own.get("cite", []), own.where("cite"), self.sources, self.problems)
        changed = replace(rule, then=replace(rule.then, **words), citations=cited or rule.citations)
        check_strength(changed, own, self.problems)
        return changed

    def when(self, block: Section) -> When:
        """A block of the four words."""
        check_at_least(block, self.problems)
        named = {word: self.findings.get_all(block.get(word, []), block.where(word)) for word in WHEN_WORDS}
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
        check_examples(id_, rule.examples, ("fires", "silent"), entry, self.problems)
        return rule


def check_strength(rule: Rule[Recommendation], entry: Section, problems: Problems) -> None:
    """A strong statement rests on a source that was read; one from knowledge says that it is weak."""
    if not rule.citations or any(citation.was_read for citation in rule.citations):
        return
    if rule.then.strength == "strong":
        problems.add(entry.where("cite"), f"'{rule.id}' is strong but none of its sources was read")
    elif rule.then.certainty != "very_low":
        problems.add(entry.where("cite"), f"'{rule.id}' rests on no source that was read, so its certainty is very_low")


def check_examples(
    id_: str, examples: tuple[Example, ...], needed: tuple[str, ...], entry: Section, problems: Problems
) -> None:
    """Note which kinds of example a rule lacks when it has any."""
    shown = {example.expected for example in examples}
    for kind in needed:
        if shown and kind not in shown:
            problems.add(entry.where("examples"), f"'{id_}' has no example where it is {kind}")


def read_example(entry: Section) -> Example:
    """One example: what is given and what is expected of it."""
    expected = "fires" if entry.get("fires") else "silent" if "fires" in entry else "undecided"
    stance = "absent" if "absent" in entry else entry.get("stance")
    return Example(entry["given"], stance or expected, tuple(entry.get("undecided", [])), entry.where())
