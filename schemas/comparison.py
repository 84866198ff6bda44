"""One patient under every profile, on the wire."""

from typing import Any

from marshmallow import Schema

from rules.comparison import Comparison, Disagreement, ProfileJudgement
from rules.truth import TRUTHS
from schemas import wire
from schemas.assessment import LikelihoodSchema
from schemas.grounds import CitationSchema, render_citations
from schemas.render import render_likelihood


class ProfileAnswerSchema(Schema):
    """What one profile says."""

    profile = wire.text("Name of the profile")
    description = wire.text("What it stands for")
    likelihood = wire.one(LikelihoodSchema, "How likely deficiency is under it")


class ProfileLimitSchema(Schema):
    """How one profile judges a fact."""

    profile = wire.text("Name of the profile")
    holds = wire.word(TRUTHS, "Whether the finding holds")
    limit = wire.text("The limit it uses", nullable=True)
    citations = wire.many(CitationSchema, "Where the limit comes from")


class DisagreementSchema(Schema):
    """A fact that profiles judge differently."""

    fact = wire.text("The fact")
    label = wire.text("What is judged, in plain words")
    value = wire.text("The value that was sent", nullable=True)
    profiles = wire.many(ProfileLimitSchema, "How each profile judges it")


class ComparisonSchema(Schema):
    """One patient under every profile of a rule set."""

    rule_set = wire.text("The version of the rule set")
    agree = wire.flag("Whether all profiles come to one level")
    levels = wire.texts("The levels they come to, the lowest first")
    profiles = wire.many(ProfileAnswerSchema, "What each profile says")
    differs_by = wire.many(DisagreementSchema, "The facts that make them differ; empty when they agree")


def render_comparison(comparison: Comparison) -> dict[str, Any]:
    """The answer of every profile to one patient summary."""
    profiles = comparison.rule_set.manifest.profiles
    return {
        "rule_set": comparison.rule_set.manifest.version,
        "agree": comparison.agree,
        "levels": comparison.levels,
        "profiles": [
            {
                "profile": profile,
                "description": profiles[profile],
                "likelihood": render_likelihood(assessment.likelihood),
            }
            for profile, assessment in comparison.assessments.items()
        ],
        "differs_by": [_disagreement(disagreement) for disagreement in comparison.disagreements],
    }


def _disagreement(disagreement: Disagreement) -> dict[str, Any]:
    return {
        "fact": disagreement.fact,
        "label": disagreement.label,
        "value": disagreement.judgements[0].judgement.value,
        "profiles": [_judgement(one) for one in disagreement.judgements],
    }


def _judgement(one: ProfileJudgement) -> dict[str, Any]:
    return {
        "profile": one.profile,
        "holds": one.judgement.truth.word,
        "limit": one.judgement.limit,
        "citations": render_citations(one.finding.citations),
    }
