"""The answer on the wire: one patient's assessment, each statement with its citation."""

from marshmallow import Schema

from rules.model import (
    ACTIONS,
    BASES,
    CERTAINTIES,
    LEVELS,
    REASONS,
    SEVERITIES,
    STANCES,
    STATUSES,
    STRENGTHS,
    URGENCIES,
    VERIFICATIONS,
    WHEN_WORDS,
)
from schemas import wire

TRUTHS = ("true", "false", "unknown")
OUTCOMES = ("fired", "silent", "undecided", "out_of_scope")


class CitationSchema(Schema):
    """The passage of a source that a statement rests on."""

    source = wire.text("The source, as `/v1/rule-sets/{version}/evidence/{id}` names it")
    passage = wire.text("The passage of the source")
    locator = wire.text("Where the passage stands")
    title = wire.text("Title of the source")
    url = wire.text("Address of the source", nullable=True)
    verified = wire.word(VERIFICATIONS, "Read in the source itself, in one that restates it, or not at all")
    quotation = wire.text("Words of the source, where they were really read", nullable=True)


class ReasonSchema(Schema):
    """A finding that holds."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    value = wire.text("The value it rests on, as it was reported", nullable=True)
    limit = wire.text("The limit it was judged by", nullable=True)
    citations = wire.many(CitationSchema, "Where the finding comes from")


class AssumptionSchema(Schema):
    """A finding taken as absent since nobody said that it is there."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")


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


class QuestionSchema(Schema):
    """Something unknown that would help."""

    fact = wire.text("The fact, by the name it is sent under")
    label = wire.text("The fact in plain words")


class CriteriaSchema(Schema):
    """A published score as the range it can still have."""

    name = wire.text("Name of the criteria")
    score = wire.whole_numbers("The least and the greatest score")
    needs = wire.whole_number("The score from which they are met")


POINTS = ("label", "stance", "for_", "against", "missing")
NOTE = ("note", "citations")


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


class TracedFindingSchema(Schema):
    """How one finding of a rule stood."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    word = wire.word(WHEN_WORDS, "The word of the rule that names it")
    truth = wire.word(TRUTHS, "How it stood")
    value = wire.text("The value it was judged by", nullable=True)
    limit = wire.text("The limit it was judged by", nullable=True)
    distance = wire.text("How far the value is from the limit", nullable=True)
    unknown_ = wire.texts("The unknown facts behind it", data_key="unknown")


class TracedRuleSchema(Schema):
    """Why one rule fired, stayed silent or could not be decided."""

    rule = wire.text("The rule")
    title = wire.text("The rule in one sentence")
    outcome = wire.word(OUTCOMES, "What became of it")
    findings = wire.many(TracedFindingSchema, "Its findings")


class UsedInputSchema(Schema):
    """A fact that rules read."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The fact it was read as")
    label = wire.text("The fact in plain words")
    value = wire.text("Its value as it was sent")


class UnusedInputSchema(Schema):
    """A fact that decides nothing."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The fact it was read as")
    reason = wire.text("Why it decides nothing")


class UnrecognizedInputSchema(Schema):
    """A name that the catalogue does not have."""

    path = wire.text("Where it stands in the summary")
    name = wire.text("The name as it was sent")
    did_you_mean = wire.texts("Codes that are close to it")


class ConversionSchema(Schema):
    """A result in another unit; it is judged in the unit it was sent in where the limit is printed in that unit."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The test")
    from_ = wire.text("As it was sent", data_key="from")
    to = wire.text("In the unit of the catalogue, rounded")


class InputWarningSchema(Schema):
    """Something accepted that should still be looked at."""

    path = wire.text("Where it stands in the summary")
    message = wire.text("What to look at")


class InputsSchema(Schema):
    """What became of each part of the summary."""

    as_of = wire.day("The day the summary is about")
    used = wire.many(UsedInputSchema, "Facts that rules read")
    unused = wire.many(UnusedInputSchema, "Facts that decide nothing, older results among them")
    unrecognized = wire.many(UnrecognizedInputSchema, "Names that are not known")
    conversions = wire.many(ConversionSchema, "Results in another unit")
    warnings = wire.many(InputWarningSchema, "Things to look at")


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
