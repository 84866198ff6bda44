"""Options of a card as drafts that a clinician completes and signs, or leaves alone."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from rules.assessment import Advice
from rules.catalogue import catalogue
from rules.fact_types import Coding, FactType
from schemas.cds_hooks.case import Case
from schemas.cds_hooks.relevance import open_tests
from schemas.fhir.systems import public_coding
from schemas.wording import uncapitalized

Part = dict[str, Any]

MOST_SUGGESTIONS = 8

# One order gives all of these.
BLOOD_COUNT = ("hemoglobin", "mcv", "rdw_cv", "wbc", "platelets")

# Vitamin B12 as a treatment of anemia; the same substance is an antidote under another code.
B12_MEDICINES = "B03BA"
SENTENCE = re.compile(r"(?<=[.;])\s+")


def suggestions(case: Case, given: Iterable[Advice]) -> list[Part]:
    """A draft order for each test that is still open, and for each B12 medicine that a treatment option names."""
    found: dict[str, Part] = {}
    for advice in given:
        for name, label, resource in _drafts(case, advice):
            found.setdefault(name, _suggestion(case, advice, name, label, resource))
    return list(found.values())[:MOST_SUGGESTIONS]


def _drafts(case: Case, advice: Advice) -> Iterator[tuple[str, str, Part]]:
    match advice.recommendation.action:
        case "test":
            yield from _test_drafts(case, advice)
        case "treat":
            yield from _treatment_drafts(case, advice)


def _suggestion(case: Case, advice: Advice, name: str, label: str, resource: Part) -> Part:
    return {
        "label": label,
        "uuid": case.uuid(advice.recommendation.id, name),
        "actions": [{"type": "create", "description": f"{label}, as a draft to be reviewed", "resource": resource}],
    }


def _test_drafts(case: Case, advice: Advice) -> Iterator[tuple[str, str, Part]]:
    tests = open_tests(advice, case.ordered)
    if set(tests) <= set(BLOOD_COUNT):
        yield "blood_count", "Order a full blood count", _service_request(case, advice, {"text": "Full blood count"})
        return
    for test in tests:
        fact = catalogue().fact(test)
        yield test, f"Order {uncapitalized(fact.label)}", _service_request(case, advice, _test_concept(case, fact))


def _service_request(case: Case, advice: Advice, code: Part) -> Part:
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "code": code,
        **_about(case, advice),
    }


def _treatment_drafts(case: Case, advice: Advice) -> Iterator[tuple[str, str, Part]]:
    """The medicine with the very words of the rule set as its dosage: what a dose rests on is read with it."""
    sentences = SENTENCE.split(advice.recommendation.text)
    for fact in _b12_medicines():
        words = [sentence for sentence in sentences if fact.code in sentence.casefold()]
        if words:
            yield fact.code, f"Consider {uncapitalized(fact.label)}", _medication_request(case, advice, fact, words)


@cache
def _b12_medicines() -> tuple[FactType, ...]:
    medicines = catalogue().groups["medications"].values()
    return tuple(fact for fact in medicines if "coding" in _medicine_concept(fact))


def _medication_request(case: Case, advice: Advice, fact: FactType, words: list[str]) -> Part:
    return {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": _medicine_concept(fact),
        **_about(case, advice),
        "dosageInstruction": [{"text": " ".join(words)}],
    }


def _about(case: Case, advice: Advice) -> Part:
    encounter = {"encounter": {"reference": f"Encounter/{case.encounter_id}"}} if case.encounter_id else {}
    return {
        "subject": {"reference": f"Patient/{case.patient_id}"},
        **encounter,
        "reasonCode": [{"text": advice.recommendation.title}],
    }


def _test_concept(case: Case, fact: FactType) -> Part:
    codes = [one for one in fact.codes if one.system == "loinc" and (one.verified or case.unverified_codes)]
    return _concept(fact, sorted(codes, key=lambda one: not one.verified))


def _medicine_concept(fact: FactType) -> Part:
    return _concept(
        fact,
        [one for one in fact.codes if one.system == "atc" and one.verified and one.code.startswith(B12_MEDICINES)],
    )


def _concept(fact: FactType, codes: list[Coding]) -> Part:
    """The fact by the first of these codes, or by its name alone when there is none."""
    codings = [public_coding(one) for one in codes][:1]
    return {**({"coding": codings} if codings else {}), "text": fact.label}
