"""The one strict JSON reader behind every door: what is not plain, unambiguous JSON is refused, never repaired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count, islice

from schemas import Problem
from schemas.problem import MOST_PROBLEMS
from service.parsing import Unusable, parse
from service.refusal import Refusal

# In UTF-8 no byte of another character looks like a bracket, a quote or a colon.
OF_NO_OUTLINE = bytes({*range(256)} - {*b'[{]}":'})
ALIKE = bytes.maketrans(b"[{]}", b"(())")
STEPS = {ord("("): 1, ord(")"): -1}

# Letters and marks that Unicode calls printable although nothing is seen.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may hold. `names` are the member names that a message may repeat.

    With `free_text` strings may be as long as the document and hold line breaks or any other character: FHIR has
    narratives and attachments, which nobody here reads, and what is read of it goes through the same narrow door.
    """

    size: int
    names: frozenset[str] = frozenset()
    depth: int = 32
    characters: int = 200
    free_text: bool = False


def read_object(raw: bytes, limits: Limits) -> dict[str, object]:
    """Read a document that must be one JSON object."""
    document = read_json(raw, limits)
    if not isinstance(document, dict):
        raise Refusal(422, Problem("", "must be a JSON object"))
    return document


def read_json(raw: bytes, limits: Limits) -> object:
    """Read one JSON document from UTF-8 bytes; numbers become int and Decimal and keep their digits.

    Refusal 400: not JSON, not UTF-8, a member named twice. 413: too long. 422: too deep, a text too long or
    with characters that nobody sees, a number out of range.
    """
    if len(raw) > limits.size:
        raise Refusal(413, Problem("", f"must not be longer than {limits.size} bytes"))
    text = _decode(raw)
    outline = _outline(raw)
    if _depth(outline) > limits.depth:
        raise Refusal(422, Problem("", f"must not be nested deeper than {limits.depth} levels"))
    document, unusable = parse(text, members=outline.count(b":"))
    if unusable or _is_unusual(text, limits):
        refuse_faults(document, limits)
    return document


def _decode(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, Problem("", f"is not UTF-8 at byte {error.start + 1}")) from None
    if text.startswith("\ufeff"):
        raise Refusal(400, Problem("", "must not start with a byte order mark"))
    return text


def _outline(raw: bytes) -> bytes:
    """The brackets and colons outside of texts, found without parsing.

    A backslash that stands outside a text can mislead it from there on, and there a parser stops.
    """
    unescaped = raw.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in raw else raw
    # Quotes side by side have nothing between them; without them all else stays inside or outside of a text.
    outline = unescaped.translate(None, OF_NO_OUTLINE).replace(b'""', b"")
    return b"".join(outline.split(b'"')[::2])


def _depth(outline: bytes) -> int:
    """The deepest nesting, so that a parser never has to recurse into it.

    All innermost pairs are taken away at once, level by level; one by one where that is no shorter or leaves any over.
    """
    brackets = rest = outline.translate(ALIKE, b":")
    for depth in count():
        if not rest:
            return depth
        before, rest = len(rest), rest.replace(b"()", b"")
        if len(rest) > before * 7 // 8:
            break
    return max(accumulate(map(STEPS.__getitem__, brackets)))


def _is_unusual(text: str, limits: Limits) -> bool:
    """Whether the text can hold a string to refuse; few do, and only those are walked."""
    if limits.free_text:
        return False
    if "\\" in text or "\x7f" in text or not text.isascii():
        return True
    return max(map(len, text.split('"'))) > limits.characters


def refuse_faults(document: object, limits: Limits) -> None:
    """Refuse what stands in a parsed document and nobody should read: a text too long, or with unseen characters."""
    faults = list(islice(_faults(document, "", limits), MOST_PROBLEMS))
    if faults:
        status = min(fault.status for _, fault in faults)
        raise Refusal(status, *(Problem(path, fault.message) for path, fault in faults))


def _faults(value: object, path: str, limits: Limits) -> Iterator[tuple[str, Unusable]]:
    match value:
        case Unusable():
            yield path, value
        case str():
            yield from _text_faults(value, path, limits)
        case list():
            for index, item in enumerate(value):
                yield from _faults(item, f"{path}[{index}]", limits)
        case dict():
            for name, member in value.items():
                yield from _text_faults(name, path, limits, "has a member whose name ")
                yield from _faults(member, _member_path(path, name, limits), limits)


def _member_path(path: str, name: str, limits: Limits) -> str:
    """Where a member stands; one with a name of the client's own making is found by its parent."""
    if name not in limits.names:
        return path
    return f"{path}.{name}" if path else name


def _text_faults(text: str, path: str, limits: Limits, what: str = "") -> Iterator[tuple[str, Unusable]]:
    if limits.free_text:
        return
    if len(text) > limits.characters:
        yield path, Unusable(422, f"{what}is longer than {limits.characters} characters")
    elif not text.isprintable() or UNSEEN.search(text):
        yield path, Unusable(422, f"{what}contains a control, invisible or direction-changing character")
