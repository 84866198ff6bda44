"""What a coded concept means in the catalogue: by any of its codes, else by whole words of its names."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from rules.catalogue import Catalogue, catalogue
from rules.fact_types import FactType
from schemas.fhir.concepts import Concept, Match, Words, words

SHORTEST_NAME_WITHIN = 4

# Words before a name, and beside it, that make it say something else: the reverse, a doubt, another person or disease.
TURNING_BEFORE = frozenset(words("no not non without never negative denies denied pre"))
TURNING_BESIDE = frozenset(
    words(
        "absence absent free ruled rule excluded exclude suspected suspicion possible probable questionable risk "
        "family familial maternal paternal mother father screening screen exposure allergy allergic intolerance "
        "adverse refused declined gestational insipidus reversal prophylaxis education counseling fear"
    )
)
# Words that make a disease a thing of the past; an operation always is one.
PAST = frozenset(words("history hx past previous former resolved"))
# The only words beside a medicine that turn it round: others, as in `sugar free`, belong to its name.
BESIDE_A_MEDICINE = frozenset(words("never declined refused stopped"))
BESIDE = {"procedures": TURNING_BESIDE, "medications": BESIDE_A_MEDICINE}


class Terms:
    """The codes and names of the catalogue, ready to be looked up; with `unverified`, unverified codes too."""

    def __init__(self, facts: Catalogue, *, unverified: bool) -> None:
        self._codes = {
            (coding.system, coding.code): Match(fact)
            for fact in facts
            for coding in sorted(fact.codes, key=lambda coding: bool(coding.verified))
            if coding.verified or unverified
        }
        self._names = {group: dict(_names_of(group, facts)) for group in facts.groups}
        self._coded = frozenset(match.fact.code for match in self._codes.values())
        self._longest = max(len(name) for names in self._names.values() for name in names)
        self._first_words = frozenset(name[0] for names in self._names.values() for name in names)

    def by_code(self, concept: Concept, groups: Sequence[str]) -> list[Match]:
        """The facts of these groups that any code of the concept stands for."""
        found = [self._codes.get(code) for code in concept.codes]
        return list({match.fact.code: match for match in found if match and match.fact.group in groups}.values())

    def has_codes(self, fact: FactType) -> bool:
        """Whether any code stands for the fact."""
        return fact.code in self._coded

    def by_name(self, concept: Concept, groups: Sequence[str]) -> list[Match]:
        """The fact of these groups that the concept is called, word for word."""
        found = (self._names[group].get(name) for name in concept.names for group in groups)
        return [Match(fact, by_name=True) for fact in found if fact][:1]

    def by_words(self, concept: Concept, groups: Sequence[str]) -> list[Match]:
        """The facts of these groups named by whole words within the first of the concept's names that has any."""
        for name in concept.names:
            found = _distinct(fact for place, fact in self._within(name, groups) if _is_meant(fact, name, place))
            if found:
                return [Match(fact, by_name=True) for fact in found]
        return []

    def find(self, concept: Concept, groups: Sequence[str]) -> list[Match]:
        """The facts a concept means: by its codes, else by its whole name, else by words within a name."""
        return self.by_code(concept, groups) or self.by_name(concept, groups) or self.by_words(concept, groups)

    def _within(self, name: Words, groups: Sequence[str]) -> Iterator[tuple[int, FactType]]:
        """The longest names first at each word, none of them overlapping another."""
        place = 0
        while place < len(name):
            size, fact = self._longest_at(name[place : place + self._longest], groups)
            if fact:
                yield place, fact
            place += size

    def _longest_at(self, name: Words, groups: Sequence[str]) -> tuple[int, FactType | None]:
        """The longest name that these words begin with: how many words it has, and its fact; else one and none."""
        starts = (name[:size] for size in range(len(name) if name[0] in self._first_words else 0, 0, -1))
        long_enough = (start for start in starts if len("".join(start)) >= SHORTEST_NAME_WITHIN)
        named = ((len(start), self._names[group].get(start)) for start in long_enough for group in groups)
        return next((found for found in named if found[1]), (1, None))


def _names_of(group: str, facts: Catalogue) -> Iterator[tuple[Words, FactType]]:
    for fact in facts.groups[group].values():
        plain = fact.label.partition(" (")[0]
        for name in (fact.label, plain, *fact.aliases, fact.code):
            yield words(name.replace("_", " ")), fact


@cache
def terms(*, unverified: bool) -> Terms:
    """The terms of the shipped catalogue, worked out once."""
    return Terms(catalogue(), unverified=unverified)


def _distinct(found: Iterable[FactType]) -> Iterable[FactType]:
    """Each fact once; facts are told apart by their codes since they hold tables that cannot be hashed."""
    return {fact.code: fact for fact in found}.values()


def _is_meant(fact: FactType, name: Words, place: int) -> bool:
    beside = BESIDE.get(fact.group, TURNING_BESIDE | PAST)
    return TURNING_BEFORE.isdisjoint(name[:place]) and beside.isdisjoint(name)
