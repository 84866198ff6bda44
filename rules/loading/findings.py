"""Reading named findings, and the findings that every yes/no fact is by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.catalogue import Catalogue, FactType
from rules.lines import LineError, read_line
from rules.loading.evidence import read_citations
from rules.model import Finding, Line, Source
from rules.source import Problems, Section

KEYS = ("label", "is", "laboratory_limit", "uncertain_from", "any", "all", "none", "at_least", "cite")
GROUP_WORDS = ("any", "all", "none")
LABORATORY_LIMITS = ("low", "high", "deficient_below", "unlikely_above")
YES_NO = ("presence", "yes_no")


@dataclass
class FindingReader:
    """Turns the entries of the findings files into findings, following groups to their members."""

    entries: Mapping[str, Section]
    facts: Catalogue
    sources: Mapping[str, Source]
    problems: Problems
    found: dict[str, Finding] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def read_all(self) -> dict[str, Finding]:
        """Every finding by id, those of the yes/no facts included."""
        self.found.update({fact.code: _own_finding(fact) for fact in self.facts if fact.kind in YES_NO})
        for id_, entry in self.entries.items():
            if id_ in self.facts:
                self.problems.add(entry.where(), f"'{id_}' is a fact and already a finding of its own name")
            else:
                self.get(id_, entry.where())
        return self.found

    def get(self, id_: str, where: str) -> Finding | None:
        """The finding of that name, read now if it was not yet; None, with a problem noted, when there is none."""
        if id_ in self.found:
            return self.found[id_]
        if id_ not in self.entries or id_ in self._open:
            self._note_missing(id_, where)
            return None
        self._open.append(id_)
        finding = self.found[id_] = self._read(id_, self.entries[id_])
        self._open.remove(id_)
        return finding

    def get_all(self, names: list[str], where: str) -> tuple[Finding, ...]:
        """The findings of those names that exist."""
        return tuple(finding for name in names if (finding := self.get(name, where)) is not None)

    def _note_missing(self, id_: str, where: str) -> None:
        if id_ in self._open:
            self.problems.add(where, f"'{id_}' is a group that contains itself")
        else:
            self.problems.unknown(where, "finding", id_, [*self.entries, *self.found])

    def _read(self, id_: str, entry: Section) -> Finding:
        self.problems.check_keys(entry, KEYS, ("label",))
        citations = read_citations(entry.get("cite", []), entry.where("cite"), self.sources, self.problems)
        words = [word for word in ("is", *GROUP_WORDS) if word in entry]
        if len(words) != 1:
            self.problems.add(entry.where(), "a finding has one of: is, any, all, none")
            return Finding(id_, entry.get("label", ""), group="any")
        label = entry.get("label", "")
        if words[0] == "is":
            return Finding(id_, label, self._line(entry), citations=citations, text=str(entry["is"]))
        members = self.get_all(entry[words[0]], entry.where(words[0]))
        at_least = entry.get("at_least", 1)
        return Finding(id_, label, None, words[0], members, at_least, citations)

    def _line(self, entry: Section) -> Line | None:
        limit = entry.get("laboratory_limit")
        if limit is not None and limit not in LABORATORY_LIMITS:
            self.problems.unknown(entry.where("laboratory_limit"), "limit", limit, list(LABORATORY_LIMITS))
        try:
            return read_line(str(entry["is"]), self.facts, limit, entry.get("uncertain_from"))
        except LineError as error:
            self.problems.add(entry.where("is"), str(error))
            return None


def _own_finding(fact: FactType) -> Finding:
    return Finding(fact.code, fact.label, Line(fact, "present"), text=fact.code)
