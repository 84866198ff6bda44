"""The resources of a document of FHIR, each with the place where it stands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schemas.fhir.elements import EMPTY, Element, text

DEEPEST_BUNDLE = 4
TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{2,59}", re.ASCII)


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
        yield from _entries(resource, f"{path}." if path else "", depth, wanted)


def _entries(bundle: Element, inside: str, depth: int, wanted: Callable[[object], bool]) -> Iterator[Record]:
    for place, entry in enumerate(_listed(bundle, "entry")):
        sent = entry if isinstance(entry, dict) else EMPTY
        if wanted(found := sent.get("resource")):
            yield from _placed(found, f"{inside}entry[{place}].resource", text(sent, "fullUrl"), depth + 1, wanted)


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
