"""Many patients at once: each row is read, answered or refused alone, whatever the other rows hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules import RuleSet
from schemas import Problem, Refused
from service.assessments import answer
from service.problems import log_failure, problem_document
from service.refusal import Refusal

MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What every row is answered from, and the id of the request that its problems name."""

    rule_set: RuleSet
    request_id: str
    trace: bool = False
    report_unknown: bool = False


def answer_rows(rows: Iterable[bytes], asked: Asked) -> Iterator[bytes]:
    """The result of every row by its number; an empty one has none, and a refusal to go on is the last."""
    index = -1
    try:
        for index, row in enumerate(rows):
            if row.strip():
                yield answer_row(index, row, asked)
    except Refusal as refusal:
        yield _problem_row(index + 1, refusal.status, refusal.problems, asked)


def answer_row(index: int, raw: bytes, asked: Asked) -> bytes:
    """The result of one row: its assessment, or the problem it is refused for."""
    try:
        assessment = answer(raw, asked.rule_set, trace=asked.trace, report_unknown=asked.report_unknown)
        return b'{"index":%d,"status":200,"assessment":%b}' % (index, assessment)
    except Refusal as refusal:
        return _problem_row(index, refusal.status, refusal.problems, asked)
    except Refused as refused:
        return _problem_row(index, 422, refused.problems, asked)
    except Exception as error:  # one row that we fail on must not take the others with it
        log_failure(asked.request_id, error)
        return _problem_row(index, 500, (), asked)


def _problem_row(index: int, status: int, problems: Iterable[Problem], asked: Asked) -> bytes:
    document = problem_document(status, asked.request_id, problems)
    return b'{"index":%d,"status":%d,"problem":%b}' % (index, status, document)


def at_most(rows: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The rows up to the last that is allowed; a client that sends more is heard to the end, and refused."""
    exceeded = False
    for number, row in enumerate(rows, 1):
        exceeded = number > most
        if not exceeded:
            yield row
    if exceeded:
        raise Refusal(413, Problem("", f"must not have more than {most} rows"))
