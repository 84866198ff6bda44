"""What changed in the sources that statements cite."""

from collections.abc import Iterator
from dataclasses import fields

from rules.differences.changes import Aspect, became, relisted, reworded
from rules.model import Passage, Source
from rules.versions import PATCH

APART = ("id", "passages")
WORDING = ("title", "says")


def describe_source(old: Source, new: Source) -> Iterator[Aspect]:
    """Each property of a source or of one of its passages that is not as it was."""
    yield from _properties(old, new)
    yield from relisted("passages", old.passages, new.passages, PATCH)
    for id_ in (id_ for id_ in old.passages if id_ in new.passages):
        yield from _properties(old.passages[id_], new.passages[id_], f"passage {id_}, ")


def _properties(old: Source | Passage, new: Source | Passage, place: str = "") -> Iterator[Aspect]:
    for name in (field.name for field in fields(old) if field.name not in APART):
        before, after = getattr(old, name), getattr(new, name)
        if name in WORDING:
            yield from reworded(f"{place}{name}", before, after)
        else:
            yield from became(f"{place}{name}", before, after, PATCH)
