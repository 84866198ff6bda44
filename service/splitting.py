"""Cutting a batch into its rows without reading what is in them, so that each row can be wrong alone."""

import re
from collections.abc import Iterable, Iterator, Mapping

from schemas import Problem
from service.refusal import Refusal

TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
BLANKS = b" \t\r\n"
DEEPER: Mapping[bytes, int] = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def split_lines(pieces: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The lines of a text that comes in pieces; of one that is too long, one byte more than the longest."""
    line = b""
    for piece in pieces:
        first, *others = piece.split(b"\n")
        line = (line + first)[: longest + 1]
        for other in others:
            yield line
            line = other[: longest + 1]
    if line:
        yield line


def split_list(raw: bytes, most: int) -> list[bytes]:
    """The entries of a JSON list as they stand; whether they are JSON is for who reads them.

    Refusal 400: no such list. 413: more than `most` entries.
    """
    ends = list(_ends(raw, most))
    first, last = raw.find(b"["), ends[-1]
    if raw[:first].strip(BLANKS) or raw[last:].strip(BLANKS) != b"]":
        raise _malformed()
    entries = [raw[start + 1 : end].strip(BLANKS) for start, end in zip([first, *ends], ends, strict=False)]
    if entries == [b""]:
        return []
    if not all(entries):
        raise _malformed()
    return entries


def _ends(raw: bytes, most: int) -> Iterator[int]:
    """Where each entry of the outermost list ends."""
    for entries, end in enumerate(_separators(raw), start=1):
        if entries > most:
            raise Refusal(413, Problem("", f"must not have more than {most} rows"))
        yield end


def _separators(raw: bytes) -> Iterator[int]:
    """Where the commas of the outermost list stand, and then its closing bracket."""
    depth = 0
    for token in TOKEN.finditer(raw):
        mark = token[0]
        depth += DEEPER.get(mark, 0)
        if depth == 0 or (depth == 1 and mark == b","):
            yield token.start()
        if depth == 0:
            return
    raise _malformed()


def _malformed() -> Refusal:
    return Refusal(400, Problem("", "is not one well-formed JSON list"))
