"""The knowledge as plain data, for whoever wants to read it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.library import Library
from rules.model import AnyRule, Finding, Flag, Likelihood, Passage, RuleSet, When
from schemas.render import render_citations

Part = dict[str, Any]


def render_catalogue() -> Part:
    """Everything a patient summary can say."""
    known = catalogue()
    return {"facts": [_fact(fact, known.sites) for fact in known]}


def render_rule_sets(library: Library) -> Part:
    """All versions, oldest first."""
    return {"rule_sets": [_entry(library.get(version)) for version in library.versions]}


def render_rule_set(rule_set: RuleSet) -> Part:
    """One version, with the names of what it is made of."""
    manifest = rule_set.manifest
    return {
        **_entry(rule_set),
        "authored_by": manifest.authored_by,
        "checked_by": manifest.checked_by,
        "supersedes": manifest.supersedes,
        "default_profile": manifest.default_profile,
        **render_profiles(rule_set),
        "notice": manifest.notice,
        "changes": list(manifest.changes),
        "rules": [_rule_entry(rule) for rule in rule_set.rules.values()],
        "differential": [{"condition": other.id, "label": other.label} for other in rule_set.differential.values()],
        "causes": [{"cause": cause.id, "label": cause.label} for cause in rule_set.causes.values()],
        "evidence": [
            {"id": source.id, "title": source.title, "status": source.status} for source in rule_set.sources.values()
        ],
    }


def render_profiles(rule_set: RuleSet) -> Part:
    """The profiles of one version, the default one first."""
    manifest = rule_set.manifest
    named = sorted(manifest.profiles.items(), key=lambda profile: profile[0] != manifest.default_profile)
    return {"profiles": [{"id": name, "description": text} for name, text in named]}


def render_rule(rule_set: RuleSet, rule_id: str) -> Part:
    """One rule of a set; KeyError when there is none of that name."""
    rule = rule_set.rules[rule_id]
    return {
        **_rule_entry(rule),
        "scope": rule.scope,
        "when": _when(rule.when),
        "then": plain_data(asdict(rule.then)),
        "wrong_when": rule.wrong_when,
        "citations": render_citations(rule.citations),
        "examples": [
            {
                "given": plain_data(example.given),
                "expected": example.expected,
                "undecided": list(example.undecided),
            }
            for example in rule.examples
        ],
    }


def render_source(rule_set: RuleSet, source_id: str) -> Part:
    """One source of a set; KeyError when there is none of that name."""
    source = rule_set.sources[source_id]
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "status": source.status,
        "url": source.url,
        "doi": source.doi,
        "pmid": source.pmid,
        "passages": [_passage(passage) for passage in source.passages.values()],
    }


def plain_data(value: Any) -> Any:
    """Data without decimals and tuples, as JSON has it."""
    match value:
        case Mapping():
            return {key: plain_data(member) for key, member in value.items()}
        case list() | tuple():
            return [plain_data(entry) for entry in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    return value


def _entry(rule_set: RuleSet) -> Part:
    manifest = rule_set.manifest
    return {
        "version": manifest.version,
        "status": manifest.status,
        "title": manifest.title,
        "effective": manifest.effective.isoformat(),
        "next_review": manifest.next_review.isoformat(),
        "review": manifest.review,
        "digest": rule_set.digest,
    }


def _fact(fact: FactType, sites: Iterable[str]) -> Part:
    return {
        "code": fact.code,
        "group": fact.group,
        "label": fact.label,
        "kind": fact.kind,
        "path": fact.path,
        "aliases": list(fact.aliases),
        "unit": fact.unit,
        "units": _units(fact),
        "plausible": plain_data(fact.plausible),
        "categories": list(fact.categories),
        "choices": list(fact.choices),
        "sites": list(sites) if fact.takes_sites else [],
        "computed_from": list(fact.derived_from),
        "codes": [asdict(coding) for coding in fact.codes],
    }


def _units(fact: FactType) -> list[Part]:
    return [
        {
            "unit": name,
            "also": [spelling for spelling, meant in fact.spellings.items() if meant == name],
            "times": float(unit.times),
            "plus": float(unit.plus),
        }
        for name, unit in fact.units.items()
    ]


def _rule_entry(rule: AnyRule) -> Part:
    match rule.then:
        case Likelihood():
            concludes = "likelihood"
        case Flag():
            concludes = "flag"
        case _:
            concludes = "recommendation"
    return {"id": rule.id, "concludes": concludes, "title": rule.title}


def _when(when: When) -> Part:
    return {
        "all": _findings(when.all),
        "any": _findings(when.any),
        "at_least": when.at_least,
        "none": _findings(when.none),
        "unless": _findings(when.unless),
    }


def _findings(findings: Iterable[Finding]) -> list[Part]:
    return [
        {
            "finding": finding.id,
            "label": finding.label,
            "says": finding.judged_by,
            "citations": render_citations(finding.citations),
        }
        for finding in findings
    ]


def _passage(passage: Passage) -> Part:
    return {
        "id": passage.id,
        "locator": passage.locator,
        "says": passage.says,
        "quotation": passage.quotation,
        "verified": passage.verified,
        "read_at": passage.read_at,
    }
