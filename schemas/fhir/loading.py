"""The records of one patient as the facts of an assessment, or refused before the rest of them is read."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from schemas.fhir.bundles import Record
from schemas.fhir.identity import different_patients
from schemas.fhir.mapping import Mapped, map_records
from schemas.fhir.person import age_problem, read_patient
from schemas.fhir.records import Records
from schemas.intake import Intake
from schemas.patient import load_patient
from schemas.problem import MOST_PROBLEMS, Problem, Refused

SEVERAL = "is one of several Patients, and nobody can say whom to assess: send the resources of one person"


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
    problem = age_problem(read_patient(listed, today), listed[0] if listed else None)
    if problem is not None:
        raise Refused([problem])
