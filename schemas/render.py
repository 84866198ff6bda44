"""An assessment as the plain data of an answer, in the order of the contract."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rules import ENGINE_VERSION
from rules.assessment import (
    Advice,
    Assessment,
    Assumption,
    Criteria,
    ExplanationNote,
    LikelihoodOutcome,
    RaisedFlag,
    TracedRule,
)
from rules.library import is_overdue
from rules.model import Citation, Reason, RuleSet
from schemas.intake import Intake, render_inputs

Part = dict[str, Any]


class Wording:
    """How reasons and citations stand in an answer: in full, unless a subclass has a shorter way to the same."""

    def reason(self, reason: Reason) -> Any:
        """A finding that holds, with the value and the limit it rests on."""
        return {
            "finding": reason.finding,
            "label": reason.label,
            "value": reason.value,
            "limit": reason.limit,
            "citations": self.citations(reason.citations),
        }

    def citations(self, citations: tuple[Citation, ...]) -> Any:
        """Each passage with its source, how it was verified and, where it was really read, its words."""
        return render_citations(citations)


IN_FULL = Wording()


def render(assessment: Assessment, intake: Intake, *, trace: bool = False, wording: Wording = IN_FULL) -> Part:
    """The answer to one patient summary; `trace` adds how every rule came out, as its last part."""
    rule_set = assessment.rule_set
    answer: Part = {
        "rule_set": _rule_set(rule_set, intake.today),
        "likelihood": render_likelihood(assessment.likelihood, wording),
        "flags": [_flag(raised, wording) for raised in assessment.flags],
        "differential": [_disease(note, wording) for note in assessment.differential],
        "causes": [_cause(note, wording) for note in assessment.causes],
        "recommendations": [_advice(advice, wording) for advice in assessment.recommendations],
        "missing": [
            {"fact": missing.fact, "label": missing.label, "could_reach": missing.could_reach}
            for missing in assessment.missing
        ],
        "inputs": render_inputs(intake.inputs, rule_set.reads),
        "notice": rule_set.manifest.notice,
    }
    return {**answer, "trace": [_traced(rule) for rule in assessment.trace]} if trace else answer


def render_citations(citations: Iterable[Citation]) -> list[Part]:
    """Each passage with its source, how it was verified and, where it was really read, its words."""
    return [
        {
            "source": citation.source.id,
            "passage": citation.passage.id,
            "locator": citation.passage.locator,
            "title": citation.source.title,
            "url": citation.source.url,
            "verified": citation.passage.verified,
            "quotation": citation.passage.quotation,
        }
        for citation in citations
    ]


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
        "because": _reasons(outcome.because, wording),
        "assumes": _assumptions(outcome.assumes),
        "probability": None,
    }


def _flag(raised: RaisedFlag, wording: Wording) -> Part:
    return {
        "id": raised.flag.id,
        "severity": raised.flag.severity,
        "title": raised.flag.title,
        "text": raised.flag.text,
        "because": _reasons(raised.because, wording),
        "assumes": _assumptions(raised.assumes),
        "citations": wording.citations(raised.citations),
    }


def _disease(note: ExplanationNote, wording: Wording) -> Part:
    return {
        "condition": note.explanation.id,
        **_points(note, wording),
        "criteria": _criteria(note.criteria),
        "coexists": note.explanation.coexists,
        **_note(note, wording),
    }


def _cause(note: ExplanationNote, wording: Wording) -> Part:
    return {
        "cause": note.explanation.id,
        **_points(note, wording),
        "settled_by": list(note.explanation.settled_by),
        **_note(note, wording),
    }


def _points(note: ExplanationNote, wording: Wording) -> Part:
    return {
        "label": note.explanation.label,
        "stance": note.stance,
        "for": _reasons(note.speaks_for, wording),
        "against": _reasons(note.speaks_against, wording),
        "missing": [{"fact": question.fact, "label": question.label} for question in note.missing],
    }


def _note(note: ExplanationNote, wording: Wording) -> Part:
    return {"note": note.explanation.note, "citations": wording.citations(note.explanation.citations)}


def _criteria(criteria: Criteria | None) -> Part | None:
    if criteria is None:
        return None
    return {"name": criteria.name, "score": [criteria.least, criteria.greatest], "needs": criteria.needs}


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
        "because": _reasons(advice.because, wording),
        "assumes": _assumptions(advice.assumes),
        "citations": wording.citations(advice.citations),
    }


def _reasons(reasons: Iterable[Reason], wording: Wording) -> list[Any]:
    return [wording.reason(reason) for reason in reasons]


def _assumptions(assumptions: Iterable[Assumption]) -> list[Part]:
    return [{"finding": assumption.finding, "label": assumption.label} for assumption in assumptions]


def _traced(rule: TracedRule) -> Part:
    findings = [
        {
            "finding": finding.finding,
            "label": finding.label,
            "word": finding.word,
            "truth": finding.truth,
            "value": finding.value,
            "limit": finding.limit,
            "distance": finding.distance,
            "unknown": list(finding.unknown),
        }
        for finding in rule.findings
    ]
    return {"rule": rule.rule, "title": rule.title, "outcome": rule.outcome, "findings": findings}
