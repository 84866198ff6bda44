"""Whether Patients are one person or several."""

from collections.abc import Iterable

from schemas.fhir.bundles import Record
from schemas.fhir.elements import text


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
