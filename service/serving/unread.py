"""What a client is told whose request the application never reads: in the one shape of every problem."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4

from gunicorn.http import errors

from schemas import Problem
from service.problems import problem_document
from service.serving.arrival import LONGEST_HEADER, MOST_HEADERS, MOST_START

STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
# What to put right; 500 and 503 are no fault of the request.
PROBLEMS = {
    HTTPStatus.BAD_REQUEST: Problem(
        "", "has a request line, headers (one Host among them) or framing that are not well-formed HTTP/1.1"
    ),
    HTTPStatus.REQUEST_TIMEOUT: Problem("", "must come whole in the time that a client has to send it"),
    HTTPStatus.REQUEST_URI_TOO_LONG: Problem("", f"must not have a request line longer than {MOST_START} bytes"),
    HTTPStatus.EXPECTATION_FAILED: Problem("header.Expect", "must be left out, or be", ("100-continue",)),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: Problem(
        "header", f"must not be more than {MOST_HEADERS} headers of at most {LONGEST_HEADER} bytes each"
    ),
    HTTPStatus.NOT_IMPLEMENTED: Problem("header.Transfer-Encoding", "must be left out, or be", ("chunked",)),
}
# A server that ends is gone by then and another may be in its place; one with too much waiting has answered some of it.
SECONDS_TO_WAIT = 5


def status_of(error: Exception) -> HTTPStatus:
    """How a request is refused at which the server's own parser failed."""
    ours = HTTPStatus.BAD_REQUEST if isinstance(error, errors.ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), ours)


def refusal(status: HTTPStatus, headers: Mapping[str, str]) -> bytes:
    """A whole answer with these headers beside its own; the connection ends with it."""
    request_id = str(uuid4())
    body = problem_document(status, request_id, [PROBLEMS[status]] if status in PROBLEMS else ())
    waits = {"Retry-After": str(SECONDS_TO_WAIT)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    every = {
        "Request-Id": request_id,
        "Connection": "close",
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        **waits,
        **headers,
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in every.items())]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body
