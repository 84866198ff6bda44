"""What a client is told whose request the application never reads: in the one shape of every problem."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4

from gunicorn.http import errors

from service.problems import problem_document

STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


def status_of(error: Exception) -> HTTPStatus:
    """How a request is refused at which the server's own parser failed."""
    ours = HTTPStatus.BAD_REQUEST if isinstance(error, errors.ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), ours)


def refusal(status: HTTPStatus, headers: Mapping[str, str]) -> bytes:
    """A whole answer with these headers beside its own; the connection ends with it."""
    request_id = str(uuid4())
    body = problem_document(status, request_id)
    every = {
        "Request-Id": request_id,
        "Connection": "close",
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in every.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
