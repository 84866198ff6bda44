"""One shape for everything that goes wrong: RFC 9457 problem documents, with nothing of the patient."""

import logging
import re
import traceback
from collections.abc import Iterable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, TooManyRequests
from werkzeug.http import HTTP_STATUS_CODES

from schemas import Problem, Refused
from schemas.fhir_answer import error_outcome
from schemas.problem import MOST_PROBLEMS
from service.body import FHIR_JSON
from service.headers import careful_headers
from service.names import path_of
from service.refusal import Refusal

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
TITLES = {**HTTP_STATUS_CODES, 413: "Content Too Large", 422: "Unprocessable Content"}
UNANSWERABLE = "The request cannot be answered."
DETAILS = {
    400: "The request, or the JSON document in it, is not well formed.",
    401: "The request is not from a client that may call this.",
    403: "The client is known, but may not call this.",
    404: "Nothing is here under that name.",
    405: "This path does not take that method.",
    408: "The request did not come whole in time.",
    412: "What is needed to answer was not sent and could not be asked for.",
    413: "The request body is too large.",
    414: "The address of the request is too long.",
    415: "The request body must be plain JSON in UTF-8.",
    417: "What the request expects cannot be met.",
    422: "The request is well formed but cannot be answered as it stands.",
    429: "Too many requests: try again later.",
    431: "The headers of the request are too long or too many.",
    500: "The service failed. The request id finds the failure in its log.",
    501: "The request is written in a way that is not read here.",
    503: "The service is not ready to answer.",
}

log = logging.getLogger(__name__)


def register(app: Flask, *, https: bool = False) -> None:
    """Give every answer of the application its request id, and every error its one shape."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    app.after_request(partial(_stamp, careful=careful_headers(https=https)))


def request_id() -> str:
    """The client's own Request-Id when it is a plain token, else one made for this request."""
    sent = request.headers.get("Request-Id", "")
    if SANE_REQUEST_ID.fullmatch(sent):
        return sent
    made: str = request.environ.setdefault("b12cds.request_id", str(uuid4()))
    return made


def problem_document(status: int, instance: str, problems: Iterable[Problem] = ()) -> bytes:
    """The body of an error answer; of 412 also a FHIR OperationOutcome, for the EHRs that read nothing else."""
    listed = list(problems)[:MOST_PROBLEMS]
    return orjson.dumps(
        {
            "type": "about:blank",
            "title": TITLES[status],
            "status": status,
            "detail": DETAILS.get(status, UNANSWERABLE),
            "instance": instance,
            "errors": [_entry(problem) for problem in listed],
            **(_outcome(status, instance, listed) if status == HTTPStatus.PRECONDITION_FAILED else {}),
        }
    )


def _outcome(status: int, instance: str, problems: Iterable[Problem]) -> dict[str, object]:
    return error_outcome(status, DETAILS.get(status, UNANSWERABLE), instance, list(problems)[:MOST_PROBLEMS])


def _entry(problem: Problem) -> dict[str, object]:
    entry: dict[str, object] = {"path": problem.path, "message": problem.message}
    return {**entry, "accepted": list(problem.accepted)} if problem.accepted else entry


def _answer(status: int, problems: Iterable[Problem] = (), headers: Mapping[str, str] | None = None) -> Response:
    if request.path.startswith("/fhir/"):
        outcome = orjson.dumps(_outcome(status, request_id(), problems))
        return Response(outcome, status, headers, content_type=FHIR_JSON[0])
    body = problem_document(status, request_id(), problems)
    return Response(body, status, headers, content_type="application/problem+json")


def _refusal(error: Refusal) -> Response:
    return _answer(error.status, error.problems)


def _refused(error: Refused) -> Response:
    return _answer(422, error.problems)


def _http_error(error: HTTPException) -> Response:
    match error:
        case NotFound():
            return _answer(404, [Problem("", "there is no such path", _paths())])
        case MethodNotAllowed():
            allowed = tuple(sorted(error.valid_methods or ()))
            problem = Problem("", "does not take that method", allowed)
            return _answer(405, [problem], {"Allow": ", ".join(allowed)})
        case TooManyRequests(retry_after=int(seconds)):
            return _answer(429, headers={"Retry-After": str(seconds)})
    return _answer(error.code or 500)


def _paths() -> tuple[str, ...]:
    return tuple(sorted({path_of(rule) for rule in current_app.url_map.iter_rules()}))


def log_failure(failed: str, error: Exception) -> None:
    """Log a fault of ours. Its message and its values may be a patient's, so only its kind and place are."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("request %s failed: %s at %s", failed, type(error).__name__, " < ".join(reversed(places)))


def _failure(error: Exception) -> Response:
    log_failure(request_id(), error)
    return _answer(500)


def _stamp(response: Response, *, careful: Mapping[str, str]) -> Response:
    response.headers["Request-Id"] = request_id()
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    for name, value in careful.items():
        response.headers.setdefault(name, value)
    return response
