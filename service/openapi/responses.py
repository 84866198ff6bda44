"""How a route may answer: as asked, that the client's copy still holds, or with a problem shared by all routes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import schemas
from service.openapi import content
from service.problems import DETAILS

Part = dict[str, Any]

HEADERS = {
    "Request-Id": "The client's own Request-Id when it is a plain token, else one made for this answer",
    "Rule-Set-Version": "The version of the rule set that the answer rests on",
    "ETag": "What to send as `If-None-Match` to ask whether the answer still holds",
    "WWW-Authenticate": "`Bearer`: how a credential is sent",
    "Retry-After": (
        "The seconds to wait. 503 has it from a server that is about to end or has more waiting than it may hold, "
        "and has it not where there is nothing to answer from, which waiting does not change"
    ),
}
OF_PROBLEMS: Mapping[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def answers(body: Part, *headers: str) -> Part:
    """The answer, and where it has an ETag also that there is no newer one; with these headers beside its id."""
    sent = _headers("Request-Id", *headers)
    unchanged = {"304": {"description": "The answer that the client has still holds", "headers": sent}}
    success = {"200": {"description": "The answer", "headers": sent, "content": body}}
    return {**success, **unchanged} if "ETag" in headers else success


def problem_name(status: int, kind: str = "Problem") -> str:
    """The name of the shared response for one status."""
    return f"{kind}{status}"


def problem_response(status: int, kind: str = "Problem") -> Part:
    """A problem of one status, the same wherever it comes from.

    FHIR paths say it as an OperationOutcome, unless the server refuses a request that it has not read.
    """
    shape = schemas.LackSchema if status == HTTPStatus.PRECONDITION_FAILED else schemas.ProblemSchema
    problem = {"application/problem+json": {"schema": shape}}
    outcome = content.fhir("OperationOutcome") if kind == "Outcome" else {}
    body = {**outcome, **problem} if status == HTTPStatus.SERVICE_UNAVAILABLE else outcome or problem
    headers = _headers("Request-Id", *OF_PROBLEMS.get(status, ()))
    return {"description": DETAILS[status], "headers": headers, "content": body}


def _headers(*names: str) -> Part:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
