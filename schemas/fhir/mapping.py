"""The one mapper from FHIR R4 to a patient summary. It never validates, never guesses and never refuses a resource."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, cast

from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.conditions import read_condition, read_procedure
from schemas.fhir.elements import Element
from schemas.fhir.medications import read_medication
from schemas.fhir.observations import read_observation
from schemas.fhir.patients import Person, read_patient
from schemas.fhir.records import MEDICATION_USES, Record, Records, different_patients
from schemas.fhir.said import Heard, Ignored, Item, Lab, Said, Statement
from schemas.fhir.subjects import stranger
from schemas.fhir.summary import Draft, assemble
from schemas.fhir.terms import Terms, terms
from schemas.intake import Caution, Intake
from schemas.patient import load_patient
from schemas.problem import MOST_PROBLEMS, Problem, Refused

MARKERS = ("b12_total", "b12_active", "mma", "homocysteine")
READERS: Mapping[str, Callable[[Element, Terms, date], Iterable[Said]]] = {
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
SEVERAL = "is one of several Patients, and nobody can say whom to assess: send the resources of one person"


class Line(NamedTuple):
    """What became of one resource: the parts of the summary it is used as, and why it, or a part of it, is not."""

    path: str
    resource_type: str
    used_as: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A summary for `load_patient`, one line for each resource in the order of the document, and warnings.

    The summary has no `age` when the Patient or the birth date is missing; `problem` then says where and why.
    """

    summary: Mapping[str, Any]
    report: tuple[Line, ...]
    warnings: tuple[Caution, ...]
    problem: Problem | None = None


def load_records(records: Records, *, today: date, unverified_codes: bool = False) -> tuple[Intake, Mapped]:
    """The facts of the patient, with the mapper's warnings among those of the intake, and the mapping behind them.

    Refused when no age can be told, there being no Patient or no usable birth date, or when there are several people.
    """
    check_patients(records.patients, today, records.patient_id)
    mapped = map_records(records, today=today, unverified_codes=unverified_codes)
    intake = load_patient(mapped.summary, today=today)
    warned = replace(intake.inputs, warnings=(*intake.inputs.warnings, *mapped.warnings))
    return replace(intake, inputs=warned), mapped


def check_patients(patients: Iterable[Record], today: date, usual_id: str = "") -> None:
    """Refused when a record is of several people, or no age can be told: however long the rest is, it is not read."""
    listed = list(patients)
    several = different_patients(listed, usual_id)
    if several:
        raise Refused([Problem(patient.path, SEVERAL) for patient in several[:MOST_PROBLEMS]])
    problem = _problem(_person(listed, today), listed[0] if listed else None)
    if problem is not None:
        raise Refused([problem])


def map_records(records: Records, *, today: date, unverified_codes: bool = False) -> Mapped:
    """What FHIR says of one patient, as a summary; whatever a resource holds, there is an answer."""
    known = terms(unverified=unverified_codes)
    patient = records.patient
    person = _person(records.copies, today)
    draft = Draft(_stated(person))
    heard = [Heard(record.path, said) for record in records.listed for said in _read(record, records, known, today)]
    if records.medications_known:
        draft.summary["medications"] = []
    assemble(heard, draft)
    report = tuple(_lines(records, heard, draft, person))
    return Mapped(draft.summary, report, tuple(_warnings(heard, draft, person, patient)), _problem(person, patient))


def _person(copies: Sequence[Record], today: date) -> Person:
    return read_patient([copy.resource for copy in copies], today)


def _stated(person: Person) -> dict[str, Any]:
    return {"sex": person.sex} if person.age is None else {"age": person.age, "sex": person.sex}


def _read(record: Record, records: Records, known: Terms, today: date) -> Iterable[Said]:
    other, reader = stranger(record, records), READERS.get(record.type)
    if other:
        return [Ignored(other)]
    if reader:
        return reader(record.resource, known, today)
    if record.type in MEDICATION_USES:
        return _read_medication(record, records, known, today)
    return [] if record is records.patient else [Ignored(NOT_READ.get(record.type, "is of a type that is not read"))]


def _read_medication(record: Record, records: Records, known: Terms, today: date) -> Iterable[Said]:
    if not records.medications_known:
        return [Ignored("the list of medicines is not known to be whole")]
    return read_medication(record, records, known, today)


def _lines(records: Records, heard: Sequence[Heard], draft: Draft, person: Person) -> Iterator[Line]:
    by_path: dict[str, list[Heard]] = {}
    for one in heard:
        by_path.setdefault(one.path, []).append(one)
    for record in records.listed:
        said = by_path.get(record.path, [])
        used = [draft.places[one] for one in said if one in draft.places]
        reasons = [reason for one in said if (reason := _reason(one, draft))]
        if record is records.patient:
            used, reasons = list(_stated(person)), list(_patient_reasons(person))
        yield Line(record.path, record.type, tuple(dict.fromkeys(used)), "; ".join(dict.fromkeys(reasons)) or None)


def _patient_reasons(person: Person) -> Iterator[str]:
    if person.problem:
        yield f"birthDate {person.problem}"
    yield from (f"{name} {message}" for name, message in person.warnings)


def _reason(heard: Heard, draft: Draft) -> str:
    ignored = draft.reasons.get(heard)
    return ignored.reason if ignored else cast(Lab | Item | Statement, heard.said).note


def _warnings(heard: Sequence[Heard], draft: Draft, person: Person, patient: Record | None) -> Iterator[Caution]:
    for name, message in person.warnings:
        yield Caution(f"{patient.path}.{name}" if patient and patient.path else name, message)
    for one in heard:
        ignored = draft.reasons.get(one)
        if ignored and ignored.lost and ignored.fact and ignored.fact.code in (*MARKERS, *B12_PRODUCTS):
            yield Caution(one.path, f"{ignored.fact.label} is not used: it {ignored.reason}")
        elif isinstance(one.said, Lab) and one in draft.places and one.said.fact.code in MARKERS:
            yield from _cautions(one.path, one.said)


def _cautions(path: str, lab: Lab) -> Iterator[Caution]:
    if lab.preliminary:
        yield Caution(path, f"{lab.fact.label} is preliminary")
    if lab.note:
        yield Caution(path, f"{lab.fact.label}: {lab.note}")


def _problem(person: Person, patient: Record | None) -> Problem | None:
    if patient is None:
        return Problem("", "has no Patient resource")
    if not person.problem:
        return None
    return Problem(f"{patient.path}.birthDate" if patient.path else "birthDate", person.problem)
