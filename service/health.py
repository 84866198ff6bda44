"""Whether the service runs, and whether it has something to answer from."""

from typing import cast

from flask import Blueprint, Response, current_app

import rules
from rules import RuleSet
from rules.library import is_overdue
from schemas import Problem
from service.answers import active_rule_set, json_answer, library, today
from service.refusal import Refusal
from service.selftest import SELF_TEST, SelfTest

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show_health() -> Response:
    """Say that the process runs."""
    return json_answer({"status": "ok"})


@blueprint.get("/readyz")
def show_readiness() -> Response:
    """Say whether assessments can be made, from which rule sets, and which of those are overdue for review.

    A few patients with known answers are assessed for it, at most every few seconds.
    """
    active_rule_set()
    test = cast(SelfTest, current_app.extensions[SELF_TEST])
    failures = test.failures()
    if failures:
        raise Refusal(503, *(Problem("self_test", failure) for failure in failures))
    rule_sets = [_state(library().get(version)) for version in library().versions]
    return json_answer({"status": "ready", "rule_sets": rule_sets, "canaries": [one.id for one in test.canaries]})


def _state(rule_set: RuleSet) -> dict[str, object]:
    manifest = rule_set.manifest
    return {
        "version": manifest.version,
        "status": manifest.status,
        "digest": rule_set.digest,
        "engine": rules.ENGINE_VERSION,
        "next_review": manifest.next_review.isoformat(),
        "overdue": is_overdue(rule_set, today()),
    }
