"""Requests as spans of OpenTelemetry, sent by OTLP over HTTP.

We make them ourselves, since what makes them of any Flask application records addresses and queries. A span has the
route as we wrote it, and of what the client sent only its plain Request-Id and the numbers of `traceparent`.
"""

import atexit
import os
import time
from collections.abc import Mapping
from importlib.metadata import version
from threading import Event, Lock, Thread
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

NAME = "b12cds"
ATTRIBUTES = {
    "http.request.method": "method",
    "http.route": "route",
    "http.response.status_code": "status",
    "b12cds.rule_set": "rule_set",
    "b12cds.request_id": "request_id",
}
FAILED = 500
SECONDS_TO_PART = 1.0

_trace_context = TraceContextTextMapPropagator()


class Spans:
    """Makes a span of each request, and has a thread of each process send them.

    The first request of a process starts that thread: one that was started before would not be there after the fork.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._tracer: Tracer | None = None

    def record(self, traceparent: str | None, line: Mapping[str, Any], taken: float) -> None:
        """Make the span of a request that was answered just now."""
        ended = time.time_ns()
        said = {name: line[key] for name, key in ATTRIBUTES.items() if line[key] is not None}
        span = self._started().start_span(
            f"{line['method']} {line['route']}" if line["route"] else line["method"],
            _trace_context.extract({"traceparent": traceparent} if traceparent else {}, Context()),
            SpanKind.SERVER,
            said,
            start_time=ended - int(taken * 1e9),
        )
        if line["status"] >= FAILED:
            span.set_status(StatusCode.ERROR)
        span.end(ended)

    def _started(self) -> Tracer:
        with self._lock:
            if self._tracer is None:
                self._tracer = _provider().get_tracer(NAME)
            return self._tracer


def _provider() -> TracerProvider:
    named = {SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", NAME), SERVICE_VERSION: version(NAME)}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _send_the_rest_at_the_end(provider)
    return provider


def _send_the_rest_at_the_end(provider: TracerProvider) -> None:
    """Send what is left when the process ends, but let no collector that does not answer hold up the end.

    The thread for it is started now, since from Python 3.12 on none can be once the process ends.
    """
    is_ending = Event()

    def send() -> None:
        is_ending.wait()
        provider.shutdown()

    sender = Thread(target=send, daemon=True)
    sender.start()

    @atexit.register
    def part() -> None:
        is_ending.set()
        sender.join(SECONDS_TO_PART)
