"""What changed in a disease of the differential or in a cause."""

from collections.abc import Iterator

from rules.differences.changes import Aspect, became, names, other_examples, recited, relisted, reworded
from rules.differences.conclusions import describe_when
from rules.model import BLOCKS, Explanation, When
from rules.versions import MINOR

LISTS = {"appears": "appears", "for": "speaks_for", "against": "speaks_against", "ask": "ask"}
NOTHING_ASKED = When()


def describe_explanation(old: Explanation, new: Explanation) -> Iterator[Aspect]:
    """Each property of a disease or a cause that is not as it was."""
    yield from reworded("label", old.label, new.label)
    yield from became("known", _known(old), _known(new), MINOR)
    for word, kept_in in LISTS.items():
        yield from relisted(word, names(getattr(old, kept_in)), names(getattr(new, kept_in)), MINOR)
    for block in BLOCKS:
        before, after = (getattr(explanation, block) or NOTHING_ASKED for explanation in (old, new))
        yield from describe_when(before, after, f"{block}: ")
    yield from _rest(old, new)


def _rest(old: Explanation, new: Explanation) -> Iterator[Aspect]:
    yield from became("criteria", old.criteria, new.criteria, MINOR)
    yield from became("coexists", old.coexists, new.coexists, MINOR)
    yield from relisted("settled_by", old.settled_by, new.settled_by, MINOR)
    yield from reworded("note", old.note, new.note)
    yield from recited(old.citations, new.citations)
    yield from other_examples(old.examples, new.examples)


def _known(explanation: Explanation) -> str | None:
    return explanation.known.id if explanation.known else None
