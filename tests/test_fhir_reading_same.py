"""The same patient as JSON and as FHIR gets the same assessment, apart from how the input was accounted for."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import rules
from rules.library import SETS
from rules.source import Problems
from rules.vignettes import Vignette, read_vignettes
from schemas import load_patient, render
from schemas.fhir import load_records, records_of_bundle
from tests.core_helpers import published_set
from tests.fhir_writer import bundle_of, carried
from tests.summaries import TODAY
from tests.test_summary_laws import SUMMARIES

Document = dict[str, Any]


def vignettes() -> list[Vignette]:
    return read_vignettes(SETS / published_set().manifest.version, Problems())


def answer(intake: Any) -> Document:
    rendered = render(rules.assess(published_set(), intake.facts), intake)
    return {part: said for part, said in json.loads(json.dumps(rendered, default=str)).items() if part != "inputs"}


def check(summary: Document, today: date) -> None:
    kept = carried(summary, today)
    bundle = bundle_of(kept, today)
    intake, mapped = load_records(records_of_bundle(bundle), today=today)
    assert all(line.used_as or "entry[" in str(line.reason) for line in mapped.report if line.resource_type != "List")
    assert answer(intake) == answer(load_patient(kept, today=today)), (kept, mapped)


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda vignette: vignette.id)
def test_every_vignette_is_the_same_patient_in_fhir(vignette: Vignette) -> None:
    given_ = json.loads(json.dumps(vignette.given, default=float))
    check({"age": 50, "sex": "female", **given_}, date.fromisoformat(str(given_.get("as_of", "2026-01-15"))))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(SUMMARIES)
def test_every_patient_is_the_same_in_fhir(summary: Document) -> None:
    check(summary, date.fromisoformat(summary.get("as_of", TODAY.isoformat())))
