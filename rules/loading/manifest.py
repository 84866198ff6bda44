"""Reading the manifest of a rule set."""

from datetime import date

from rules.model import Manifest
from rules.source import Problems, Section


def read_manifest(section: Section, problems: Problems) -> Manifest:
    """Who answers for the set; a default profile that is none is noted."""
    default = section["default_profile"]
    if default and default not in section["profiles"]:
        problems.unknown(section.where("default_profile"), "profile", default, list(section["profiles"]))
    return Manifest(
        version=section["version"],
        status=section["status"],
        title=section["title"],
        effective=date.fromisoformat(section["effective"]),
        next_review=date.fromisoformat(section["next_review"]),
        review=section["review"],
        authored_by=section["authored_by"],
        checked_by=section.get("checked_by"),
        supersedes=section.get("supersedes"),
        scope=section["scope"],
        uninterpretable=section["uninterpretable"],
        profiles=dict(section["profiles"]),
        default_profile=default,
        notice=section["notice"],
        changes=tuple(section["changes"]),
    )
