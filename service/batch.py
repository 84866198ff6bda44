"""Many patients in, one result each out, in a list or as a stream."""

from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Blueprint, Response, request

from schemas import Problem
from service.answers import asked_rule_set, read_query
from service.assessments import PATIENT, QUERY
from service.body import JSON, LINES, content_type, read_body, read_pieces
from service.observing.observation import counted
from service.problems import request_id
from service.reader import Limits, read_json
from service.refusal import Refusal
from service.rows import MOST_ROWS, Asked, answer_rows, at_most
from service.splitting import split_lines, split_list

TYPES = (*JSON, LINES)
SIZE = 16 * 1024 * 1024

blueprint = Blueprint("batch", __name__)


@blueprint.post("/v1/assessments:batch")
def assess_batch() -> Response:
    """Assess many patients.

    Takes a JSON list of patient summaries, or one a line (NDJSON), and gives each its own result in the same order:
    an assessment, or the problem it is refused for, with the number of the row from 0. Results are sent as they are
    made; an empty line is counted and has none. When the body breaks off or is too long, the last result says so.
    """
    query = read_query(QUERY)
    rule_set = asked_rule_set(query.get("rule_set"), query.get("profile"))
    asked = Asked(rule_set, request_id(), query.get("trace") == "true", "unknown" in query)
    if content_type(request, TYPES) == LINES:
        answer = Response(_lines(counted(answer_rows(_arriving_rows(), asked))), content_type=LINES)
    else:
        answer = Response(_list(counted(answer_rows(_listed_rows(), asked))), content_type="application/json")
    answer.headers["Rule-Set-Version"] = asked.rule_set.manifest.version
    return answer


def _arriving_rows() -> Iterator[bytes]:
    """The lines of the body; what is wrong before the first one has ended is refused as of any other body."""
    lines = at_most(split_lines(read_pieces(request, SIZE), PATIENT.size), MOST_ROWS)
    first = next(lines, b"")
    return chain([first], lines)


def _listed_rows() -> list[bytes]:
    raw = read_body(request, SIZE, TYPES)
    if not raw.lstrip().startswith(b"["):
        read_json(raw, Limits(SIZE))
        raise Refusal(422, Problem("", "must be a JSON list"))
    return split_list(raw, MOST_ROWS)


def _lines(results: Iterable[bytes]) -> Iterator[bytes]:
    for result in results:
        yield result + b"\n"


def _list(results: Iterable[bytes]) -> Iterator[bytes]:
    before = b"["
    for result in results:
        yield before + result
        before = b","
    yield b"]" if before == b"," else b"[]"
