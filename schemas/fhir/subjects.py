"""Whom a resource is about: what belongs to anybody but the one patient is left out."""

from schemas.fhir.bundles import Record
from schemas.fhir.elements import part, text
from schemas.fhir.identity import same_person
from schemas.fhir.records import REFERENCE, Records

PATIENTLESS = ("Patient", "Medication", "")


def stranger(record: Record, records: Records) -> str:
    """Why a resource is not taken as the patient's; the empty text when it is."""
    patient = records.patient
    if patient is None or record.type in PATIENTLESS:
        return ""
    subject = part(record.resource, "subject") or part(record.resource, "patient")
    reference = text(subject, "reference")
    if not reference:
        return "does not say which of the patients it is about" if records.several_patients else ""
    return "is about somebody else" if _is_other(reference, patient, records) else ""


def _is_other(reference: str, patient: Record, records: Records) -> bool:
    found = records.referred(reference)
    if found is not None:
        return found.type != "Patient" or not same_person(found, patient, records.patient_id)
    named = REFERENCE.fullmatch(reference)
    if named is None:
        return reference.startswith("urn:") and patient.full_url.startswith("urn:")
    type_, _, id_ = named[1].partition("/")
    known = text(patient.resource, "id") or records.patient_id
    return type_ != "Patient" or (known not in ("", id_))
