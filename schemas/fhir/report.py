"""What became of each resource: where in the summary it is used, why it is not, and what to be warned of."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.bundles import Record
from schemas.fhir.extracts import Extract, Ignored, Lab, Located
from schemas.fhir.person import Person
from schemas.fhir.records import Records
from schemas.fhir.summary import Draft
from schemas.intake import Caution

MARKERS = ("b12_total", "b12_active", "mma", "homocysteine")


class Line(NamedTuple):
    """What became of one resource: the parts of the summary it is used as, and why it, or a part of it, is not."""

    path: str
    resource_type: str
    used_as: tuple[str, ...] = ()
    reason: str | None = None


def lines(records: Records, located: Iterable[Located[Extract]], draft: Draft, person: Person) -> Iterator[Line]:
    """One line for each resource, in the order of the document."""
    by_path: dict[str, list[Located[Extract]]] = {}
    for one in located:
        by_path.setdefault(one.path, []).append(one)
    for record in records.listed:
        used, reasons = _account(by_path.get(record.path, ()), draft)
        if record is records.patient:
            used, reasons = list(person.stated), list(person.reasons)
        yield Line(record.path, record.type, tuple(dict.fromkeys(used)), "; ".join(dict.fromkeys(reasons)) or None)


def _account(located: Iterable[Located[Extract]], draft: Draft) -> tuple[list[str], list[str]]:
    """Where in the summary the extracts of one resource stand, and why some do not or are to be looked at."""
    used = [draft.places[one] for one in located if one in draft.places]
    return used, [reason for one in located if (reason := _reason(one, draft))]


def _reason(one: Located[Extract], draft: Draft) -> str:
    became = draft.reasons.get(one, one.extract)
    return became.reason if isinstance(became, Ignored) else became.note


def warnings(
    located: Iterable[Located[Extract]], draft: Draft, person: Person, patient: Record | None
) -> Iterator[Caution]:
    """What every reader of the answer should know: of the patient, and of results and treatments that decide it."""
    for name, message in person.warnings:
        yield Caution(f"{patient.path}.{name}" if patient and patient.path else name, message)
    for one in located:
        ignored, extract = draft.reasons.get(one), one.extract
        if ignored and ignored.lost and ignored.fact and ignored.fact.code in (*MARKERS, *B12_PRODUCTS):
            yield Caution(one.path, f"{ignored.fact.label} is not used: it {ignored.reason}")
        elif isinstance(extract, Lab) and one in draft.places and extract.fact.code in MARKERS:
            yield from _cautions(one.path, extract)


def _cautions(path: str, lab: Lab) -> Iterator[Caution]:
    if lab.preliminary:
        yield Caution(path, f"{lab.fact.label} is preliminary")
    if lab.note:
        yield Caution(path, f"{lab.fact.label}: {lab.note}")
