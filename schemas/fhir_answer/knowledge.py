"""A rule set as FHIR knowledge: its rules as a PlanDefinition, its sources and what it reads as a Library.

They are for reading. `$apply` is not offered: the conditions are in words and three-valued, and `$assess` judges them.
"""

from collections.abc import Iterable

from rules.catalogue import catalogue
from rules.model import UNREVIEWED, AnyRule, Finding, Flag, Likelihood, Recommendation, RuleSet, Source, When
from schemas.fhir_answer.guidance import data_requirement
from schemas.fhir_answer.parts import Part, artifacts, provenance, resource
from schemas.fhir_answer.terms import OWN, PRIORITIES, canonical, own

PUBLISHER = "The b12cds project"
HL7 = "http://terminology.hl7.org/CodeSystem/"


def knowledge_id(rule_set: RuleSet) -> str:
    """The id under which a rule set under one profile is read, such as `uk-nice-1.1.0`."""
    return f"{rule_set.profile}-{rule_set.manifest.version}"


def plan_definition(rule_set: RuleSet) -> Part:
    """The rules of a set under one profile, each with its condition in words, its conclusion and its sources."""
    parts = (("Likelihood", rule_set.likelihood), ("Flags", rule_set.flags), ("Options", rule_set.recommendations))
    return resource(
        "PlanDefinition",
        **_described(rule_set, "PlanDefinition"),
        type={"coding": [{"system": f"{HL7}plan-definition-type", "code": "eca-rule"}]},
        **_published(rule_set),
        usage="For reading. Post a patient's data to $assess to have the rules judged; $apply is not offered.",
        library=[f"{_library(rule_set)}|{rule_set.manifest.version}"],
        action=[{"title": title, "action": [_rule_action(rule) for rule in rules]} for title, rules in parts],
    )


def library(rule_set: RuleSet) -> Part:
    """The sources of a set, and every fact that its rules read with the codes it is found under."""
    read = [fact for fact in catalogue() if fact.code in rule_set.reads and not fact.derived_from]
    return resource(
        "Library",
        **_described(rule_set, "Library"),
        type={"coding": [{"system": f"{HL7}library-type", "code": "module-definition"}]},
        **_published(rule_set),
        relatedArtifact=[_source(source) for source in rule_set.sources.values()],
        dataRequirement=[data_requirement(fact) for fact in read],
        content=[
            {
                "contentType": "application/json",
                "url": f"/v1/rule-sets/{rule_set.manifest.version}",
                "title": "The rule set as this service shows it, rule by rule",
            }
        ],
    )


def _library(rule_set: RuleSet) -> str:
    return f"{OWN}library:{rule_set.profile}"


def _described(rule_set: RuleSet, kind: str) -> Part:
    manifest = rule_set.manifest
    return {
        "id": knowledge_id(rule_set),
        "meta": {"tag": [own("review", UNREVIEWED)]} if manifest.is_unreviewed else None,
        "url": canonical(rule_set) if kind == "PlanDefinition" else _library(rule_set),
        "identifier": [{"system": f"{OWN}digest", "value": rule_set.digest}],
        "version": manifest.version,
        "name": f"B12cds{kind}",
        "title": f"{manifest.title}: {rule_set.profile}",
        "status": manifest.status,
    }


def _published(rule_set: RuleSet) -> Part:
    manifest = rule_set.manifest
    return {
        "date": manifest.effective.isoformat(),
        "publisher": PUBLISHER,
        "description": f"{manifest.profiles[rule_set.profile]}. {manifest.notice} {provenance(rule_set)}",
        "effectivePeriod": {"start": manifest.effective.isoformat()},
        "author": [{"name": manifest.authored_by}],
    }


def _rule_action(rule: AnyRule) -> Part:
    words, documentation = in_words(rule.when), artifacts(rule.citations)
    condition = {
        "kind": "applicability",
        "expression": {"description": rule.title, "language": "text/plain", "expression": words},
    }
    return {
        "title": rule.title,
        **_conclusion(rule),
        "textEquivalent": f"{words}. Not to be believed when: {rule.wrong_when}",
        "documentation": documentation,
        "condition": [condition],
    }


def _conclusion(rule: AnyRule) -> Part:
    match rule.then:
        case Likelihood(level=level):
            return {"description": f"Deficiency is at least {level}", "code": [_code("likelihood", level)]}
        case Flag() as flag:
            return {"description": flag.text, "code": [_code("flag", flag.id, flag.title)]}
    option: Recommendation = rule.then
    code = _code("recommendation", option.id, option.title)
    return {"description": option.text, "priority": PRIORITIES[option.urgency], "code": [code]}


def _code(system: str, code: str, display: str | None = None) -> Part:
    return {"coding": [own(system, code, display)]}


def in_words(when: When) -> str:
    """The four words of a rule with the findings they name."""
    some = "any" if when.at_least == 1 else f"at least {when.at_least}"
    words = (
        ("all", when.all),
        (some, when.any),
        ("none known to be", when.none),
        ("unless known to be", when.unless),
    )
    return "; ".join(f"{word}: {_labels(findings)}" for word, findings in words if findings)


def _labels(findings: Iterable[Finding]) -> str:
    return " / ".join(finding.label for finding in findings)


def _source(source: Source) -> Part:
    published = f", {source.published}" if source.published else ""
    return {
        "type": "citation",
        "label": source.id,
        "display": source.title,
        "citation": f"{source.title}. {source.publisher}{published}. Status: {source.status}.",
        **({"url": source.url} if source.url else {}),
    }
