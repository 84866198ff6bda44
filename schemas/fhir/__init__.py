"""FHIR R4 read into a patient summary: one mapper, and for each resource a line on what became of it."""

from schemas.fhir.mapping import Line, Mapped, check_patient, load_records, map_records
from schemas.fhir.records import (
    Record,
    Records,
    Sent,
    patient_of,
    patients,
    placed,
    records_of,
    records_of_bundle,
)

__all__ = [
    "Line",
    "Mapped",
    "Record",
    "Records",
    "Sent",
    "check_patient",
    "load_records",
    "map_records",
    "patient_of",
    "patients",
    "placed",
    "records_of",
    "records_of_bundle",
]
