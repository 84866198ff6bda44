"""The systems that codes in our resources come from, and HL7's words for ours.

Our own systems are URNs: the project has no domain, and a code that is stored must not change its meaning with the
address of the service that gave it. Each is read at `/fhir/CodeSystem/{name}`.
"""

from collections.abc import Iterator

from rules.fact_types import FactType
from rules.model import RuleSet
from schemas.fhir.concepts import SYSTEMS

Part = dict[str, object]

# The address of each public terminology, the one that R4 lists first among those that are read.
PUBLIC = {name: address for address, name in reversed(SYSTEMS.items())}
OWN = "urn:b12cds:"

# How soon: the definitions of HL7's request-priority, "stat" being its word for an emergency.
PRIORITIES = {"emergency": "stat", "urgent": "asap", "soon": "urgent", "routine": "routine"}
# HL7 has three degrees where a flag has four; the flag's own word stands beside it as a tag.
SEVERITIES = {"emergency": "high", "urgent": "high", "warning": "moderate", "info": "low"}

LEVELS = {
    "undetermined": "Nothing can be said",
    "unlikely": "A B12 above the indeterminate range that can be relied on; never the same as excluded",
    "possible": "An indeterminate B12, another marker, a common symptom with a common risk factor, or known disease",
    "probable": "A raised MMA that the kidneys do not explain, or a raised homocysteine after nitrous oxide",
    "confirmed": "A B12 in the range the guideline calls confirmed; a limit says nothing certain about tissue",
}
STANCES = {
    "supported": "What is known speaks for it",
    "possible": "It could be",
    "against": "What is known speaks against it",
    "undetermined": "Too little is known to tell",
}


def own(system: str, code: str, display: str | None = None) -> Part:
    """A code of one of our own systems."""
    return {"system": OWN + system, "code": code, **({"display": display} if display else {})}


def public_codings(fact: FactType) -> Iterator[Part]:
    """The verified public codes of a fact, the most usual first."""
    for coding in fact.codes:
        if coding.verified:
            display = {"display": coding.display} if coding.display else {}
            yield {"system": PUBLIC[coding.system], "code": coding.code, **display}


def canonical(rule_set: RuleSet) -> str:
    """The name of a rule set under one profile, without its version."""
    return f"{OWN}rule-set:{rule_set.profile}"


def versioned(rule_set: RuleSet) -> str:
    """The name of a rule set under one profile with its version, as a canonical reference writes it."""
    return f"{canonical(rule_set)}|{rule_set.manifest.version}"
