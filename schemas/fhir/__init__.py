"""FHIR R4 read into a patient summary: one mapper, and for each resource a line on what became of it."""

from schemas.fhir.mapping import Line, Mapped, check_patients, load_records, map_records
from schemas.fhir.records import (
    Record,
    Records,
    Sent,
    patients,
    patients_of,
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
    "check_patients",
    "load_records",
    "map_records",
    "patients",
    "patients_of",
    "placed",
    "records_of",
    "records_of_bundle",
]
