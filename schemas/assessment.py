"""The answer on the wire: one patient's assessment, each statement with its citation."""

from marshmallow import Schema

from rules.model import (
    ACTIONS,
    BASES,
    CERTAINTIES,
    LEVELS,
    REASONS,
    SEVERITIES,
    STATUSES,
    STRENGTHS,
    URGENCIES,
)
from schemas import wire
from schemas.explanations import CauseSchema, DiseaseSchema
from schemas.grounds import AssumptionSchema, CitationSchema, ReasonSchema
from schemas.inputs import InputsSchema
from schemas.trace import TracedRuleSchema


class UsedRuleSetSchema(Schema):
    """The rule set and the engine that gave the answer."""

    version = wire.text("Version of the rule set")
    profile = wire.text("Profile of the rule set")
    digest = wire.text("Hash of the rule set's files and of the catalogue of facts")
    status = wire.word(STATUSES, "Whether it is in use")
    effective = wire.day("The day it came into use")
    next_review = wire.day("The day it is to be reviewed")
    review = wire.text("Who reviewed it, or `unreviewed`")
    engine = wire.text("Version of the engine")
    review_overdue = wire.flag("Whether it should have been reviewed by now; a retired one never is")


class CouldBeSchema(Schema):
    """The levels the likelihood can still have."""

    lowest = wire.word(LEVELS, "The highest level that needs no assumption")
    highest = wire.word(LEVELS, "The highest level that unknown facts could lead to")


class LikelihoodSchema(Schema):
    """How likely deficiency is, and how sure that is."""

    level = wire.word(LEVELS, "The level")
    flagged = wire.flag("Whether deficiency is at least possible; null when undetermined", nullable=True)
    basis = wire.word((*BASES, "none"), "What the level rests on")
    reason = wire.word(REASONS, "Why it is undetermined", nullable=True)
    could_be = wire.one(CouldBeSchema, "What the level could be as more is learned")
    because = wire.many(ReasonSchema, "The findings behind the level")
    assumes = wire.many(AssumptionSchema, "What was taken as absent")
    probability = wire.number("Always null: no calibrated model is shipped", nullable=True)


class FlagSchema(Schema):
    """A red flag or warning, raised whatever the likelihood is."""

    id = wire.text("Name of the flag")
    severity = wire.word(SEVERITIES, "How grave it is")
    title = wire.text("The flag in a few words")
    text = wire.text("What to do about it")
    because = wire.many(ReasonSchema, "The findings that raised it")
    assumes = wire.many(AssumptionSchema, "What was taken as absent")
    citations = wire.many(CitationSchema, "The sources")


class RecommendationSchema(Schema):
    """An option for the clinician."""

    id = wire.text("Name of the recommendation")
    action = wire.word(ACTIONS, "What kind of step it is")
    tests = wire.texts("The tests to ask for, by code, when the action is `test`")
    title = wire.text("The step in a few words")
    text = wire.text("The step in full")
    urgency = wire.word(URGENCIES, "How soon")
    strength = wire.word(STRENGTHS, "How strongly it is recommended")
    certainty = wire.word(CERTAINTIES, "How certain the evidence is (GRADE)")
    rules = wire.texts("The rules that give it")
    because = wire.many(ReasonSchema, "The findings behind it")
    assumes = wire.many(AssumptionSchema, "What was taken as absent")
    citations = wire.many(CitationSchema, "The sources")


class MissingFactSchema(Schema):
    """An unknown fact that could change the answer."""

    fact = wire.text("The fact, by the name it is sent under")
    label = wire.text("The fact in plain words")
    could_reach = wire.word(LEVELS, "The level it could lead to")


class AssessmentSchema(Schema):
    """One patient's assessment, in the order of the rule set."""

    rule_set = wire.one(UsedRuleSetSchema, "What gave the answer")
    likelihood = wire.one(LikelihoodSchema, "How likely vitamin B12 deficiency is")
    flags = wire.many(FlagSchema, "Red flags and warnings, the gravest first")
    differential = wire.many(DiseaseSchema, "What else could explain the picture")
    causes = wire.many(CauseSchema, "Possible causes of deficiency; empty in rule set 1.0.0")
    recommendations = wire.many(RecommendationSchema, "What to do next, the most urgent first")
    missing = wire.many(MissingFactSchema, "Unknown facts that could change the answer, the most telling first")
    inputs = wire.one(InputsSchema, "What became of each part of the summary")
    notice = wire.text("What this answer is and is not")
    trace = wire.many(TracedRuleSchema, "Every rule with its outcome, only when `trace=true`", required=False)
