"""The systems of our own codes, and HL7's words for ours.

Our own systems are URNs: the project has no domain, and a code that is stored must not change its meaning with the
address of the service that gave it. Each is read at `/fhir/CodeSystem/{name}`.
"""

from rules.model import RuleSet

Part = dict[str, object]

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


def canonical(rule_set: RuleSet) -> str:
    """The name of a rule set under one profile, without its version."""
    return f"{OWN}rule-set:{rule_set.profile}"


def versioned(rule_set: RuleSet) -> str:
    """The name of a rule set under one profile with its version, as a canonical reference writes it."""
    return f"{canonical(rule_set)}|{rule_set.manifest.version}"
