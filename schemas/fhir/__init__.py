"""FHIR R4 read into a patient summary: one mapper, and for each resource a line on what became of it."""

from schemas.fhir.bundles import Record, patients, placed
from schemas.fhir.loading import check_patients, load_records
from schemas.fhir.mapping import Mapped, map_records
from schemas.fhir.records import Records, Sent, patients_of, records_of, records_of_bundle
from schemas.fhir.report import Line

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
