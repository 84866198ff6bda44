"""Our own code systems, made from the words that the rule set and the catalogue use, so that none can drift."""

from collections.abc import Mapping

from rules.catalogue import catalogue
from rules.model import ACTIONS, CERTAINTIES, SEVERITIES, STRENGTHS, UNREVIEWED, RuleSet
from schemas.fhir_answer.knowledge import PUBLISHER
from schemas.fhir_answer.parts import Part, resource
from schemas.fhir_answer.terms import LEVELS, OWN, STANCES

TITLES = {
    "likelihood": "How likely vitamin B12 deficiency is",
    "stance": "Where the evidence for a disease or cause points",
    "flag": "Red flags and warnings",
    "severity": "How grave a flag is",
    "recommendation": "Options for the clinician",
    "action": "What kind of step an option is",
    "strength": "How strongly an option is recommended",
    "certainty": "How certain the evidence for an option is (GRADE)",
    "condition": "Diseases that could explain the picture",
    "cause": "Possible causes of vitamin B12 deficiency",
    "fact": "What a patient summary can say",
    "review": "Whether anybody signed a rule set",
}


def code_system(name: str, rule_set: RuleSet) -> Part:
    """One of our code systems, as a rule set uses it."""
    return resource(
        "CodeSystem",
        id=name,
        url=OWN + name,
        version=rule_set.manifest.version,
        name=f"B12cds{name.capitalize()}",
        title=TITLES[name],
        status=rule_set.manifest.status,
        experimental=False,
        date=rule_set.manifest.effective.isoformat(),
        publisher=PUBLISHER,
        caseSensitive=True,
        content="complete",
        concept=[_concept(code, text) for code, text in _concepts(name, rule_set).items()],
    )


def _concept(code: str, text: str) -> Part:
    return {"code": code, "display": text or code}


def _concepts(name: str, rule_set: RuleSet) -> Mapping[str, str]:
    plain = {"severity": SEVERITIES, "action": ACTIONS, "strength": STRENGTHS, "certainty": CERTAINTIES}
    if name in plain:
        return dict.fromkeys(plain[name], "")
    concepts: dict[str, Mapping[str, str]] = {
        "likelihood": LEVELS,
        "stance": STANCES,
        "flag": {rule.then.id: rule.then.title for rule in rule_set.flags},
        "recommendation": {rule.then.id: rule.then.title for rule in rule_set.recommendations},
        "condition": {other.id: other.label for other in rule_set.differential.values()},
        "cause": {cause.id: cause.label for cause in rule_set.causes.values()},
        "fact": {fact.code: fact.label for fact in catalogue()},
        "review": {UNREVIEWED: "No clinician has signed the rule set"},
    }
    return concepts[name]
