"""The public terminologies that codes of FHIR come from, by our short names."""

from collections.abc import Iterator

from rules.fact_types import Coding, FactType

# The address that R4 lists first stands first among those of one terminology.
SYSTEMS = {
    "http://loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "http://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
}
ADDRESSES = {name: address for address, name in reversed(SYSTEMS.items())}


def system_named(address: str) -> str:
    """Our short name of a code system, also where its address has a version, a slash at its end or the other scheme."""
    if address in SYSTEMS:
        return SYSTEMS[address]
    bare = address.rstrip("/").partition("|")[0]
    return SYSTEMS.get(bare.replace("https://", "http://", 1), "")


def public_coding(coding: Coding) -> dict[str, object]:
    """A code of a public terminology as FHIR writes it."""
    display = {"display": coding.display} if coding.display else {}
    return {"system": ADDRESSES[coding.system], "code": coding.code, **display}


def public_codings(fact: FactType) -> Iterator[dict[str, object]]:
    """The verified public codes of a fact, the most usual first."""
    return (public_coding(coding) for coding in fact.codes if coding.verified)
