"""What was found of one patient in all that was sent, and which resource a reference names."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from schemas.fhir.bundles import Record, patients, placed
from schemas.fhir.elements import code_of, part, parts, text
from schemas.fhir.identity import different_patients, same_person

MEDICATION_USES = ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
# LOINC: History of medication use (read in hl7-eu/EHDSI-Terminology-package eHDSISection.fsh).
MEDICATION_LIST = "10160-0"
# A document, and where it stands in what was sent.
Sent = tuple[object, str]
REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{2,59}/[A-Za-z0-9\-.]{1,64})(?:/_history/.*)?", re.ASCII)


@dataclass(frozen=True)
class Records:
    """Everything that was found of one patient, in the order of the document.

    `medications_known` says that the list of medicines was asked for and is whole: a medicine not on it is not
    taken, and an empty one means none. No other list denies anything. `patient_id` is that of the patient, where
    it is known from elsewhere than the Patient.
    """

    listed: tuple[Record, ...] = ()
    medications_known: bool = False
    patient_id: str = ""

    @property
    def patients(self) -> Iterator[Record]:
        """Every Patient; one who is sent twice is there twice."""
        return (record for record in self.listed if record.type == "Patient")

    @cached_property
    def patient(self) -> Record | None:
        """The first Patient, if there is one."""
        return next(self.patients, None)

    @property
    def copies(self) -> list[Record]:
        """The first Patient, and every other who is surely the same person."""
        first = self.patient
        return [copy for copy in self.patients if first and same_person(first, copy, self.patient_id)]

    @cached_property
    def several_patients(self) -> bool:
        """Whether the document has Patients who are different people."""
        return bool(different_patients(self.patients, self.patient_id))

    @cached_property
    def _by_name(self) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for record in self.listed:
            for name in record.names:
                found.setdefault(name, record)
        return found

    def referred(self, reference: str) -> Record | None:
        """The resource of the document that a reference names, by its full address or by its type and id."""
        named = self._by_name.get(reference)
        if named is not None:
            return named
        local = REFERENCE.fullmatch(reference)
        return self._by_name.get(local[1]) if local else None


def records_of_bundle(bundle: object) -> Records:
    """The resources of a Bundle."""
    return records_of(((bundle, ""),))


def records_of(sent: Iterable[Sent]) -> Records:
    """The resources of all that was sent of one patient.

    When any is a medicine, or says that there is none, the list of medicines is taken to be whole.
    """
    listed = tuple(record for document, path in sent for record in placed(document, path))
    known = any(record.type in MEDICATION_USES or _says_no_medicine(record) for record in listed)
    return Records(listed, medications_known=known)


def patients_of(sent: Iterable[Sent]) -> Iterator[Record]:
    """The Patients that the records of all that was sent would have."""
    return (patient for document, path in sent for patient in patients(document, path))


def _says_no_medicine(record: Record) -> bool:
    """Whether it is the list of medicines with the word that it is known to be empty."""
    if record.type != "List" or code_of(record.resource, "emptyReason") != "nilknown":
        return False
    codings = parts(part(record.resource, "code"), "coding")
    return any(text(coding, "code") == MEDICATION_LIST for coding in codings)
