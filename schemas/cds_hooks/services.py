"""The services an EHR can register: at which moment each is called, and which parts of the record it wants."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Newest first, so that a client that cuts a long record cuts its oldest part; how far back counts is ours to say.
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "labs": "Observation?patient={{context.patientId}}&category=laboratory&_sort=-date&_count=200",
    "conditions": "Condition?patient={{context.patientId}}&_count=200",
    "medications": "MedicationRequest?patient={{context.patientId}}&_sort=-authoredon&_count=200",
}

# Without an age nobody can be assessed, and without results a B12 would be asked for that is long known.
NEEDED = ("patient", "labs")


def is_answer(key: str, resource: Mapping[str, Any]) -> bool:
    """Whether a resource can answer what was asked for under a key; else it says nothing, not even "none"."""
    kind = resource.get("resourceType")
    if kind != "Bundle":
        return kind in ("OperationOutcome", re.split(r"[/?]", PREFETCH[key])[0])
    entries = resource.get("entry", [])
    return isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)


USAGE = (
    "Adults of 16 and over. Without prefetch, the FHIR server of a client that the operator trusts is asked. "
    "What is not in the record is unknown, never normal."
)


@dataclass(frozen=True, slots=True)
class HookService:
    """One service, called at one moment of a clinician's work."""

    id: str
    hook: str
    title: str
    description: str

    @property
    def takes_orders(self) -> bool:
        """Whether it is about what is being ordered rather than about the whole record."""
        return self.hook != "patient-view"


SERVICES: Mapping[str, HookService] = {
    service.id: service
    for service in (
        HookService(
            "b12-patient-view",
            "patient-view",
            "Vitamin B12 deficiency",
            "Says how likely vitamin B12 deficiency is from the results, conditions and medicines of the record, with "
            "red flags, tests still open and options of treatment, each with its source.",
        ),
        HookService(
            "b12-order-select",
            "order-select",
            "Vitamin B12: what is being ordered",
            "Looks at the selected order: metformin, acid suppressants, nitrous oxide, folic acid while B12 is not "
            "known, B12 itself, and B12, MMA, homocysteine or intrinsic factor antibody tests.",
        ),
        HookService(
            "b12-order-sign",
            "order-sign",
            "Vitamin B12: what is being signed",
            "Looks at every order about to be signed, as the service for selected orders does.",
        ),
    )
}


def render_services(version: str) -> dict[str, Any]:
    """The answer to a client that asks which services there are; `version` is that of the software."""
    return {
        "services": [
            {
                "hook": service.hook,
                "title": service.title,
                "description": service.description,
                "id": service.id,
                "prefetch": dict(PREFETCH),
                "usageRequirements": USAGE,
                "version": version,
            }
            for service in SERVICES.values()
        ]
    }
