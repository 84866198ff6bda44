"""Reading the manifest of a rule set."""

import re
from datetime import date

from rules.model import STATUSES, Manifest
from rules.source import Problems, Section

REQUIRED = (
    *("version", "status", "title", "effective", "next_review", "review", "authored_by", "scope"),
    *("uninterpretable", "profiles", "default_profile", "notice", "changes"),
)
OPTIONAL = ("checked_by", "supersedes")
VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)


def read_manifest(section: Section, problems: Problems) -> Manifest | None:
    """The manifest, or None when something in it is wrong."""
    before = len(problems.found)
    problems.check_keys(section, (*REQUIRED, *OPTIONAL), REQUIRED)
    if section.get("status") not in STATUSES:
        problems.add(section.where("status"), f"status is one of {', '.join(STATUSES)}")
    if not VERSION.fullmatch(str(section.get("version"))):
        problems.add(section.where("version"), 'the version is three numbers in quotes, such as "1.0.0"')
    for key in ("effective", "next_review"):
        if not _is_day(section.get(key)):
            problems.add(section.where(key), f"'{key}' is a day in quotes, such as \"2026-01-15\"")
    if section.get("default_profile") not in section.get("profiles", {}):
        problems.add(section.where("default_profile"), "the default profile is not among the profiles")
    if len(problems.found) > before:
        return None
    return _manifest(section)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _manifest(section: Section) -> Manifest:
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
        default_profile=section["default_profile"],
        notice=section["notice"],
        changes=tuple(section["changes"]),
    )
