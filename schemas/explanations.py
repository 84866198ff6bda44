"""What else could explain the picture, and what could have caused a deficiency: what speaks for and against each."""

from typing import Any

from marshmallow import Schema

from rules.assessment import Criteria, ExplanationNote
from rules.model import STANCES
from schemas import wire
from schemas.grounds import CitationSchema, ReasonSchema, Wording, render_reasons

Part = dict[str, Any]
POINTS = ("label", "stance", "for_", "against", "missing")
NOTE = ("note", "citations")


class QuestionSchema(Schema):
    """Something unknown that would help."""

    fact = wire.text("The fact, by the name it is sent under")
    label = wire.text("The fact in plain words")


class CriteriaSchema(Schema):
    """A published score as the range it can still have."""

    name = wire.text("Name of the criteria")
    score = wire.whole_numbers("The least and the greatest score")
    needs = wire.whole_number("The score from which they are met")


class ExplanationSchema(Schema):
    """What speaks for and against another disease or a cause."""

    label = wire.text("The disease or cause in plain words")
    stance = wire.word(STANCES, "Where the evidence points")
    for_ = wire.many(ReasonSchema, "What speaks for it", data_key="for")
    against = wire.many(ReasonSchema, "What speaks against it")
    missing = wire.many(QuestionSchema, "What would help to tell")
    note = wire.text("How it differs, and what settles it")
    citations = wire.many(CitationSchema, "The sources")


class DiseaseSchema(ExplanationSchema):
    """Another disease that could explain the picture; it neither raises nor lowers the likelihood of deficiency."""

    class Meta:
        fields = ("condition", *POINTS, "criteria", "coexists", *NOTE)

    condition = wire.text("The disease")
    criteria = wire.one(CriteriaSchema, "Classification criteria, where they apply", nullable=True)
    coexists = wire.flag("Whether it may be there together with B12 deficiency")


class CauseSchema(ExplanationSchema):
    """A possible cause of deficiency."""

    class Meta:
        fields = ("cause", *POINTS, "settled_by", *NOTE)

    cause = wire.text("The cause")
    settled_by = wire.texts("The tests that would settle it")


def render_disease(note: ExplanationNote, wording: Wording) -> Part:
    """What speaks for and against another disease, and whether deficiency may be there beside it."""
    return {
        "condition": note.explanation.id,
        **_points(note, wording),
        "criteria": _criteria(note.criteria),
        "coexists": note.explanation.coexists,
        **_note(note, wording),
    }


def render_cause(note: ExplanationNote, wording: Wording) -> Part:
    """What speaks for and against a cause, and which tests would settle it."""
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
        "for": render_reasons(note.speaks_for, wording),
        "against": render_reasons(note.speaks_against, wording),
        "missing": [{"fact": question.fact, "label": question.label} for question in note.missing],
    }


def _note(note: ExplanationNote, wording: Wording) -> Part:
    return {"note": note.explanation.note, "citations": wording.citations(note.explanation.citations)}


def _criteria(criteria: Criteria | None) -> Part | None:
    if criteria is None:
        return None
    return {"name": criteria.name, "score": [criteria.least, criteria.greatest], "needs": criteria.needs}
