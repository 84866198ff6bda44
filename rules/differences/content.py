"""What changed from one rule set to another, part by part."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from rules.differences.changes import Aspect, Change, became, compare_parts, relisted, reworded
from rules.differences.conclusions import describe_rule, step_of_removal
from rules.differences.evidence import describe_source
from rules.differences.explanations import describe_explanation
from rules.differences.findings import describe_finding
from rules.model import Explanation, RuleSet
from rules.versions import MAJOR, MINOR, PATCH

EXPLANATIONS = {"disease": "differential", "cause": "causes"}


def changes_between(old: RuleSet, new: RuleSet) -> tuple[Change, ...]:
    """Every change, those of the rules first; those under another profile only where they are that profile's own."""
    common = list(_changes(old, new))
    own = [change for profile in _other_profiles(old, new) for change in _own(profile, old, new, common)]
    return (*common, *own, *_manifest(old, new))


def _changes(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    yield from _rules(old, new)
    yield from _findings(old, new)
    for part, kept_in in EXPLANATIONS.items():
        yield from _explanations(part, kept_in, old, new)
    yield from compare_parts(
        *("source", old.sources, new.sources),
        describe=describe_source,
        name=lambda source: source.title,
        steps=(lambda _: PATCH, PATCH),
    )


def _rules(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    yield from compare_parts(
        *("rule", old.rules, new.rules),
        describe=describe_rule,
        name=lambda rule: rule.title,
        steps=(partial(step_of_removal, new=new), MINOR),
    )
    yield from _reordered("rules", old.rules, new.rules)


def _findings(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    """A finding does nothing by itself: what its removal takes away shows in the rules that named it."""
    yield from compare_parts(
        *("finding", old.findings, new.findings),
        describe=describe_finding,
        name=lambda finding: f"'{finding.judged_by}'",
        steps=(lambda _: MINOR, MINOR),
    )


def _explanations(part: str, kept_in: str, old: RuleSet, new: RuleSet) -> Iterator[Change]:
    before: dict[str, Explanation] = getattr(old, kept_in)
    after: dict[str, Explanation] = getattr(new, kept_in)
    yield from compare_parts(
        *(part, before, after),
        describe=describe_explanation,
        name=lambda explanation: explanation.label,
        steps=(lambda _: MAJOR, MINOR),
    )
    yield from _reordered(kept_in, before, after)


def _reordered(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """The order of a set is the order of its answers."""
    before, after = list(old), list(new)
    both = [id_ for id_ in before if id_ in after]
    for says, needs in relisted(f"the order of the {what}:", both, [id_ for id_ in after if id_ in both], PATCH):
        yield Change("rule set", what, "changed", says.capitalize(), needs)


def _other_profiles(old: RuleSet, new: RuleSet) -> list[str]:
    return [profile for profile in old.by_profile if profile in new.by_profile and profile != old.profile]


def _own(profile: str, old: RuleSet, new: RuleSet, common: list[Change]) -> Iterator[Change]:
    for change in _changes(old.under(profile), new.under(profile)):
        if change not in common:
            yield replace(change, part="profile", id=profile, kind="changed", says=f"Under {profile}: {change.says}")


def _manifest(old: RuleSet, new: RuleSet) -> Iterator[Change]:
    yield from compare_parts(
        *("profile", old.manifest.profiles, new.manifest.profiles),
        describe=partial(reworded, "description"),
        name=str,
        steps=(lambda _: MAJOR, MINOR),
    )
    for says, needs in _manifest_aspects(old, new):
        yield Change("rule set", new.manifest.version, "changed", f"Rule set: {says}", needs)


def _manifest_aspects(old: RuleSet, new: RuleSet) -> Iterator[Aspect]:
    before, after = old.manifest, new.manifest
    yield from reworded("title", before.title, after.title)
    yield from reworded("notice", before.notice, after.notice)
    yield from became("scope", before.scope, after.scope, MAJOR)
    yield from became("what is not interpretable", before.uninterpretable, after.uninterpretable, MINOR)
    yield from became("default profile", before.default_profile, after.default_profile, MAJOR)
