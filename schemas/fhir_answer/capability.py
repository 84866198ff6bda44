"""What the FHIR door can do: the CapabilityStatement, and the definition of its one operation."""

from rules.model import RuleSet
from schemas.fhir_answer.knowledge import PUBLISHER
from schemas.fhir_answer.parts import Part, resource
from schemas.fhir_answer.terms import OWN

OPERATION = f"{OWN}operation:assess"
READABLE = {
    "CodeSystem": "The meaning of the codes in answers that are our own.",
    "Library": "The sources of a rule set and the data it reads, by profile and version, such as uk-nice-1.1.0.",
    "OperationDefinition": "The definition of $assess, under the id assess.",
    "PlanDefinition": "The rules of a rule set, by profile and version, such as uk-nice-1.1.0; $apply is not offered.",
}


def capability_statement(rule_set: RuleSet, version: str) -> Part:
    """What can be asked of this version of the software; nothing is stored, so there is nothing to search."""
    manifest = rule_set.manifest
    return resource(
        "CapabilityStatement",
        status="active",
        date=manifest.effective.isoformat(),
        publisher=PUBLISHER,
        description=f"Decision support for vitamin B12 deficiency. {manifest.notice}",
        kind="instance",
        software={"name": "b12cds", "version": version},
        implementation={"description": f"Rule set {manifest.version}, {rule_set.digest}"},
        fhirVersion="4.0.1",
        format=["json", "application/fhir+json"],
        rest=[
            {
                "mode": "server",
                "documentation": "POST a Bundle or Parameters to $assess; nothing is stored.",
                "resource": [
                    {"type": name, "documentation": text, "interaction": [{"code": "read"}]}
                    for name, text in READABLE.items()
                ],
                "operation": [{"name": "assess", "definition": OPERATION}],
            }
        ],
    )


def operation_definition(rule_set: RuleSet, version: str) -> Part:
    """What $assess takes and gives in this version of the software."""
    return resource(
        "OperationDefinition",
        id="assess",
        url=OPERATION,
        version=version,
        name="Assess",
        title="Assess one patient for vitamin B12 deficiency",
        status="active",
        kind="operation",
        date=rule_set.manifest.effective.isoformat(),
        publisher=PUBLISHER,
        description=(
            "Takes one patient's Patient, Observation, Condition, Procedure and medication resources and answers with "
            "a Bundle of type collection, its GuidanceResponse first. The Bundle may be posted alone, with rule_set, "
            "profile and as_of in the query, or in Parameters."
        ),
        affectsState=False,
        code="assess",
        system=True,
        type=False,
        instance=False,
        parameter=[
            _parameter("bundle", "Bundle", "The patient's data; one patient, or none named", least=1),
            _parameter("rule_set", "string", "Version of the rule set that answers; the active one when left out"),
            _parameter("profile", "string", "Profile of that rule set; the service's usual one when left out"),
            _parameter("as_of", "date", "The day the assessment is about; today (UTC) when left out"),
            {**_parameter("return", "Bundle", "The answer", least=1), "use": "out"},
        ],
    )


def _parameter(name: str, kind: str, documentation: str, *, least: int = 0) -> Part:
    return {"name": name, "use": "in", "min": least, "max": "1", "documentation": documentation, "type": kind}
