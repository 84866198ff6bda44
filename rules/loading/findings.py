"""Reading named findings, and the findings that every yes/no fact is by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.catalogue import Catalogue
from rules.fact_types import YES_NO, FactType
from rules.lines import LineError, read_line
from rules.loading.evidence import read_citations
from rules.loading.formats import GROUP_WORDS
from rules.model import Finding, Line, Source
from rules.source import Problems, Section

FORMS = ("is", *GROUP_WORDS)
DEEPEST = 20


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
        if id_ not in self.entries or id_ in self._open or len(self._open) == DEEPEST:
            self._note_unread(id_, where)
            return None
        self._open.append(id_)
        finding = self.found[id_] = self._read(id_, self.entries[id_])
        self._open.remove(id_)
        return finding

    def get_all(self, names: list[str], where: str) -> tuple[Finding, ...]:
        """The findings of those names that exist."""
        return tuple(finding for name in names if (finding := self.get(name, where)) is not None)

    def _note_unread(self, id_: str, where: str) -> None:
        if id_ in self._open:
            self.problems.add(where, f"'{id_}' is a group that contains itself")
        elif id_ in self.entries:
            self.problems.add(where, f"'{id_}' stands {DEEPEST} groups deep")
        else:
            self.problems.unknown(where, "finding", id_, [*self.entries, *self.found])

    def _read(self, id_: str, entry: Section) -> Finding:
        if len(entry.lines.keys() & set(FORMS)) > 1:
            self.problems.add(entry.where(), f"a finding has only one of: {', '.join(FORMS)}")
        check_at_least(entry, self.problems)
        group = next((word for word in GROUP_WORDS if word in entry), None)
        return Finding(
            id=id_,
            label=entry["label"],
            line=self._line(entry) if "is" in entry else None,
            group=group,
            members=self.get_all(entry[group], entry.where(group)) if group else (),
            at_least=entry.get("at_least", 1),
            citations=read_citations(entry.get("cite", []), entry.where("cite"), self.sources, self.problems),
            text=entry.get("is", ""),
        )

    def _line(self, entry: Section) -> Line | None:
        try:
            return read_line(entry["is"], self.facts, entry.get("laboratory_limit"), entry.get("uncertain_from"))
        except LineError as error:
            self.problems.add(entry.where("is"), str(error))
            return None


def check_at_least(section: Section, problems: Problems) -> None:
    """`at_least` counts the findings under `any` and asks for no more than there are."""
    if section.get("at_least", 0) > len(set(section.get("any", []))):
        problems.add(section.where("at_least"), "'at_least' is more than the findings under 'any'")


def _own_finding(fact: FactType) -> Finding:
    return Finding(fact.code, fact.label, Line(fact, "present"), text=fact.code)
