"""An assessment as the plain data of an answer, in the order of the contract."""

from datetime import date
from typing import Any

from rules import ENGINE_VERSION
from rules.assessment import Advice, Assessment, LikelihoodOutcome, RaisedFlag
from rules.library import is_overdue
from rules.model import RuleSet
from schemas.explanations import render_cause, render_disease
from schemas.grounds import IN_FULL, Wording, render_assumptions, render_reasons
from schemas.inputs import render_inputs
from schemas.intake import Intake
from schemas.trace import render_traced

Part = dict[str, Any]


def render(assessment: Assessment, intake: Intake, *, trace: bool = False, wording: Wording = IN_FULL) -> Part:
    """The answer to one patient summary; `trace` adds how every rule came out, as its last part."""
    rule_set = assessment.rule_set
    answer: Part = {
        "rule_set": _rule_set(rule_set, intake.today),
        "likelihood": render_likelihood(assessment.likelihood, wording),
        "flags": [_flag(raised, wording) for raised in assessment.flags],
        "differential": [render_disease(note, wording) for note in assessment.differential],
        "causes": [render_cause(note, wording) for note in assessment.causes],
        "recommendations": [_advice(advice, wording) for advice in assessment.recommendations],
        "missing": [
            {"fact": missing.fact, "label": missing.label, "could_reach": missing.could_reach}
            for missing in assessment.missing
        ],
        "inputs": render_inputs(intake.inputs, rule_set.reads),
        "notice": rule_set.manifest.notice,
    }
    return {**answer, "trace": [render_traced(rule) for rule in assessment.trace]} if trace else answer


def _rule_set(rule_set: RuleSet, today: date) -> Part:
    manifest = rule_set.manifest
    return {
        "version": manifest.version,
        "profile": rule_set.profile,
        "digest": rule_set.digest,
        "status": manifest.status,
        "effective": manifest.effective.isoformat(),
        "next_review": manifest.next_review.isoformat(),
        "review": manifest.review,
        "engine": ENGINE_VERSION,
        "review_overdue": is_overdue(rule_set, today),
    }


def render_likelihood(outcome: LikelihoodOutcome, wording: Wording = IN_FULL) -> Part:
    """The level with its bounds, reasons and assumptions."""
    return {
        "level": outcome.level,
        "flagged": outcome.flagged,
        "basis": outcome.basis,
        "reason": outcome.reason,
        "could_be": {"lowest": outcome.lowest, "highest": outcome.highest},
        "because": render_reasons(outcome.because, wording),
        "assumes": render_assumptions(outcome.assumes),
        "probability": None,
    }


def _flag(raised: RaisedFlag, wording: Wording) -> Part:
    return {
        "id": raised.flag.id,
        "severity": raised.flag.severity,
        "title": raised.flag.title,
        "text": raised.flag.text,
        "because": render_reasons(raised.because, wording),
        "assumes": render_assumptions(raised.assumes),
        "citations": wording.citations(raised.citations),
    }


def _advice(advice: Advice, wording: Wording) -> Part:
    option = advice.recommendation
    return {
        "id": option.id,
        "action": option.action,
        "tests": list(option.tests),
        "title": option.title,
        "text": option.text,
        "urgency": advice.urgency,
        "strength": option.strength,
        "certainty": option.certainty,
        "rules": list(advice.rules),
        "because": render_reasons(advice.because, wording),
        "assumes": render_assumptions(advice.assumes),
        "citations": wording.citations(advice.citations),
    }
