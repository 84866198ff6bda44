"""The same patient as JSON and as the record of an EHR gets the same assessment, and so the same cards."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import rules
from rules.assessment import Assessment
from rules.vignettes import Vignette
from schemas import Intake, load_patient, render
from schemas.cds_hooks.cards import render_cards
from schemas.cds_hooks.case import CardOptions
from schemas.cds_hooks.chart import read_chart
from schemas.cds_hooks.consider import consider
from schemas.cds_hooks.request import load_hook_request
from schemas.cds_hooks.services import SERVICES
from service.prefetch import gather
from tests.core_helpers import published_set
from tests.fhir_writer import bundle_of, carried
from tests.hook_calls import bundle, call
from tests.summaries import TODAY
from tests.test_fhir_reading_same import vignettes
from tests.test_summary_laws import SUMMARIES

Document = dict[str, Any]

PARTS = {"Patient": "patient", "Condition": "conditions", "Medication": "medications"}
VIEW = SERVICES["b12-patient-view"]


def prefetched(summary: Document, today: date) -> Document:
    """A patient as a client would send the parts of the record; a part nothing is said of could not be had."""
    found: dict[str, list[Document]] = {"patient": [], "labs": [], "conditions": [], "medications": []}
    for entry in bundle_of(summary, today)["entry"]:
        kind = entry["resource"]["resourceType"]
        part = next((part for start, part in PARTS.items() if kind.startswith(start)), "labs")
        found[part].append(entry["resource"])
    parts: Document = {part: bundle(*resources) for part, resources in found.items()}
    if "medications" not in summary:
        parts["medications"] = {"resourceType": "OperationOutcome"}
    return {**parts, "patient": found["patient"][0]}


def plain(assessment: Assessment, intake: Intake) -> str:
    """An assessment as text, which a failing test can show."""
    return json.dumps(render(assessment, intake), default=str, indent=1)


def check(summary: Document, today: date) -> None:
    kept = carried(summary, today)
    patient = prefetched(kept, today)
    context = {"userId": "Practitioner/p1", "patientId": patient["patient"].get("id", "p")}
    request = load_hook_request(call(patient, context=context), VIEW)
    chart = read_chart(gather(request, None), today)
    case = consider(request, VIEW, chart, published_set(), today)
    intake = load_patient(kept, today=today)
    known = rules.assess(published_set(), intake.facts)
    assert plain(case.assessment, intake) == plain(known, intake), kept
    silent = replace(case, lost=(), notes=())
    assert render_cards(silent, CardOptions()) == render_cards(replace(silent, assessment=known), CardOptions())


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda vignette: vignette.id)
def test_every_vignette_is_the_same_patient_in_a_record(vignette: Vignette) -> None:
    said = json.loads(json.dumps(vignette.given, default=float))
    check({"age": 50, "sex": "female", **said}, date.fromisoformat(str(said.get("as_of", "2026-01-15"))))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(SUMMARIES)
def test_every_patient_is_the_same_in_a_record(summary: Document) -> None:
    check(summary, date.fromisoformat(summary.get("as_of", TODAY.isoformat())))
