"""The GuidanceResponse that opens an answer, what it asks to be measured next, and its figures for machines."""

from collections.abc import Iterable

from rules import ENGINE_VERSION
from rules.assessment import MissingFact
from rules.catalogue import catalogue
from rules.fact_types import FactType
from schemas.fhir.systems import public_codings
from schemas.fhir_answer.answered import Answered
from schemas.fhir_answer.parts import Part, narrative, notes, reference, resource, tagged
from schemas.fhir_answer.terms import own, versioned

# The flags that whoever reads no more than the beginning must not miss.
GRAVE = ("emergency", "urgent")
# The resource in which a record keeps a fact of each group.
KEPT_IN = {
    "conditions": "Condition",
    "procedures": "Procedure",
    "medications": "MedicationStatement",
}


def guidance_response(answered: Answered) -> Part:
    """What was asked, whether more data would help and which, and where the rest of the answer stands."""
    assessment = answered.assessment
    level = assessment.likelihood.level
    grave = [f"{one.flag.title} ({one.flag.severity})." for one in assessment.flags if one.flag.severity in GRAVE]
    asked = [_asked(missing, level) for missing in assessment.missing]
    return resource(
        "GuidanceResponse",
        meta=tagged(answered.rule_set),
        text=narrative([*grave, f"Vitamin B12 deficiency: {level}.", *asked]),
        moduleCanonical=versioned(answered.rule_set),
        status=_status(answered),
        subject=answered.subject,
        occurrenceDateTime=answered.day,
        performer=reference(answered.urn("device")),
        note=notes(answered.rule_set, *grave, *asked),
        evaluationMessage=[reference(answered.urn("account"))],
        outputParameters=reference(answered.urn("figures")),
        result=reference(answered.urn("options")) if assessment.recommendations else None,
        dataRequirement=data_requirements(assessment.missing),
    )


def _asked(missing: MissingFact, level: str) -> str:
    raises = f"; deficiency could then be {missing.could_reach}" if missing.could_reach != level else ""
    return f"Next to know: {missing.label}{raises}."


def _status(answered: Answered) -> str:
    """More data is required where nothing can be said for want of it, and requested where it could change anything."""
    if answered.assessment.likelihood.reason == "insufficient_data":
        return "data-required"
    return "data-requested" if answered.assessment.missing else "success"


def data_requirements(missing: Iterable[MissingFact]) -> list[Part]:
    """What to measure or ask next, the most telling first."""
    return [data_requirement(catalogue().fact(one.fact)) for one in missing if one.fact in catalogue()]


def data_requirement(fact: FactType) -> Part:
    """Where a record keeps a fact, and the codes it is found under; last among them our own, which has a name."""
    filtered = {"path": "code", "code": [*public_codings(fact), own("fact", fact.code, fact.label)]}
    kind = KEPT_IN.get(fact.group, "Observation")
    if kind == "MedicationStatement":
        filtered = {**filtered, "path": "medication"}
    return {"type": kind, "codeFilter": [filtered]}


def figures(answered: Answered) -> Part:
    """The level with its bounds, and the knowledge it rests on, each under its own name."""
    manifest, outcome = answered.rule_set.manifest, answered.assessment.likelihood
    codes = {
        "level": outcome.level,
        "lowest": outcome.lowest,
        "highest": outcome.highest,
        "basis": outcome.basis,
        "reason": outcome.reason,
    }
    strings = {
        "rule_set": manifest.version,
        "profile": answered.rule_set.profile,
        "digest": answered.rule_set.digest,
        "review": manifest.review,
        "engine": ENGINE_VERSION,
        "notice": manifest.notice,
    }
    flagged = [] if outcome.flagged is None else [{"name": "flagged", "valueBoolean": outcome.flagged}]
    return resource(
        "Parameters",
        parameter=[
            *({"name": name, "valueCode": code} for name, code in codes.items() if code),
            *flagged,
            {"name": "as_of", "valueDate": answered.day},
            *({"name": name, "valueString": text} for name, text in strings.items()),
        ],
    )
