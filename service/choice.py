"""Which rule set answers: the one that is asked for by version and profile, else the usual one."""

from rules import Library, RuleSet
from service.refusal import Refusal, require


def choose(
    rule_sets: Library, version: str | None, profile: str | None, places: tuple[str, str], wanted: str | None = None
) -> RuleSet:
    """The rule set and profile that somebody asks for, at these two places; the usual ones where nothing is said.

    The usual profile is the one that an operator wanted, where the rule set has it, else the rule set's own.
    Refusal 404 lists those that exist, 503 when there is none.
    """
    version_at, profile_at = places
    rule_set = _active(rule_sets) if version is None else find(rule_sets, version, version_at)
    profiles = rule_set.manifest.profiles
    usual = wanted if wanted is not None and wanted in profiles else rule_set.manifest.default_profile
    require(usual if profile is None else profile, profiles, profile_at, "profile of that rule set")
    return rule_set.under(usual if profile is None else profile)


def find(rule_sets: Library, version: str, place: str) -> RuleSet:
    """The rule set of the version that `place` names; Refusal 404 lists those that exist."""
    require(version, rule_sets.versions, place, "rule set of this service")
    return rule_sets.get(version)


def _active(rule_sets: Library) -> RuleSet:
    if not rule_sets.versions:
        raise Refusal(503)
    return rule_sets.active
