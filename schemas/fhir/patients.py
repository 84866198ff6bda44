"""The Patient: age, sex, and who else the document is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.dates import Period
from schemas.fhir.elements import EMPTY, Element, flag, text
from schemas.fhir.times import Moment, moment

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


def read_patient(copies: Sequence[Element], today: date) -> Person:
    """Age and sex by the first copy of a Patient; what another contradicts is not known, since either may be right."""
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
