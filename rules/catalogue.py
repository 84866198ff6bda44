"""The one catalogue of facts: what a patient summary can say, in which units and codes."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from rules.fact_types import FactType
from rules.facts_file import read_fact_types

HERE = Path(__file__).parent
OPEN_GROUPS = ("medications", "conditions", "procedures")


class Catalogue:
    """All facts, by group and code, with their aliases and public codes."""

    def __init__(self, groups: Mapping[str, Mapping[str, FactType]], sites: tuple[str, ...]) -> None:
        self.groups = groups
        self.sites = sites
        self._by_code = {fact.code: fact for group in groups.values() for fact in group.values()}
        self._names = {group: dict(_names(group, facts)) for group, facts in groups.items()}
        self._codings = {
            (coding.system, coding.code): fact
            for fact in self._by_code.values()
            for coding in fact.codes
            if coding.verified
        }

    def __iter__(self) -> Iterator[FactType]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def fact(self, code: str) -> FactType:
        """The fact of that code, of any group; KeyError when there is none."""
        return self._by_code[code]

    def find(self, group: str, name: str) -> FactType | None:
        """The fact meant by a code or an alias; open lists are read without regard to letter case and spaces."""
        return self._names[group].get(_folded(name) if group in OPEN_GROUPS else name)

    def near(self, group: str, name: str) -> list[str]:
        """At most five codes of the group whose name or alias is close to an unknown one."""
        names = self._names[group]
        close = get_close_matches(_folded(name), names, n=10, cutoff=0.75)
        return list(dict.fromkeys(names[match].code for match in close))[:5]

    def by_code(self, system: str, code: str) -> FactType | None:
        """The fact a verified public code stands for (`loinc`, `snomed`, `icd10cm`, `rxnorm`, `atc`)."""
        return self._codings.get((system, code))


def _folded(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _names(group: str, facts: Mapping[str, FactType]) -> Iterator[tuple[str, FactType]]:
    for fact in facts.values():
        for name in (fact.code, *fact.aliases):
            yield (_folded(name) if group in OPEN_GROUPS else name), fact


@cache
def catalogue() -> Catalogue:
    """The catalogue shipped with the service, read once."""
    return read_catalogue(HERE / "facts.yaml", HERE / "rxnorm_products.csv")


def read_catalogue(path: Path, products: Path) -> Catalogue:
    """Read a catalogue and the table of medicinal products; RuleSetError lists all mistakes."""
    return Catalogue(*read_fact_types(path, products))
