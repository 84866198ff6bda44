"""The Patient: age, sex, and who else the document is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rules.dates import Period
from schemas.fhir.bundles import Record
from schemas.fhir.elements import EMPTY, Element, flag, text
from schemas.fhir.times import Moment, moment
from schemas.problem import Problem

SEXES = ("female", "male", "other", "unknown")
OLDEST = 130
CONTRADICTED = "is not the same in every copy of the Patient"


@dataclass(frozen=True, slots=True)
class Person:
    """What the Patient says; `problem` is why there is no age. `warnings` are for every reader of the answer."""

    age: int | None
    sex: str = "unknown"
    problem: str = ""
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def stated(self) -> dict[str, Any]:
        """What of the Patient goes into a summary."""
        return {"sex": self.sex} if self.age is None else {"age": self.age, "sex": self.sex}

    @property
    def reasons(self) -> Iterator[str]:
        """Why something of the Patient is not used, or only with care."""
        if self.problem:
            yield f"birthDate {self.problem}"
        yield from (f"{name} {message}" for name, message in self.warnings)


def age_problem(person: Person, patient: Record | None) -> Problem | None:
    """Why no age can be told, and where that stands; none when it can."""
    if patient is None:
        return Problem("", "has no Patient resource")
    if not person.problem:
        return None
    return Problem(f"{patient.path}.birthDate" if patient.path else "birthDate", person.problem)


def read_patient(patients: Sequence[Record], today: date) -> Person:
    """Age and sex by the first copy of a Patient; what another contradicts is not known, since either may be right."""
    copies = [patient.resource for patient in patients]
    person = _read(copies[0] if copies else EMPTY, today)
    if _born_on_no_one_day(copies):
        person = replace(person, age=None, problem=f"{CONTRADICTED}: the age decides what is normal")
    if len({sex for copy in copies if (sex := _sex(copy)) != "unknown"}) > 1:
        warning = ("gender", f"{CONTRADICTED}, so the sex is taken as unknown")
        person = replace(person, sex="unknown", warnings=(*person.warnings, warning))
    return person


def _born_on_no_one_day(copies: Sequence[Element]) -> bool:
    periods = [born.period for copy in copies if (born := _born(copy))]
    return bool(periods) and max(born.first for born in periods) > min(born.last for born in periods)


def _read(resource: Element, today: date) -> Person:
    """Age and sex; of a birth date that leaves the age open the younger one."""
    sex, born = _sex(resource), _born(resource)
    warnings = tuple(_warnings(resource, born.period if born else None, today))
    if born is None:
        return Person(None, sex, "is required: the age decides what is normal", warnings)
    age = _years(born.period.last, today)
    if born.period.starts_after(today) or age > OLDEST:
        return Person(None, sex, "must make the patient 0 to 130 years old", warnings)
    return Person(max(age, 0), sex, warnings=warnings)


def _sex(resource: Element) -> str:
    sex = text(resource, "gender").casefold()
    return sex if sex in SEXES else "unknown"


def _born(resource: Element) -> Moment | None:
    return moment(text(resource, "birthDate"))


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _warnings(resource: Element, born: Period | None, today: date) -> Iterator[tuple[str, str]]:
    if born is not None and _years(born.first, today) != _years(born.last, today):
        yield "birthDate", "leaves the age open by a year: the younger one was used"
    if flag(resource, "deceasedBoolean") or text(resource, "deceasedDateTime"):
        yield "deceased", "says that the patient has died"
