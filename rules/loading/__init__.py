"""A rule set read from its directory: all mistakes at once, each with file and line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from rules.catalogue import Catalogue
from rules.loading.evidence import read_sources
from rules.loading.explanations import read_explanation
from rules.loading.files import SetFiles, read_files
from rules.loading.findings import FindingReader
from rules.loading.manifest import read_manifest
from rules.loading.rules import RuleReader
from rules.model import Finding, Manifest, RuleSet, Source
from rules.source import Problems, Section

Part = TypeVar("Part")


def load_rule_set(directory: Path, facts: Catalogue, digest: str = "") -> RuleSet:
    """The rule set in a directory under its default profile, the other profiles with it.

    RuleSetError lists everything that is wrong with it; what refers to what is followed once every file can be read.
    """
    problems = Problems()
    files = read_files(directory, problems)
    if not files.all_read:
        problems.raise_if_any()
    manifest = read_manifest(files.manifest, problems)
    sources = read_sources(files.evidence, problems)
    build = partial(
        _build, files=files, manifest=manifest, sources=sources, facts=facts, digest=digest, problems=problems
    )
    profiles = dict.fromkeys((manifest.default_profile, *manifest.profiles))
    by_profile = {profile: build(profile) for profile in profiles}
    _check_use(files, by_profile.values(), problems)
    problems.raise_if_any()
    variants: dict[str, RuleSet] = {}
    variants.update({profile: replace(rule_set, by_profile=variants) for profile, rule_set in by_profile.items()})
    return variants[manifest.default_profile]


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
    return RuleSet(
        manifest=manifest,
        profile=profile,
        digest=digest,
        sources=sources,
        findings=findings.found,
        likelihood=tuple(_read_each(files.likelihood, reader.likelihood)),
        flags=tuple(_read_each(files.flags, reader.flag)),
        recommendations=tuple(
            reader.reworded(rule, files.texts_under(profile).get(rule.id))
            for rule in _read_each(files.recommendations, reader.recommendation)
        ),
        differential={other.id: other for other in _read_each(files.differential, explain)},
        causes={cause.id: cause for cause in _read_each(files.causes, explain)},
        scope=findings.get(manifest.scope, files.manifest.where("scope")) or NOTHING,
        uninterpretable=findings.get(manifest.uninterpretable, files.manifest.where("uninterpretable")) or NOTHING,
    )


NOTHING = Finding("", "", group="any")


def _read_each(section: Section, read: Callable[[str, Section], Part]) -> Iterator[Part]:
    yield from (read(id_, entry) for id_, entry in section.items())


def _check_use(files: SetFiles, rule_sets: Iterable[RuleSet], problems: Problems) -> None:
    """Note findings that no rule uses under any profile."""
    used: set[str] = set()
    for rule_set in rule_sets:
        _mark_used((*rule_set.named_findings(), rule_set.scope, rule_set.uninterpretable), used)
    for id_, entry in files.findings.items():
        if entry.lines and id_ not in used:
            problems.add(entry.where(), f"finding '{id_}' is used by no rule")


def _mark_used(findings: Iterable[Finding], used: set[str]) -> None:
    for finding in findings:
        if finding.id not in used:
            used.add(finding.id)
            _mark_used(finding.members, used)
