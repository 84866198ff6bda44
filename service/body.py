"""The request body over HTTP: plain JSON in UTF-8, whole, and within its limit, before anything is parsed."""

import re
from collections.abc import Iterator, Sequence
from typing import IO

from flask import Request
from werkzeug.wsgi import get_content_length

from schemas import Problem
from service.reader import Limits, read_object
from service.refusal import Refusal

JSON = ("application/json",)
FHIR_JSON = ("application/fhir+json", "application/json")
CHARSET = re.compile(r'charset=("utf-8"|utf-8)')


def read_document(request: Request, limits: Limits) -> dict[str, object]:
    """The JSON object a client posted; Refusal 400, 413, 415 or 422 says what is wrong with it."""
    return read_object(read_body(request, limits.size), limits)


def read_body(request: Request, limit: int, types: Sequence[str] = JSON) -> bytes:
    """The body a client posted as one of the types, not yet parsed; Refusal 400, 413 or 415."""
    _check_type(request, types)
    _check_encoding(request)
    return _read_body(request, limit)


def _check_type(request: Request, types: Sequence[str]) -> None:
    kind, separator, rest = request.headers.get("Content-Type", "").strip().lower().partition(";")
    if kind.rstrip(" \t") not in types or (separator and not CHARSET.fullmatch(rest.strip(" \t"))):
        accepted = (*types, *(f"{kind}; charset=utf-8" for kind in types))
        raise Refusal(415, Problem("header.Content-Type", "must say that the body is JSON in UTF-8", accepted))


def _check_encoding(request: Request) -> None:
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal(415, Problem("header.Content-Encoding", "must be left out, or be", ("identity",)))


def _read_body(request: Request, limit: int) -> bytes:
    declared = get_content_length(request.environ)
    if declared is not None and declared > limit:
        raise Refusal(413, Problem("", f"must not be longer than {limit} bytes"))
    if declared is None and not request.environ.get("wsgi.input_terminated"):
        declared = 0
    wanted = limit + 1 if declared is None else declared
    try:
        raw = b"".join(_pieces(request.environ["wsgi.input"], wanted))
    except Exception:  # each server has its own kinds for a broken chunk or a lost connection
        raise Refusal(400, Problem("", "broke off, or its chunks are malformed")) from None
    if declared is not None and len(raw) < declared:
        raise Refusal(400, Problem("", "is shorter than its Content-Length"))
    return raw


def _pieces(stream: IO[bytes], wanted: int) -> Iterator[bytes]:
    while wanted > 0 and (piece := stream.read(wanted)):
        wanted -= len(piece)
        yield piece
