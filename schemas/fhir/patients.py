"""The Patient: age, sex, and who else the document is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rules.dates import Period
from schemas.fhir.elements import Element, flag, text
from schemas.fhir.times import moment

SEXES = ("female", "male", "other", "unknown")
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Person:
    """What the Patient says; `problem` is why there is no age. `warnings` are for every reader of the answer."""

    age: int | None
    sex: str = "unknown"
    problem: str = ""
    warnings: tuple[tuple[str, str], ...] = ()


def read_patient(resource: Element, today: date) -> Person:
    """Age and sex; of a birth date that leaves the age open the younger one."""
    sex = text(resource, "gender").casefold()
    born = moment(text(resource, "birthDate"))
    warnings = tuple(_warnings(resource, born.period if born else None, today))
    known_sex = sex if sex in SEXES else "unknown"
    if born is None:
        return Person(None, known_sex, "is required: the age decides what is normal", warnings)
    age = _years(born.period.last, today)
    if born.period.starts_after(today) or age > OLDEST:
        return Person(None, known_sex, "must make the patient 0 to 130 years old", warnings)
    return Person(max(age, 0), known_sex, warnings=warnings)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _warnings(resource: Element, born: Period | None, today: date) -> Iterator[tuple[str, str]]:
    if born is not None and _years(born.first, today) != _years(born.last, today):
        yield "birthDate", "leaves the age open by a year: the younger one was used"
    if flag(resource, "deceasedBoolean") or text(resource, "deceasedDateTime"):
        yield "deceased", "says that the patient has died"
