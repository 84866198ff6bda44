"""One thing that is not as it was in another version of the knowledge, in one plain sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rules.model import Citation, Example, Finding
from rules.versions import MAJOR, MINOR, PATCH

Part = TypeVar("Part")
# What became of one property of a part, and the least step of the version it asks for by itself.
Aspect = tuple[str, str]
KINDS = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Change:
    """A part of a rule set that was added, removed or changed; `needs` is the least step of the version for it."""

    part: str
    id: str
    kind: str
    says: str
    needs: str


def compare_parts(
    part: str,
    old: Mapping[str, Part],
    new: Mapping[str, Part],
    *,
    describe: Callable[[Part, Part], Iterator[Aspect]],
    name: Callable[[Part], str],
    steps: tuple[Callable[[Part], str], str],
) -> Iterator[Change]:
    """The changes among the parts of one kind; `steps` are those for a removed and for an added one."""
    title = part.capitalize()
    for id_ in (id_ for id_ in old if id_ not in new):
        yield Change(part, id_, "removed", f"{title} {id_} is removed: {name(old[id_])}", steps[0](old[id_]))
    for id_ in (id_ for id_ in new if id_ not in old):
        yield Change(part, id_, "added", f"{title} {id_} is added: {name(new[id_])}", steps[1])
    for id_ in (id_ for id_ in old if id_ in new):
        for says, needs in describe(old[id_], new[id_]):
            yield Change(part, id_, "changed", f"{title} {id_}: {says}", needs)


def became(what: str, before: object, after: object, needs: str) -> Iterator[Aspect]:
    """A property that has another value."""
    if before != after:
        yield f"{what} {shown(before)} became {shown(after)}", needs


def reworded(what: str, before: str, after: str) -> Iterator[Aspect]:
    """A text that says it in other words."""
    if before != after:
        yield f'{what} "{before}" became "{after}"', PATCH


def weakened(what: str, before: str, after: str, scale: tuple[str, ...]) -> Iterator[Aspect]:
    """A grade on a scale that starts with the gravest: to lower it needs more than to raise it."""
    needs = MAJOR if scale.index(after) > scale.index(before) else MINOR
    yield from became(what, before, after, needs)


def relisted(what: str, before: Iterable[str], after: Iterable[str], needs: str) -> Iterator[Aspect]:
    """A list with other members, or with the same in another order."""
    old, new = list(before), list(after)
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    if gone:
        yield f"{what} no longer has {', '.join(gone)}", needs
    if come:
        yield f"{what} now has {', '.join(come)}", needs
    if old != new and not gone and not come:
        yield f"{what} stands in another order", PATCH


def recited(before: Iterable[Citation], after: Iterable[Citation]) -> Iterator[Aspect]:
    """Other passages cited."""
    yield from relisted("citations", map(_passage, before), map(_passage, after), PATCH)


def other_examples(before: Iterable[Example], after: Iterable[Example]) -> Iterator[Aspect]:
    """Other patients shown as examples, wherever in the file they stand."""
    if list(map(_shown_patient, before)) != list(map(_shown_patient, after)):
        yield "its examples are others", PATCH


def names(findings: Iterable[Finding]) -> list[str]:
    """The findings by name."""
    return [finding.id for finding in findings]


def shown(value: object) -> str:
    """A value in a sentence."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)


def _passage(citation: Citation) -> str:
    return f"{citation.source.id}/{citation.passage.id}"


def _shown_patient(example: Example) -> tuple[object, ...]:
    return dict(example.given), example.expected, example.undecided
