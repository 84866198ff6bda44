"""OperationOutcomes: what became of each part of a document, and the one shape of errors on FHIR paths."""

import re
from collections.abc import Iterable, Iterator

from schemas.fhir_answer.answered import Answered, Remark
from schemas.fhir_answer.parts import Part, resource
from schemas.inputs import render_inputs
from schemas.problem import Problem

# HL7's issue-type for each status that this service answers with.
ISSUE_TYPES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    412: "required",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    429: "throttled",
    500: "exception",
    503: "transient",
}
HTTP_PART = re.compile(r"(?:query|header|path)\.(.+)")


def account(answered: Answered) -> Part:
    """What became of each resource and of each fact read from it: used, not used and why, or to be looked at."""
    remarks = [*answered.received.remarks, *_readings(answered)]
    return resource("OperationOutcome", issue=[_remark(remark) for remark in remarks])


def _readings(answered: Answered) -> Iterator[Remark]:
    """How the summary was read that the document came to."""
    inputs = render_inputs(answered.intake.inputs, answered.rule_set.reads)
    yield Remark("information", f"{len(inputs['used'])} facts are used, as of {answered.day}")
    for warning in inputs["warnings"]:
        yield Remark("warning", warning["message"], answered.received.place(warning["path"]))
    for unused in inputs["unused"]:
        yield Remark(
            "information",
            f"{unused['path']} decides nothing: {unused['reason']}",
            answered.received.place(unused["path"]),
        )
    for one in inputs["conversions"]:
        yield Remark("information", f"{one['from']} is {one['to']}", answered.received.place(one["path"]))


def _remark(remark: Remark) -> Part:
    place = {"expression": [remark.place]} if remark.place else {}
    kind = "informational" if remark.severity == "information" else "incomplete"
    return {"severity": remark.severity, "code": kind, "details": {"text": remark.text}, **place}


def error_outcome(status: int, detail: str, request_id: str, problems: Iterable[Problem]) -> Part:
    """An error: each thing to put right with its place, or what went wrong where nothing more can be said."""
    listed = list(problems) or [Problem("", detail)]
    kind = ISSUE_TYPES.get(status, "processing")
    said = f"request {request_id}"
    return resource("OperationOutcome", issue=[_error(kind, said, detail, problem) for problem in listed])


def _error(kind: str, said: str, detail: str, problem: Problem) -> Part:
    words = (
        problem.message
        if problem.message == detail
        else f"{detail} {problem.path or 'The document'}: {problem.message}"
    )
    accepted = f"; accepted: {', '.join(problem.accepted)}" if problem.accepted else ""
    place = {"expression": [_place(problem.path)]} if problem.path else {}
    return {"severity": "error", "code": kind, "details": {"text": words + accepted}, "diagnostics": said, **place}


def _place(path: str) -> str:
    """A place as FHIR writes it: `http.` and the name for a parameter or a header, else the element."""
    return HTTP_PART.sub(r"http.\1", path)
