"""The score as a page: how many changes of each kind were noticed, and why each of the others was not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.quantities import plain
from tests.mutants.changes import Mutant
from tests.mutants.missing import Example

EQUIVALENT = "no patient is answered differently by any rule or stance that reads it (the solver finds none)"


@dataclass(frozen=True)
class Survivor:
    """A change that nothing noticed, with the example that would; without one, nothing could."""

    mutant: Mutant
    example: Example | None


def percent(tried: int, survivors: Iterable[Survivor]) -> float:
    """The share of noticed changes among those that an example could notice."""
    lasting = list(survivors)
    possible = tried - sum(one.example is None for one in lasting)
    return 100 * (1 - sum(one.example is not None for one in lasting) / possible)


def page(version: str, mutants: list[Mutant], survivors: list[Survivor]) -> str:
    """The page of one rule set."""
    return "\n".join(
        (
            f"## {version}: {percent(len(mutants), survivors):.1f} %",
            "",
            *_table(mutants, survivors),
            "",
            *_reasons(survivors),
            "",
        )
    )


def _table(mutants: list[Mutant], survivors: list[Survivor]) -> Iterator[str]:
    tried = Counter(mutant.kind for mutant in mutants)
    same = Counter(one.mutant.kind for one in survivors if one.example is None)
    missed = Counter(one.mutant.kind for one in survivors if one.example is not None)
    yield from ("| Change | Made | Noticed | Same for every patient | Missed | Score |", "|---|---|---|---|---|---|")
    for kind in tried:
        possible = tried[kind] - same[kind]
        score = f"{100 * (possible - missed[kind]) / possible:.1f} %" if possible else "-"
        yield f"| {kind} | {tried[kind]} | {possible - missed[kind]} | {same[kind]} | {missed[kind]} | {score} |"


def _reasons(survivors: list[Survivor]) -> Iterator[str]:
    yield f"Same for every patient, so that nothing can notice: {EQUIVALENT}."
    yield ""
    for one in survivors:
        reason = (
            "same for every patient"
            if one.example is None
            else f"missed: an example of `{one.example[0]}` lacks, {line(one.example)}"
        )
        yield f"- {one.mutant.kind}, `{one.mutant.before.id}`, {one.mutant.what}: {reason}"


def line(example: Example) -> str:
    """An example as a line of a rules file."""
    _, given, expected = example
    return f"{{given: {_flow(given)}, {_expected(expected)}}}"


def _expected(expected: str) -> str:
    words = {"fires": "fires: true", "silent": "fires: false", "undecided": "undecided: []", "absent": "absent: true"}
    return words.get(expected, f"stance: {expected}")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return plain(value)
    plainly = isinstance(value, int) or (str(value)[0].isalpha() and not set(str(value)) & set("{}[],:#"))
    return str(value) if plainly else f'"{value}"'
