"""Finding a fact by the words a person knows it by: its label, its code and its synonyms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.catalogue import catalogue
from rules.fact_types import FactType

MOST_MATCHES = 8
NO_FIT = 4


@dataclass(frozen=True)
class Match:
    """A fact that was found, with the synonym that found it where that is not its own name."""

    fact: FactType
    synonym: str | None

    @property
    def choice(self) -> str:
        """How the page sends the choice back."""
        return f"{self.fact.group}.{self.fact.code}"


def find(groups: Iterable[str], words: str) -> list[Match]:
    """The facts of some lists that a few words mean, the closest first; near spellings when nothing has the words."""
    wanted = _folded(words)
    if not wanted:
        return []
    ranked = [
        found for group in groups for fact in catalogue().groups[group].values() for found in _ranked(fact, wanted)
    ]
    if not ranked:
        return _near(groups, words)
    ranked.sort(key=lambda found: found[0])
    return [match for _, match in ranked[:MOST_MATCHES]]


def exact(groups: Iterable[str], words: str) -> FactType | None:
    """The one fact of that very name or synonym."""
    wanted = _folded(words)
    named = [fact for group in groups for fact in catalogue().groups[group].values() if wanted in _names(fact)]
    return named[0] if len(named) == 1 else None


def _ranked(fact: FactType, wanted: str) -> Iterator[tuple[int, Match]]:
    """How well a fact fits: a name that is, begins with, has a word that begins with, or contains what is wanted."""
    best = min(((_rank(name, wanted), place) for place, name in enumerate(_names(fact))), default=(9, 0))
    if best[0] < NO_FIT:
        name = list(_names(fact))[best[1]]
        yield best[0], Match(fact, None if wanted in _folded(fact.label) else name)


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name:
        return 2
    return 3 if wanted in name else NO_FIT


def _names(fact: FactType) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_folded, (fact.label, fact.code, *fact.aliases))))


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").split())


def _near(groups: Iterable[str], words: str) -> list[Match]:
    codes = {code: group for group in groups for code in catalogue().near(group, words)}
    return [Match(catalogue().fact(code), None) for code in list(codes)[:MOST_MATCHES]]
