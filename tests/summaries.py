"""Patient summaries for tests: load one, or say why it is refused."""

from datetime import date
from typing import Any

from schemas import Intake, Refused, load_patient

TODAY = date(2026, 11, 22)


def document(**said: Any) -> dict[str, Any]:
    """A woman of 50 of whom nothing is known but what is said."""
    return {"age": 50, "sex": "female", **said}


def load(*, report_unknown: bool = False, **said: Any) -> Intake:
    return load_patient(document(**said), today=TODAY, report_unknown=report_unknown)


def refusals(sent: object = None, *, report_unknown: bool = False, **said: Any) -> dict[str, str]:
    """The message at each path of a refused summary; empty when it is accepted."""
    try:
        load_patient(document(**said) if sent is None else sent, today=TODAY, report_unknown=report_unknown)
    except Refused as refused:
        return {problem.path: problem.message for problem in refused.problems}
    return {}


def accepted_at(path: str, **said: Any) -> list[str]:
    """What a refusal says is accepted at a path."""
    try:
        load(**said)
    except Refused as refused:
        return next(list(problem.accepted) for problem in refused.problems if problem.path == path)
    return []
