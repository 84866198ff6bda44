"""A rule set read from its directory: all mistakes at once, each with file and line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from rules.catalogue import Catalogue
from rules.loading.evidence import read_sources
from rules.loading.explanations import read_explanation
from rules.loading.files import SetFiles, read_files
from rules.loading.findings import FindingReader
from rules.loading.manifest import read_manifest
from rules.loading.rules import RuleReader
from rules.model import AnyRule, Finding, Manifest, Recommendation, Rule, RuleSet, Source
from rules.source import Problems, Section

Part = TypeVar("Part")


def load_rule_set(directory: Path, facts: Catalogue, digest: str = "") -> RuleSet:
    """The rule set in a directory under its default profile, the other profiles with it.

    RuleSetError lists everything that is wrong with it.
    """
    problems = Problems()
    files = read_files(directory, problems)
    manifest = read_manifest(files.manifest, problems)
    sources = read_sources(files.evidence, problems)
    problems.raise_if_any()
    known = cast(Manifest, manifest)
    build = partial(_build, files=files, manifest=known, sources=sources, facts=facts, digest=digest, problems=problems)
    by_profile = {profile: build(profile) for profile in known.profiles}
    problems.raise_if_any()
    return replace(by_profile[known.default_profile], by_profile=by_profile)


def _build(
    profile: str,
    *,
    files: SetFiles,
    manifest: Manifest,
    sources: dict[str, Source],
    facts: Catalogue,
    digest: str,
    problems: Problems,
) -> RuleSet:
    """The rule set under one profile; what is wrong is noted and the set then not to be used."""
    findings = FindingReader(files.findings_under(profile), facts, sources, problems)
    findings.read_all()
    reader = RuleReader(findings, sources, facts, problems)
    explain = partial(read_explanation, reader=reader)
    rule_set = RuleSet(
        manifest=manifest,
        profile=profile,
        digest=digest,
        sources=sources,
        findings=findings.found,
        likelihood=tuple(_read_each(files.likelihood, reader.likelihood)),
        flags=tuple(_read_each(files.flags, reader.flag)),
        recommendations=tuple(_reworded(_read_each(files.recommendations, reader.recommendation), files, profile)),
        differential={other.id: other for other in _read_each(files.differential, explain)},
        causes={cause.id: cause for cause in _read_each(files.causes, explain)},
        scope=findings.get(manifest.scope, "manifest.yaml:1") or NOTHING,
        uninterpretable=findings.get(manifest.uninterpretable, "manifest.yaml:1") or NOTHING,
    )
    _check_use(findings, (*rule_set.named_findings(), rule_set.scope, rule_set.uninterpretable), problems)
    _check_ids([*rule_set.likelihood, *rule_set.flags, *rule_set.recommendations], problems)
    return rule_set


NOTHING = Finding("", "", group="any")


def _read_each(section: Section, read: Callable[[str, Section], Part | None]) -> Iterator[Part]:
    yield from (part for id_, entry in section.items() if (part := read(id_, entry)) is not None)


def _reworded(rules: Iterable[Rule[Recommendation]], files: SetFiles, profile: str) -> Iterator[Rule[Recommendation]]:
    """Recommendations in the words of a profile where it has its own."""
    texts = files.texts_under(profile)
    for rule in rules:
        yield replace(rule, then=replace(rule.then, **texts[rule.id])) if rule.id in texts else rule


def _check_ids(rules: Iterable[AnyRule], problems: Problems) -> None:
    counted = Counter(rule.id for rule in rules)
    for id_ in (id_ for id_, count in counted.items() if count > 1):
        problems.add("rules", f"two rules are called '{id_}'")


def _check_use(findings: FindingReader, named: Iterable[Finding], problems: Problems) -> None:
    used = {finding.id for finding in _with_members(named)}
    for id_, entry in findings.entries.items():
        if id_ not in used:
            problems.add(entry.where(), f"finding '{id_}' is used by no rule")


def _with_members(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from _with_members(finding.members)
