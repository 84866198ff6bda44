"""Whether a document is built as FHIR R4 says: known elements, how often, of which type, with which codes."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "data" / "fhir_r4.json"

DAY = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
# The forms of R4's primitive types (hl7.org/fhir/R4/datatypes.html) as far as our resources use them.
FORMS = {
    **dict.fromkeys(("String", "string", "markdown", "xhtml"), r"(?s).*\S.*"),
    "code": r"\S+( \S+)*",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    **dict.fromkeys(("uri", "url", "canonical"), r"\S+"),
    "date": DAY,
    "dateTime": DAY + r"(T.+)?",
}
OTHER_PRIMITIVES = {"boolean": bool, "integer": int, "unsignedInt": int, "positiveInt": int, "decimal": (int, float)}


@cache
def table() -> Mapping[str, Any]:
    return dict(json.loads(TABLE.read_bytes()))


def faults(resource: Any, path: str = "") -> list[str]:
    """One sentence for every way in which a resource is not what R4 says."""
    kind = resource.get("resourceType")
    if kind not in table():
        return [f"{path or 'resource'}: {kind} is no resource of ours"]
    elements = {name: value for name, value in resource.items() if name != "resourceType"}
    return list(_faults(elements, kind, path or kind))


def _faults(element: Any, kind: str, path: str) -> Iterator[str]:
    if not isinstance(element, dict) or not element:
        yield f"{path}: {kind} must be an object with something in it"
        return
    known = _names(kind)
    for name in element.keys() - known.keys():
        yield f"{path}.{name}: no such element"
    there = [known[name][0] for name in element if name in known]
    for member in {member for member in there if there.count(member) > 1}:
        yield f"{path}.{member}: more than one of its types"
    for member, shape in table()[kind].items():
        if shape["min"] and member not in there:
            yield f"{path}.{member}: is required"
    for name in element.keys() & known.keys():
        member, type_ = known[name]
        yield from _value_faults(element[name], type_, table()[kind][member], f"{path}.{name}")


@cache
def _names(kind: str) -> Mapping[str, tuple[str, str]]:
    """The names that a type's members are written under, each with the member and its type there."""
    members = ((member, type_) for member, shape in table()[kind].items() for type_ in shape["types"])
    return {member.replace("[x]", type_[0].upper() + type_[1:]): (member, type_) for member, type_ in members}


def _value_faults(value: Any, type_: str, shape: Mapping[str, Any], path: str) -> Iterator[str]:
    if (shape["max"] == "*") != isinstance(value, list) or value == []:
        yield f"{path}: must {'' if shape['max'] == '*' else 'not '}be a list with something in it"
        return
    for place, one in enumerate(value if isinstance(value, list) else [value]):
        where = f"{path}[{place}]" if isinstance(value, list) else path
        if type_ == "Resource":
            yield from faults(one, where)
        elif type_ in table():
            yield from _faults(one, type_, where)
        else:
            yield from _primitive_faults(one, type_, shape, where)
        if "targets" in shape and isinstance(one, dict):
            yield from _target_faults(one.get("reference", ""), shape["targets"], where)


def _primitive_faults(value: Any, type_: str, shape: Mapping[str, Any], path: str) -> Iterator[str]:
    if type_ in FORMS:
        fits = isinstance(value, str) and re.fullmatch(FORMS[type_], value) is not None
    else:
        fits = isinstance(value, OTHER_PRIMITIVES[type_])
    if not fits:
        yield f"{path}: is no {type_}"
    if "codes" in shape and value not in shape["codes"]:
        yield f"{path}: is none of {', '.join(shape['codes'])}"


def _target_faults(reference: str, targets: list[str], path: str) -> Iterator[str]:
    kind = reference.partition("/")[0]
    if kind in table() and kind not in targets and "Resource" not in targets:
        yield f"{path}: {kind} cannot be named here"


def misdirected(bundle: Mapping[str, Any], sent: frozenset[str] = frozenset()) -> Iterator[str]:
    """Addresses given twice, and references to a part of this Bundle that is neither in it nor was sent."""
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(addresses)) < len(addresses):
        yield "Bundle.entry: an address is given twice"
    for reference in references(bundle):
        if reference.startswith("urn:uuid:") and reference not in sent.union(addresses):
            yield f"Bundle: nothing is at {reference}"


def references(element: Any) -> Iterator[str]:
    """Every reference within an element."""
    if isinstance(element, list):
        for one in element:
            yield from references(one)
    elif isinstance(element, dict):
        if isinstance(element.get("reference"), str):
            yield element["reference"]
        for one in element.values():
            yield from references(one)
