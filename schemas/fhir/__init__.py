"""FHIR R4 read into a patient summary: one mapper, and for each resource a line on what became of it."""

from schemas.fhir.mapping import Line, Mapped, load_records, map_records
from schemas.fhir.records import Record, Records, placed, records_of_bundle

__all__ = ["Line", "Mapped", "Record", "Records", "load_records", "map_records", "placed", "records_of_bundle"]
