"""A patient's record as far as it could be had, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from rules.facts import Facts
from schemas.cds_hooks.fields import Resource
from schemas.fhir import Mapped, Record, Records, load_records, placed
from schemas.intake import Intake


@dataclass(frozen=True, slots=True)
class ChartPart:
    """One part of the record: its pages; `missing` when nobody could give it, `cut` when pages of it are."""

    pages: tuple[Resource, ...] = ()
    missing: bool = False
    cut: bool = False


Chart = Mapping[str, ChartPart]


@dataclass(frozen=True, slots=True)
class ReadChart:
    """The facts of a record. `lost` are results that had to be left out, `notes` what else a reader should know.

    `unverified_codes` says that public codes that nobody has read anywhere count too.
    """

    facts: Facts
    records: Records
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    unverified_codes: bool = False


def read_chart(chart: Chart, today: date, *, patient_id: str = "", unverified_codes: bool = False) -> ReadChart:
    """The facts of the record of a patient; Refused when no age can be told."""
    medications = chart["medications"]
    records = Records(tuple(_records(chart)), not medications.missing, patient_id)
    intake, mapped = load_records(records, today=today, unverified_codes=unverified_codes)
    # A list of which pages are missing still says what is taken, and no longer what is not.
    facts = replace(intake.facts, medications_listed=False) if medications.cut else intake.facts
    lost = tuple(_lost(mapped))
    return ReadChart(facts, records, lost, (*_gaps(chart), *_notes(intake, lost)), unverified_codes)


def _records(chart: Chart) -> Iterator[Record]:
    for key, part in chart.items():
        for number, page in enumerate(part.pages):
            yield from placed(page, f"prefetch.{key}" if number == 0 else f"prefetch.{key}.page[{number + 1}]")


def _lost(mapped: Mapped) -> Iterator[str]:
    yield from (warning.message for warning in mapped.warnings if not warning.path.startswith("prefetch.patient"))


def _gaps(chart: Chart) -> Iterator[str]:
    for key, part in chart.items():
        if part.missing:
            yield f"{key}: could not be had, so nothing is known of them"
        elif part.cut:
            yield f"{key}: only the first pages could be had"


def _notes(intake: Intake, lost: tuple[str, ...]) -> Iterator[str]:
    said = (warning.message for warning in intake.inputs.warnings)
    yield from dict.fromkeys(message for message in said if message not in lost)
