"""Whether the service runs, and whether it has something to answer from."""

from flask import Blueprint, Response

import rules
from rules import RuleSet
from rules.library import is_overdue
from service.answers import active_rule_set, json_answer, library
from service.assessments import today

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show_health() -> Response:
    """Say that the process runs."""
    return json_answer({"status": "ok"})


@blueprint.get("/readyz")
def show_readiness() -> Response:
    """Say whether assessments can be made, from which rule sets, and which of those are overdue for review."""
    active_rule_set()
    rule_sets = (library().get(version) for version in library().versions)
    return json_answer({"status": "ready", "rule_sets": [_state(rule_set) for rule_set in rule_sets]})


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
