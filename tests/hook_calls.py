"""Calls of CDS Hooks for tests: a small record in FHIR, and what a client sends of it."""

from typing import Any

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, UCUM = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://unitsofmeasure.org"
HOOK_INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
PATIENT_ID = "pat-1"
METFORMIN, OMEPRAZOLE, FOLIC_ACID = "860975", "198053", "198641"

Resource = dict[str, Any]


def concept(system: str, code: str, text: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def patient(**changes: Any) -> Resource:
    return {"resourceType": "Patient", "id": PATIENT_ID, "gender": "female", "birthDate": "1957-03-04", **changes}


def result(code: str, value: float, unit: str, day: str = "2026-10-01", **changes: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"obs-{code}",
        "status": "final",
        "code": concept(LOINC, code, code),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "effectiveDateTime": f"{day}T08:00:00Z",
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        **changes,
    }


def b12(value: float = 142, **changes: Any) -> Resource:
    return result("2132-9", value, "pg/mL", **changes)


def condition(code: str, text: str) -> Resource:
    active = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "clinicalStatus": concept(active, "active", "Active"),
        "code": concept(SNOMED, code, text),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
    }


def medicine(code: str, text: str, **changes: Any) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": f"mr-{code}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept(RXNORM, code, text),
        "subject": {"reference": f"Patient/{PATIENT_ID}"},
        "authoredOn": "2016-01-01",
        **changes,
    }


def drafted(code: str, text: str) -> Resource:
    return medicine(code, text, status="draft", id=f"draft-{code}")


def lab_order(text: str, *codes: str, **changes: Any) -> Resource:
    order = {"resourceType": "ServiceRequest", "id": f"draft-{text}", "status": "draft", "intent": "order"}
    codings = {"coding": [{"system": LOINC, "code": code} for code in codes]} if codes else {}
    return {**order, "code": {**codings, "text": text}, "subject": {"reference": f"Patient/{PATIENT_ID}"}, **changes}


def bundle(*resources: Resource, following: str | None = None) -> Resource:
    links = [{"relation": "self", "url": "https://fhir.example.org/x"}]
    links += [{"relation": "next", "url": following}] if following else []
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        "entry": [{"resource": resource, "search": {"mode": "match"}} for resource in resources],
    }


def prefetch(*resources: Resource, **changes: Any) -> dict[str, Any]:
    """The four parts of the record, each resource in its own."""
    kinds = {"labs": "Observation", "conditions": "Condition", "medications": "MedicationRequest"}
    parts = {key: bundle(*(one for one in resources if one["resourceType"] == kind)) for key, kind in kinds.items()}
    return {"patient": patient(), **parts, **changes}


def call(prefetch: dict[str, Any] | None, **changes: Any) -> dict[str, Any]:
    """What a client sends when a record is opened."""
    return {
        "hook": "patient-view",
        "hookInstance": HOOK_INSTANCE,
        "context": {"userId": "Practitioner/p1", "patientId": PATIENT_ID},
        **({} if prefetch is None else {"prefetch": prefetch}),
        **changes,
    }


def order_call(
    hook: str, prefetch: dict[str, Any], *drafts: Resource, selected: list[str] | None = None
) -> dict[str, Any]:
    """What a client sends when orders are written."""
    names = [f"{one['resourceType']}/{one['id']}" for one in drafts] if selected is None else selected
    context = {"userId": "Practitioner/p1", "patientId": PATIENT_ID, "draftOrders": bundle(*drafts)}
    selections = {"selections": names} if hook == "order-select" else {}
    return call(prefetch, hook=hook, context={**context, **selections})
