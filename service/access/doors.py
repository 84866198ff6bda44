"""The doors of the service: a caller may be kept to some of them."""

from collections.abc import Mapping

DOORS: Mapping[str, tuple[str, ...]] = {
    "assessments": ("assessments", "batch"),
    "cds-hooks": ("cds_hooks",),
    "fhir": ("fhir", "fhir_knowledge"),
    "knowledge": ("knowledge",),
    "metrics": ("metrics",),
    "page": ("people",),
}
# Probes, the contract and what CDS Hooks has open to all: nothing in them is about a patient.
OPEN = ("health.", "contract.", "docs.", "cds_hooks.list_services")


def door_of(endpoint: str) -> str | None:
    """The door that a view is behind; none for a path that does not exist."""
    part = endpoint.partition(".")[0]
    return next((door for door, parts in DOORS.items() if part in parts), None)
