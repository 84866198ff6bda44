"""Whose record it is: that of somebody else is never taken for the patient's."""

from collections.abc import Mapping
from typing import Any

from schemas.fhir import placed


def other_patients(resource: Mapping[str, Any] | None, patient_id: str, path: str = "") -> list[str]:
    """Where a resource, or a Bundle in whatever depth, has a Patient with the id of another one than is meant."""
    found = (record for record in placed(resource, path) if record.type == "Patient")
    return [f"{record.path}.id" for record in found if record.resource.get("id", patient_id) != patient_id]
