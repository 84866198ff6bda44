"""A rule set read from its directory: all mistakes at once, each with file and line."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from rules.catalogue import Catalogue
from rules.loading.evidence import read_sources
from rules.loading.findings import FindingReader
from rules.loading.manifest import read_manifest
from rules.loading.mimics import read_mimic
from rules.loading.rules import RuleReader
from rules.model import Finding, Manifest, Mimic, Rule, RuleSet, Source
from rules.source import Problems, Section, read_yaml

RULE_FILES = {
    "likelihood": ("rules/likelihood.yaml", "adult"),
    "flag": ("rules/flags.yaml", "everyone"),
    "recommend": ("rules/recommendations.yaml", "adult"),
}


def load_rule_set(directory: Path, facts: Catalogue, digest: str = "") -> RuleSet:
    """The rule set in a directory; RuleSetError lists everything that is wrong with it."""
    problems = Problems()
    manifest = read_manifest(read_yaml(directory / "manifest.yaml", directory, problems), problems)
    sources = read_sources(read_yaml(directory / "evidence.yaml", directory, problems), problems)
    entries = _finding_entries(directory, problems)
    findings = FindingReader(entries, facts, sources, problems)
    findings.read_all()
    rules = {kind: tuple(_rules(directory, kind, findings, problems)) for kind in RULE_FILES}
    mimics = tuple(_mimics(directory, findings, problems))
    _check_ids(chain(*rules.values()), problems)
    _check_use(entries, chain(*rules.values()), mimics, manifest, findings, problems)
    problems.raise_if_any()
    assert manifest is not None
    return _rule_set(manifest, sources, findings.found, rules, mimics, digest)


def _rule_set(
    manifest: Manifest,
    sources: dict[str, Source],
    findings: dict[str, Finding],
    rules: dict[str, tuple[Rule, ...]],
    mimics: tuple[Mimic, ...],
    digest: str,
) -> RuleSet:
    used = [*(finding for rule in chain(*rules.values()) for finding in rule.when.findings())]
    used += [finding for mimic in mimics for finding in mimic.findings()]
    return RuleSet(
        manifest=manifest,
        sources=sources,
        findings=findings,
        rules={rule.id: rule for rule in chain(*rules.values())},
        mimics={mimic.id: mimic for mimic in mimics},
        scope=findings[manifest.scope],
        uninterpretable=findings[manifest.uninterpretable],
        reads=frozenset().union(*(finding.reads for finding in used)),
        digest=digest,
        profile=manifest.default_profile,
        likelihood=rules["likelihood"],
        flags=rules["flag"],
        recommendations=rules["recommend"],
    )


def _finding_entries(directory: Path, problems: Problems) -> dict[str, Section]:
    entries: dict[str, Section] = {}
    for path in sorted((directory / "findings").glob("*.yaml")):
        section = read_yaml(path, directory, problems)
        for id_, entry in section.items():
            if id_ in entries:
                problems.add(section.where(id_), f"finding '{id_}' is already at {entries[id_].where()}")
            elif isinstance(entry, Section):
                entries[id_] = entry
            else:
                problems.add(section.where(id_), f"finding '{id_}' is not a mapping")
    return entries


def _rules(directory: Path, kind: str, findings: FindingReader, problems: Problems) -> Iterator[Rule]:
    file, scope = RULE_FILES[kind]
    reader = RuleReader(findings, findings.sources, findings.facts, problems, kind, scope)
    section = read_yaml(directory / file, directory, problems)
    yield from (rule for id_, entry in section.items() if (rule := reader.read(id_, entry)) is not None)


def _mimics(directory: Path, findings: FindingReader, problems: Problems) -> Iterator[Mimic]:
    reader = RuleReader(findings, findings.sources, findings.facts, problems, "mimic")
    section = read_yaml(directory / "rules/differential.yaml", directory, problems)
    yield from (mimic for id_, entry in section.items() if (mimic := read_mimic(id_, entry, reader)) is not None)


def _check_ids(rules: Iterable[Rule], problems: Problems) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            problems.add("rules", f"two rules are called '{rule.id}'")
        seen.add(rule.id)


def _check_use(
    entries: dict[str, Section],
    rules: Iterable[Rule],
    mimics: tuple[Mimic, ...],
    manifest: Manifest | None,
    findings: FindingReader,
    problems: Problems,
) -> None:
    named = [finding for rule in rules for finding in rule.when.findings()]
    named += [finding for mimic in mimics for finding in mimic.findings()]
    if manifest is not None:
        named += findings.get_all([manifest.scope, manifest.uninterpretable], "manifest.yaml")
    used = {finding.id for finding in _with_members(named)}
    for id_, entry in entries.items():
        if id_ not in used:
            problems.add(entry.where(), f"finding '{id_}' is used by no rule")


def _with_members(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from _with_members(finding.members)
