"""A rule set read from its directory: all mistakes at once, each with file and line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from rules.catalogue import Catalogue
from rules.loading.evidence import read_sources
from rules.loading.findings import FindingReader
from rules.loading.manifest import read_manifest
from rules.loading.mimics import read_mimic
from rules.loading.rules import RuleReader
from rules.model import AnyRule, Finding, Manifest, RuleSet
from rules.source import Problems, Section, read_yaml

Part = TypeVar("Part")


def load_rule_set(directory: Path, facts: Catalogue, digest: str = "") -> RuleSet:
    """The rule set in a directory; RuleSetError lists everything that is wrong with it."""
    problems = Problems()
    manifest = read_manifest(read_yaml(directory / "manifest.yaml", directory, problems), problems)
    sources = read_sources(read_yaml(directory / "evidence.yaml", directory, problems), problems)
    findings = FindingReader(_finding_entries(directory, problems), facts, sources, problems)
    findings.read_all()
    reader = RuleReader(findings, sources, facts, problems)
    likelihood = tuple(_read_each(directory, "rules/likelihood.yaml", reader.likelihood, problems))
    flags = tuple(_read_each(directory, "rules/flags.yaml", reader.flag, problems))
    recommendations = tuple(_read_each(directory, "rules/recommendations.yaml", reader.recommendation, problems))
    mimics = tuple(_read_each(directory, "rules/differential.yaml", partial(read_mimic, reader=reader), problems))
    rules: list[AnyRule] = [*likelihood, *flags, *recommendations]
    named = [finding for rule in rules for finding in rule.when.findings()]
    named += [finding for mimic in mimics for finding in mimic.findings()]
    special = _special_findings(manifest, findings)
    _check_use(findings, (*named, *special), problems)
    _check_ids(rules, problems)
    problems.raise_if_any()
    scope, uninterpretable = special
    return RuleSet(
        manifest=cast(Manifest, manifest),
        sources=sources,
        findings=findings.found,
        likelihood=likelihood,
        flags=flags,
        recommendations=recommendations,
        mimics={mimic.id: mimic for mimic in mimics},
        scope=scope,
        uninterpretable=uninterpretable,
        reads=frozenset().union(*(finding.reads for finding in named)),
        digest=digest,
    )


def _special_findings(manifest: Manifest | None, findings: FindingReader) -> tuple[Finding, ...]:
    """For whom the set is meant, and what makes an undetermined answer uninterpretable."""
    if manifest is None:
        return ()
    return findings.get_all([manifest.scope, manifest.uninterpretable], "manifest.yaml:1")


def _read_each(
    directory: Path, file: str, read: Callable[[str, Section], Part | None], problems: Problems
) -> Iterator[Part]:
    section = read_yaml(directory / file, directory, problems)
    yield from (part for id_, entry in section.items() if (part := read(id_, entry)) is not None)


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
