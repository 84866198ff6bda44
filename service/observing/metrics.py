"""Numbers for whoever runs the service: requests, levels, and how often each rule fired, over all processes."""

import atexit
import os
from collections import Counter as Tally
from functools import cache
from threading import Lock, Timer

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from rules import Assessment, Library

# The library decides when it is imported whether numbers are shared between processes, so this does too.
IS_SHARED = "PROMETHEUS_MULTIPROC_DIR" in os.environ
SECONDS_HELD_BACK = 0.5

registry = CollectorRegistry()
requests = Counter("b12cds_requests", "Requests by route and status", ["route", "status"], registry=registry)
seconds = Histogram(
    "b12cds_request_seconds",
    "Seconds until an answer was ready",
    ["route"],
    registry=registry,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
assessments = Counter(
    "b12cds_assessments", "Assessments by rule set and level", ["rule_set", "level"], registry=registry
)
fired = Counter("b12cds_rule_fired", "Assessments in which a rule fired", ["rule_set", "rule"], registry=registry)

blueprint = Blueprint("metrics", __name__)


def expect(library: Library) -> None:
    """Have every rule there from the start, so that a silent one is seen."""
    for version in library.versions:
        for rule in library.get(version).rules:
            fired.labels(version, rule)


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Give the numbers in the text format of Prometheus."""
    pending.flush()
    return Response(generate_latest(_all_processes()), content_type=CONTENT_TYPE_LATEST)


def _all_processes() -> CollectorRegistry:
    if not IS_SHARED:
        return registry
    every = CollectorRegistry()
    MultiProcessCollector(every)  # type: ignore[no-untyped-call]  # the library has no types there
    return every


def count_request(route: str | None, status: int, taken: float) -> None:
    """Count one answered request."""
    pending.add_request(route or "none", str(status))
    _taken(route).observe(taken)


# Looking a number up by its labels takes longer than counting; routes are few, and ours.
@cache
def _taken(route: str | None) -> Histogram:
    return seconds.labels(route or "none")


class Pending:
    """Counts that are held back for half a second and then written together, since each writing takes time.

    Patients in whom the same rules fired are one count until then. A worker that is killed takes its last half second
    along.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Tally[tuple[str, str]] = Tally()
        self._assessments: Tally[tuple[str, str, tuple[str, ...]]] = Tally()
        self._timer: Timer | None = None

    def add_request(self, route: str, status: str) -> None:
        """Count one request."""
        with self._lock:
            self._requests[route, status] += 1
            self._hold_back()

    def add(self, version: str, level: str, rules: tuple[str, ...]) -> None:
        """Count one assessment."""
        with self._lock:
            self._assessments[version, level, rules] += 1
            self._hold_back()

    def _hold_back(self) -> None:
        if self._timer is None:
            self._timer = Timer(SECONDS_HELD_BACK, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def flush(self) -> None:
        """Write what is held back."""
        with self._lock:
            answered, assessed = self._requests, self._assessments
            self._requests, self._assessments, self._timer = Tally(), Tally(), None
        for labels, times in answered.items():
            requests.labels(*labels).inc(times)
        _write(assessed)


def _write(assessed: Tally[tuple[str, str, tuple[str, ...]]]) -> None:
    levels: Tally[tuple[str, str]] = Tally()
    rules: Tally[tuple[str, str]] = Tally()
    for (version, level, those_fired), times in assessed.items():
        levels[version, level] += times
        for rule in those_fired:
            rules[version, rule] += times
    for labels, count in levels.items():
        assessments.labels(*labels).inc(count)
    for labels, count in rules.items():
        fired.labels(*labels).inc(count)


pending = Pending()
atexit.register(pending.flush)


def count(assessment: Assessment) -> None:
    """Count an assessment by its level and by the rules that fired."""
    pending.add(assessment.rule_set.manifest.version, assessment.likelihood.level, assessment.fired)
