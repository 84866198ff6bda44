"""Traces for deployments that collect them: off unless the operator wants them, since they leave the service."""

import os
from collections.abc import Callable, Mapping
from typing import Any

from service.settings import Settings
from service.unfit import Unfit

ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

Recorder = Callable[[str | None, Mapping[str, Any], float], None]


class TracingError(Unfit):
    """Traces that were asked for and cannot be made; says why, for the operator."""


def recorder(settings: Settings) -> Recorder | None:
    """What takes the `traceparent` of each request, its line and the seconds it took; none where traces are off."""
    if not settings.tracing:
        return None
    if not any(os.environ.get(name) for name in ADDRESSES):
        raise TracingError(f"B12CDS_TRACING needs {ADDRESSES[-1]}: the address of a collector that speaks OTLP by HTTP")
    try:
        from service.observing.spans import Spans  # noqa: PLC0415  # its packages are an extra, which most do not install
    except ImportError:
        raise TracingError("B12CDS_TRACING needs packages that are not installed: those of b12cds[otel]") from None
    return Spans().record
