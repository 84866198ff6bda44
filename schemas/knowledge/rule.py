"""One rule: what it asks, what it concludes, when not to believe it, and patients it holds for."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields

from rules.model import SCOPES, AnyRule, Finding, Flag, Likelihood, RuleSet, When
from schemas import wire
from schemas.grounds import CitationSchema, render_citations
from schemas.plain import plain_data

Part = dict[str, Any]

CONCLUSIONS = ("likelihood", "flag", "recommendation")
EXPECTATIONS = ("fires", "silent", "undecided")


def _anything(description: str) -> fields.Dict:
    return fields.Dict(required=True, metadata={"description": description})


class RuleEntrySchema(Schema):
    """A rule by name."""

    id = wire.text("Name of the rule")
    concludes = wire.word(CONCLUSIONS, "What kind of conclusion it draws")
    title = wire.text("The rule in one sentence")


class FindingSchema(Schema):
    """A named clinical statement."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    says = wire.text("How it is judged, as the rule set writes it")
    citations = wire.many(CitationSchema, "Where it comes from")


class WhenSchema(Schema):
    """The four words of a rule."""

    all_ = wire.many(FindingSchema, "Each must hold", data_key="all")
    any_ = wire.many(FindingSchema, "At least `at_least` of them must hold", data_key="any")
    at_least = wire.whole_number("How many of `any`")
    none = wire.many(FindingSchema, "Each must be known to be absent")
    unless = wire.many(FindingSchema, "Stops the rule when known to hold; when unknown the rule says what it assumed")


class ExampleSchema(Schema):
    """A patient summary and what the rule does with it."""

    given = _anything("The summary, shortened to what matters")
    expected = wire.word(EXPECTATIONS, "What the rule does")
    undecided = wire.texts("The unknown facts that matter")


class RuleSchema(Schema):
    """One rule: what it asks, what it concludes and when not to believe it."""

    id = wire.text("Name of the rule")
    concludes = wire.word(CONCLUSIONS, "What kind of conclusion it draws")
    title = wire.text("The rule in one sentence")
    scope = wire.word(SCOPES, "For whom it is meant")
    when = wire.one(WhenSchema, "What it asks")
    then = _anything("What it concludes")
    wrong_when = wire.text("When a reader should not believe it")
    citations = wire.many(CitationSchema, "What it rests on")
    examples = wire.many(ExampleSchema, "Patients for whom it holds and does not hold")


def render_rule(rule_set: RuleSet, rule_id: str) -> Part:
    """One rule of a set; KeyError when there is none of that name."""
    rule = rule_set.rules[rule_id]
    return {
        **render_rule_entry(rule),
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


def render_rule_entry(rule: AnyRule) -> Part:
    """A rule by name, with the kind of conclusion it draws."""
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
