"""What was found of one patient in a document of FHIR: each resource with the place where it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from schemas.fhir.elements import EMPTY, Element, code_of, part, parts, text

MEDICATION_USES = ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense")
# LOINC: History of medication use (read in hl7-eu/EHDSI-Terminology-package eHDSISection.fsh).
MEDICATION_LIST = "10160-0"
DEEPEST_BUNDLE = 4
# A document, and where it stands in what was sent.
Sent = tuple[object, str]
TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{2,59}", re.ASCII)
REFERENCE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{2,59}/[A-Za-z0-9\-.]{1,64})(?:/_history/.*)?", re.ASCII)


@dataclass(slots=True, eq=False)
class Record:
    """One resource and its place in the document, such as `entry[3].resource`; empty when there is none there.

    `type` is its FHIR type, the empty text when it has no name a type could have.
    """

    path: str
    resource: Element
    full_url: str = ""
    type: str = field(init=False)

    def __post_init__(self) -> None:
        name = text(self.resource, "resourceType")
        self.type = name if TYPE_NAME.fullmatch(name) else ""

    @property
    def names(self) -> Iterator[str]:
        """What others may call this resource by: its full address, and its type with its id."""
        if self.full_url:
            yield self.full_url
        id_ = text(self.resource, "id")
        if self.type and id_:
            yield f"{self.type}/{id_}"


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


def different_patients(listed: Iterable[Record], usual_id: str = "") -> list[Record]:
    """The first Patient and all who are somebody else; none when all are the first again."""
    found = list(listed)
    others = [patient for patient in found[1:] if not same_person(found[0], patient, usual_id)]
    return [found[0], *others] if others else []


def same_person(one: Record, other: Record, usual_id: str = "") -> bool:
    """Whether two Patients are surely one: by id and address; what has neither is the same when it says the same.

    Two servers may give one id to two people, so an id alone is not enough where the addresses differ.
    """
    ids = {text(patient.resource, "id") or usual_id for patient in (one, other)}
    addresses = {patient.full_url for patient in (one, other)} - {""}
    if len(ids) > 1 or len(addresses) > 1:
        return False
    return ids != {""} or one.full_url == other.full_url != "" or one.resource == other.resource


def _says_no_medicine(record: Record) -> bool:
    """Whether it is the list of medicines with the word that it is known to be empty."""
    if record.type != "List" or code_of(record.resource, "emptyReason") != "nilknown":
        return False
    codings = parts(part(record.resource, "code"), "coding")
    return any(text(coding, "code") == MEDICATION_LIST for coding in codings)


def placed(document: object, path: str = "") -> Iterator[Record]:
    """The resources of a Bundle, of Bundles inside it too, or the one resource that a document is."""
    yield from _placed(document, path, "", 0, _any)


def patients(document: object, path: str = "") -> Iterator[Record]:
    """The Patients among them; of a long record nothing is made that is not one."""
    found = _placed(document, path, "", 0, _leads_to_patient)
    yield from (record for record in found if record.type == "Patient")


def _any(_resource: object) -> bool:
    return True


def _leads_to_patient(resource: object) -> bool:
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return isinstance(kind, str) and kind.strip() in ("Patient", "Bundle")


def _placed(
    document: object, path: str, full_url: str, depth: int, wanted: Callable[[object], bool]
) -> Iterator[Record]:
    resource = document if isinstance(document, dict) else EMPTY
    if resource.get("resourceType") != "Bundle":
        yield Record(path, resource, full_url)
        if "contained" in resource:
            yield from _contained(path, resource)
    elif depth == DEEPEST_BUNDLE or (depth and not isinstance(resource.get("entry"), list)):
        yield Record(path, EMPTY)
    else:
        inside = f"{path}." if path else ""
        for place, entry in enumerate(_listed(resource, "entry")):
            sent = entry if isinstance(entry, dict) else EMPTY
            if wanted(found := sent.get("resource")):
                where = f"{inside}entry[{place}].resource"
                yield from _placed(found, where, text(sent, "fullUrl"), depth + 1, wanted)


def _contained(path: str, resource: Element) -> Iterator[Record]:
    """Results that a report carries inside itself; other contained resources are read where they are referred to."""
    for place, inside in enumerate(_listed(resource, "contained")):
        if isinstance(inside, dict) and inside.get("resourceType") == "Observation":
            yield Record(_joined(path, f"contained[{place}]"), inside)


def _listed(parent: Element, name: str) -> list[object]:
    value = parent.get(name)
    return value if isinstance(value, list) else []


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
