"""The one mapper from FHIR R4 to a patient summary. It never validates, never guesses and never refuses a resource."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.fhir.bundles import Record
from schemas.fhir.conditions import read_condition, read_procedure
from schemas.fhir.elements import Element
from schemas.fhir.extracts import Extract, Ignored, Located
from schemas.fhir.medications import read_medication
from schemas.fhir.observations import read_observation
from schemas.fhir.person import age_problem, read_patient
from schemas.fhir.records import MEDICATION_USES, Records
from schemas.fhir.report import Line, lines, warnings
from schemas.fhir.subjects import stranger
from schemas.fhir.summary import Draft, assemble
from schemas.fhir.terms import Terms, terms
from schemas.intake import Caution
from schemas.problem import Problem

READERS: Mapping[str, Callable[[Element, Terms, date], Iterable[Extract]]] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
}
NOT_READ = {
    "": "is no FHIR resource",
    "Patient": "is not the first Patient, which is the one that is read",
    "Medication": "names a product, which is read where a medicine refers to it",
    "List": "is read only for whether it says that there is no medicine",
    "DiagnosticReport": "its results are read from the Observations",
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A summary for `load_patient`, one line for each resource in the order of the document, and warnings.

    The summary has no `age` when the Patient or the birth date is missing; `problem` then says where and why.
    """

    summary: Mapping[str, Any]
    report: tuple[Line, ...]
    warnings: tuple[Caution, ...]
    problem: Problem | None = None


def map_records(records: Records, *, today: date, unverified_codes: bool = False) -> Mapped:
    """What FHIR says of one patient, as a summary; whatever a resource holds, there is an answer."""
    known, patient = terms(unverified=unverified_codes), records.patient
    person = read_patient(records.copies, today)
    draft = Draft(person.stated)
    located = [Located(record.path, one) for record in records.listed for one in _read(record, records, known, today)]
    if records.medications_known:
        draft.summary["medications"] = []
    assemble(located, draft)
    report, warned = lines(records, located, draft, person), warnings(located, draft, person, patient)
    return Mapped(draft.summary, tuple(report), tuple(warned), age_problem(person, patient))


def _read(record: Record, records: Records, known: Terms, today: date) -> Iterable[Extract]:
    other, reader = stranger(record, records), READERS.get(record.type)
    if other:
        return [Ignored(other)]
    if reader:
        return reader(record.resource, known, today)
    if record.type in MEDICATION_USES:
        return _read_medication(record, records, known, today)
    return [] if record is records.patient else [Ignored(NOT_READ.get(record.type, "is of a type that is not read"))]


def _read_medication(record: Record, records: Records, known: Terms, today: date) -> Iterable[Extract]:
    if not records.medications_known:
        return [Ignored("the list of medicines is not known to be whole")]
    return read_medication(record, records, known, today)
