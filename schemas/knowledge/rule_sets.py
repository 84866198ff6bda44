"""The rule sets: which versions there are, and by name what each is made of."""

from typing import Any

from marshmallow import Schema

from rules.library import Library
from rules.model import STATUSES, RuleSet
from schemas import wire
from schemas.knowledge.rule import RuleEntrySchema, render_rule_entry

Part = dict[str, Any]


class RuleSetEntrySchema(Schema):
    """One version of the knowledge."""

    version = wire.text("The version")
    status = wire.word(STATUSES, "Whether it is in use")
    title = wire.text("What it is about")
    effective = wire.day("The day it came into use")
    next_review = wire.day("The day it is to be reviewed")
    review = wire.text("Who reviewed it, or `unreviewed`")
    digest = wire.text("Hash of its files and of the catalogue of facts")


class RuleSetsSchema(Schema):
    """All versions of the knowledge."""

    rule_sets = wire.many(RuleSetEntrySchema, "The rule sets, oldest first")


class ProfileSchema(Schema):
    """A named choice of limits within a rule set."""

    id = wire.text("Name of the profile")
    description = wire.text("What it stands for")


class ProfilesSchema(Schema):
    """The profiles of a rule set."""

    profiles = wire.many(ProfileSchema, "The profiles, the default one first")


class DiseaseEntrySchema(Schema):
    """A disease of the differential by name."""

    condition = wire.text("The disease")
    label = wire.text("The disease in plain words")


class CauseEntrySchema(Schema):
    """A cause of deficiency by name."""

    cause = wire.text("The cause")
    label = wire.text("The cause in plain words")


class SourceEntrySchema(Schema):
    """A source by name."""

    id = wire.text("Name of the source")
    title = wire.text("Its title")
    status = wire.text("Whether it still holds")


class RuleSetSchema(RuleSetEntrySchema):
    """One version of the knowledge, with what it is made of."""

    authored_by = wire.text("Who wrote it")
    checked_by = wire.text("Who checked it", nullable=True)
    supersedes = wire.text("The version before it", nullable=True)
    default_profile = wire.text("The profile used when none is asked for")
    profiles = wire.many(ProfileSchema, "Its profiles")
    notice = wire.text("What its answers are and are not")
    changes = wire.texts("What changed in it")
    rules = wire.many(RuleEntrySchema, "Its rules")
    differential = wire.many(DiseaseEntrySchema, "The diseases it tells apart")
    causes = wire.many(CauseEntrySchema, "The causes of deficiency it knows; none in the first set")
    evidence = wire.many(SourceEntrySchema, "Its sources")


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
        "rules": [render_rule_entry(rule) for rule in rule_set.rules.values()],
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
