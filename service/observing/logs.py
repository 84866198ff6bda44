"""One line of JSON for every request: what was asked of which route and how it went, and nothing of a patient."""

from typing import Any

import orjson
import structlog
from flask import Response, current_app, g, request
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from service.access.callers import caller
from service.problems import request_id

LINES = "b12cds.lines"
STANDARD_ERROR = 2
METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
SHARED: tuple[Processor, ...] = (structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"))


def line_of(response: Response) -> dict[str, Any]:
    """What is known of a request: its route as we wrote it, never the path, a query or a header as the client did."""
    found = caller()
    return {
        **_place(),
        "status": response.status_code,
        "bytes_in": request.content_length,
        "bytes_out": response.content_length,
        "rule_set": response.headers.get("Rule-Set-Version"),
        "caller": found.name if found else None,
        "credential": found.credential if found else None,
        "fired": g.get("fired"),
    }


def _place() -> dict[str, Any]:
    return {
        "request_id": request_id(),
        "method": request.method if request.method in METHODS else "other",
        "route": request.url_rule.rule if request.url_rule else None,
    }


def write_refusal(why: str, credential: str | None, name: str | None = None) -> None:
    """Write a line of its own for somebody who was not let in: who or from where, and never what was sent."""
    said = {"credential": credential, "caller": name, "address": request.remote_addr, "why": why}
    current_app.extensions[LINES].warning("refused", **_place(), **said)


def line_writer(level: str) -> Any:
    """A logger that writes each event from that level up as one JSON object to standard error, in one piece."""
    error = open(STANDARD_ERROR, "wb", buffering=0, closefd=False)  # noqa: SIM115  # stays open, has no path
    return structlog.wrap_logger(
        structlog.BytesLogger(error),
        processors=[*SHARED, structlog.processors.JSONRenderer(orjson.dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


def server_config(level: str) -> dict[str, Any]:
    """How the server's and the service's own messages are written: in the same shape, on the same stream."""
    written = {"handlers": ["lines"], "level": level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": _formatter}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["lines"], "level": level.upper()},
        "loggers": {"gunicorn.error": written, "gunicorn.access": written},
    }


def _formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[*SHARED, structlog.stdlib.add_logger_name, structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            _only_the_kind_of_error,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(lambda event, **_: orjson.dumps(event).decode()),
        ],
    )


def _only_the_kind_of_error(_logger: Any, _method: str, event: Any) -> Any:
    """A traceback may quote what was sent: of an error only its kind is written."""
    error = event.pop("exc_info", None)
    return {**event, "error": error[0].__name__} if isinstance(error, tuple) and error[0] else event
