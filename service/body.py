"""The request body over HTTP: plain JSON or a form in UTF-8, whole, and within its limit, before anything is parsed."""

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import get_content_length

from schemas import Problem
from service.reader import Limits, read_object
from service.refusal import Refusal

JSON = ("application/json",)
FHIR_JSON = ("application/fhir+json", "application/json")
FORM = "application/x-www-form-urlencoded"
MOST_FORM_FIELDS = 10_000
LINES = "application/x-ndjson"
CHARSET = re.compile(r'charset=("utf-8"|utf-8)')
# A parameter of FHIR's media types. It says major and minor version; some write the patch, which changes nothing.
FHIR_VERSION = re.compile(r'fhirversion=("?)4\.0(?:\.1)?\1')
PIECE = 64 * 1024


def read_document(request: Request, limits: Limits) -> dict[str, object]:
    """The JSON object a client posted; Refusal 400, 413, 415 or 422 says what is wrong with it."""
    return read_object(read_body(request, limits.size), limits)


def read_body(request: Request, limit: int, types: Sequence[str] = JSON) -> bytes:
    """The body a client posted as one of the types, not yet parsed; Refusal 400, 413 or 415."""
    content_type(request, types)
    return b"".join(_pieces(request, limit, limit + 1))


def read_form(request: Request, limit: int) -> MultiDict[str, str]:
    """The fields of a form that a person posted, empty ones too; Refusal 400, 413 or 415."""
    body = read_body(request, limit, (FORM,))
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FORM_FIELDS
        )
    except ValueError:
        raise Refusal(400, Problem("", "is not a form in UTF-8")) from None
    return MultiDict(fields)


def read_pieces(request: Request, limit: int) -> Iterator[bytes]:
    """A body of lines, in the pieces it arrives in; Refusal 400 or 413 may come in mid-stream."""
    return _pieces(request, limit, PIECE)


def content_type(request: Request, types: Sequence[str]) -> str:
    """Which of the types a client says its body has; Refusal 415 lists them, and that it is not compressed."""
    sent = request.headers.get("Content-Type", "").strip().lower()
    kind, *parameters = (part.strip(" \t") for part in sent.split(";"))
    known = (CHARSET, FHIR_VERSION) if FHIR_JSON[0] in types else (CHARSET,)
    read = [pattern for said in parameters for pattern in known if pattern.fullmatch(said)]
    if kind not in types or not len(set(read)) == len(read) == len(parameters):
        raise _other_type(types, parameters)
    _check_encoding(request)
    return kind


def _other_type(types: Sequence[str], parameters: Sequence[str]) -> Refusal:
    accepted = (*types, *(f"{kind}; charset=utf-8" for kind in types))
    if FHIR_JSON[0] not in types:
        return Refusal(415, Problem("header.Content-Type", "must say that the body is JSON in UTF-8", accepted))
    message = "must say that the body is JSON in UTF-8"
    if any(said.startswith("fhirversion") for said in parameters):
        message = f"{message}, and no version of FHIR but 4.0 (R4)"
    return Refusal(415, Problem("header.Content-Type", message, (*accepted, f"{FHIR_JSON[0]}; fhirVersion=4.0")))


def _check_encoding(request: Request) -> None:
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Refusal(415, Problem("header.Content-Encoding", "must be left out, or be", ("identity",)))


def _pieces(request: Request, limit: int, at_once: int) -> Iterator[bytes]:
    declared = get_content_length(request.environ)
    if declared is not None and declared > limit:
        raise _too_long(limit)
    if declared is None and not request.environ.get("wsgi.input_terminated"):
        declared = 0
    return _counted(request.environ["wsgi.input"].read, declared, limit, at_once)


def _counted(read: Callable[[int], bytes], declared: int | None, limit: int, at_once: int) -> Iterator[bytes]:
    arrived, most = 0, limit + 1 if declared is None else declared
    while arrived < most and (piece := _read(read, min(at_once, most - arrived))):
        arrived += len(piece)
        if arrived > limit:
            raise _too_long(limit)
        yield piece
    if declared is not None and arrived < declared:
        raise Refusal(400, Problem("", "is shorter than its Content-Length"))


def _read(read: Callable[[int], bytes], most: int) -> bytes:
    try:
        return read(most)
    except Exception:  # each server has its own kinds for a broken chunk or a lost connection
        raise Refusal(400, Problem("", "broke off, or its chunks are malformed")) from None


def _too_long(limit: int) -> Refusal:
    return Refusal(413, Problem("", f"must not be longer than {limit} bytes"))
