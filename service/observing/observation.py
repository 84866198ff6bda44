"""What is seen of every request from outside: one line in the log, its share of the numbers, a span where wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request

from rules import Assessment
from service.answers import LIBRARY
from service.observing import metrics
from service.observing.logs import LINES, line_of, line_writer
from service.observing.tracing import recorder
from service.settings import Settings

TRACES = "b12cds.traces"

Trace = Callable[[Mapping[str, Any], float], None]


def register(app: Flask, settings: Settings) -> None:
    """Count every request and write a line when it was answered; TracingError when traces are wanted in vain."""
    metrics.expect(app.extensions[LIBRARY])
    app.extensions[LINES] = line_writer(settings.log_level)
    app.extensions[TRACES] = recorder(settings)
    app.before_request(_start)
    app.after_request(_finish)
    if settings.metrics:
        app.register_blueprint(metrics.blueprint)


def note(assessment: Assessment) -> None:
    """Count an assessment, and name the rules that fired in the line of its request."""
    metrics.count(assessment)
    if has_request_context():
        g.fired = assessment.fired


@dataclass
class Rows:
    """How many rows of a batch have a result so far."""

    answered: int = 0


def counted(results: Iterable[bytes]) -> Iterator[bytes]:
    """The results of a batch, whose number the line of the request says once the last one is sent."""
    g.rows = rows = Rows()
    return _counted(results, rows)


def _counted(results: Iterable[bytes], rows: Rows) -> Iterator[bytes]:
    for result in results:
        rows.answered += 1
        yield result


def _start() -> None:
    g.started = perf_counter()


def _finish(response: Response) -> Response:
    record = current_app.extensions[TRACES]
    trace = partial(record, request.headers.get("traceparent")) if record else None
    end = partial(_end, current_app.extensions[LINES], trace, line_of(response), g.get("rows"), g.started)
    if response.is_streamed:
        response.call_on_close(end)
    else:
        end()
    return response


def _end(log: Any, trace: Trace | None, line: Mapping[str, Any], rows: Rows | None, started: float) -> None:
    taken = perf_counter() - started
    metrics.count_request(line["route"], line["status"], taken)
    log.info("request", **line, rows=rows and rows.answered, ms=round(taken * 1000, 2))
    if trace is not None:
        trace(line, taken)
