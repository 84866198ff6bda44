"""The same patient through the door of JSON and the door of FHIR gets the same assessment, read back by codes."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from rules.vignettes import Vignette
from service import create_app
from service.settings import Settings
from tests.fhir_reading import as_json, read_back
from tests.fhir_structure import faults, misdirected
from tests.fhir_writer import bundle_of, carried
from tests.summaries import TODAY
from tests.test_fhir_answer import vignettes
from tests.test_summary_laws import SUMMARIES

Document = dict[str, Any]


@cache
def door() -> Flask:
    """One application for the many patients of one test, which cannot take fixtures."""
    return create_app(Settings())


def check(client: FlaskClient, summary: Document, today: date) -> None:
    kept = carried(summary, today)
    answer = client.post("/v1/assessments", data=json.dumps(kept, default=float), content_type="application/json")
    sent = bundle_of(kept, today)
    body = json.dumps(sent, default=float)
    given = client.post(f"/fhir/$assess?as_of={today}", data=body, content_type="application/fhir+json")
    assert (answer.status_code, given.status_code) == (200, 200)
    bundle = json.loads(given.data)
    named = frozenset(entry["fullUrl"] for entry in sent["entry"])
    assert [*faults(bundle), *misdirected(bundle, named)] == []
    assert read_back(bundle) == as_json(answer.get_json())


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda vignette: vignette.id)
def test_every_vignette_is_answered_alike_at_both_doors(client: FlaskClient, vignette: Vignette) -> None:
    said = {"age": 50, "sex": "female", **json.loads(json.dumps(vignette.given, default=float))}
    check(client, said, date.fromisoformat(str(said.get("as_of", "2026-01-15"))))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(SUMMARIES)
def test_every_patient_is_answered_alike_at_both_doors(summary: Document) -> None:
    check(door().test_client(), summary, date.fromisoformat(summary.get("as_of", TODAY.isoformat())))
