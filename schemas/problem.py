"""What is wrong with a document: where, in which words, and what is accepted instead; never what was sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

MOST_PROBLEMS = 20
MOST_NEAR_NAMES = 5
LONGEST_COMPARED_NAME = 60
WHOLE_OBJECT = "_schema"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the path of the field, what it must be, and what is accepted there."""

    path: str
    message: str
    accepted: Sequence[str] = ()


class Refused(Exception):
    """A document that is understood but wrong, with what is wrong with it in the document's own order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def _no_names() -> Sequence[str]:
    return ()


class Complaint(str):
    """A message that carries what is accepted; `near` finds the names close to what was sent, if it is shown."""

    accepted: Sequence[str]
    near: Callable[[], Sequence[str]]

    def __new__(
        cls, text: str, accepted: Sequence[str] = (), near: Callable[[], Sequence[str]] = _no_names
    ) -> "Complaint":
        complaint = super().__new__(cls, text)
        complaint.accepted = accepted
        complaint.near = near
        return complaint


class UnknownField(Complaint):
    """A field that does not exist there: its name is the client's own, so the message belongs to its parent."""


def near_names(name: str, names: Iterable[str]) -> list[str]:
    """At most five of our names that are close to one that was sent."""
    compared = name[:LONGEST_COMPARED_NAME].casefold().replace(" ", "_")
    return get_close_matches(compared, list(names), n=MOST_NEAR_NAMES, cutoff=0.6)


def problems_of(errors: object, document: object) -> list[Problem]:
    """The first twenty problems of a document, in the order of the document."""
    return list(islice(_walk(errors, document, ""), MOST_PROBLEMS))


def _walk(errors: object, document: object, path: str) -> Iterator[Problem]:
    if not isinstance(errors, Mapping):
        yield from (_problem(path, message) for message in _messages(errors))
        return
    ranked = _in_document_order(errors, document)
    unknown = [key for key in ranked if _is_unknown_field(errors[key])]
    if unknown:
        yield _problem(path, _all_unknown(unknown, errors[unknown[0]][0]))
    for key in ranked:
        if not _is_unknown_field(errors[key]):
            yield from _walk(errors[key], _member(document, key), _path(path, key))


def _in_document_order(errors: Mapping[str | int, object], document: object) -> list[str | int]:
    """The object's own complaints, then fields as they were sent, then what is missing."""
    sent = {name: place for place, name in enumerate(document)} if isinstance(document, dict) else {}

    def place(key: str | int) -> tuple[bool, int, str]:
        return key != WHOLE_OBJECT, key if isinstance(key, int) else sent.get(key, len(sent)), str(key)

    return sorted(errors, key=place)


def _is_unknown_field(messages: object) -> bool:
    return isinstance(messages, list) and isinstance(messages[0], UnknownField)


def _all_unknown(keys: Sequence[str | int], message: UnknownField) -> Complaint:
    def near() -> list[str]:
        close = (name for key in keys[:MOST_PROBLEMS] for name in near_names(str(key), message.accepted))
        return list(islice(dict.fromkeys(close), MOST_NEAR_NAMES))

    return Complaint(message, message.accepted, near)


def _member(document: object, key: str | int) -> object:
    if isinstance(document, dict):
        return document if key == WHOLE_OBJECT else document.get(key)
    return document[key] if isinstance(document, list) and isinstance(key, int) else None


def _path(path: str, key: str | int) -> str:
    if key == WHOLE_OBJECT:
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _messages(errors: object) -> Iterable[object]:
    return errors if isinstance(errors, list) else [errors]


def _problem(path: str, message: object) -> Problem:
    if not isinstance(message, Complaint):
        return Problem(path, str(message))
    near = tuple(message.near())
    text = f"{message}; did you mean {' or '.join(near)}?" if near else str(message)
    return Problem(path, text, tuple(message.accepted) or near)
