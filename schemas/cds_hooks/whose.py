"""Whose record it is: that of somebody else is never taken for the patient's."""

from collections.abc import Mapping
from typing import Any

from schemas.fhir import patients


def other_patients(resource: Mapping[str, Any] | None, patient_id: str, path: str = "") -> list[str]:
    """Where a resource, or a Bundle in whatever depth, has a Patient with the id of another one than is meant."""
    found = patients(resource, path)
    return [f"{patient.path}.id" for patient in found if patient.resource.get("id", patient_id) != patient_id]
