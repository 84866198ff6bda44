"""The files of a rule set's directory, each read once and of the shape that its format asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rules.loading import formats
from rules.loading.shapes import Shape
from rules.source import Problems, Section, read_yaml


@dataclass(frozen=True, slots=True)
class SetFiles:
    """What the files say, before any of it is understood.

    `causes` is empty in a set that has none; without `all_read` some file is missing or no YAML.
    """

    manifest: Section
    evidence: Section
    findings: Mapping[str, Section]
    likelihood: Section
    flags: Section
    recommendations: Section
    differential: Section
    causes: Section
    profiles: Mapping[str, Section]
    all_read: bool

    def findings_under(self, profile: str) -> dict[str, Section]:
        """The entries of the findings, with those that a profile replaces."""
        return {**self.findings, **self._replaced("findings", profile)}

    def texts_under(self, profile: str) -> dict[str, Section]:
        """The titles and texts of recommendations that a profile words its own way."""
        return self._replaced("texts", profile)

    def _replaced(self, key: str, profile: str) -> dict[str, Section]:
        return self.profiles[profile].get(key, {}) if profile in self.profiles else {}


def read_files(directory: Path, problems: Problems) -> SetFiles:
    """Read every file of a rule set; what is broken or missing is noted."""
    reader = _FileReader(directory, problems)
    findings = reader.folder("findings", formats.FINDINGS)
    files = SetFiles(
        manifest=reader.file("manifest.yaml", formats.MANIFEST),
        evidence=reader.file("evidence.yaml", formats.SOURCES),
        findings={id_: entry for section in findings.values() for id_, entry in section.items()},
        likelihood=reader.file("rules/likelihood.yaml", formats.LIKELIHOOD_RULES),
        flags=reader.file("rules/flags.yaml", formats.FLAG_RULES),
        recommendations=reader.file("rules/recommendations.yaml", formats.RECOMMENDATION_RULES),
        differential=reader.file("rules/differential.yaml", formats.EXPLANATIONS),
        causes=reader.file_if_any("rules/causes.yaml", formats.EXPLANATIONS),
        profiles=reader.folder("profiles", formats.PROFILE),
        all_read=not reader.unread,
    )
    _check_names("finding", findings.values(), problems)
    _check_names("rule", (files.likelihood, files.flags, files.recommendations), problems)
    _check_profiles(files, problems)
    return files


@dataclass(frozen=True, slots=True)
class _FileReader:
    directory: Path
    problems: Problems
    unread: list[str] = field(default_factory=list)

    def file(self, name: str, shape: Shape) -> Section:
        """One file; of one that cannot be read at all nothing but that is noted."""
        before = len(self.problems.found)
        section = read_yaml(self.directory / name, self.directory, self.problems)
        if not section and len(self.problems.found) > before:
            self.unread.append(name)
        content: Section = shape.inside(section, Problems() if name in self.unread else self.problems)
        return content

    def file_if_any(self, name: str, shape: Shape) -> Section:
        """One file that a set need not have."""
        return self.file(name, shape) if (self.directory / name).exists() else Section(name, 1)

    def folder(self, name: str, shape: Shape) -> dict[str, Section]:
        """The files of a folder by name, without their suffix."""
        paths = sorted((self.directory / name).glob("*.yaml"))
        return {path.stem: self.file(f"{name}/{path.name}", shape) for path in paths}


def _check_names(what: str, sections: Iterable[Section], problems: Problems) -> None:
    places: dict[str, str] = {}
    for id_, where in ((id_, section.where(id_)) for section in sections for id_ in section):
        if places.setdefault(id_, where) != where:
            problems.add(where, f"{what} '{id_}' is already at {places[id_]}")


def _check_profiles(files: SetFiles, problems: Problems) -> None:
    named = set(files.manifest["profiles"]) - {files.manifest["default_profile"]}
    for name in sorted(named - set(files.profiles)):
        problems.add(files.manifest.where("profiles"), f"profile '{name}' has no file profiles/{name}.yaml")
    for name, profile in files.profiles.items():
        if name not in named:
            problems.add(profile.where(), f"profile '{name}' is not in the manifest")
        _check_replaced(profile, "findings", list(files.findings), problems)
        _check_replaced(profile, "texts", list(files.recommendations), problems)


def _check_replaced(profile: Section, key: str, existing: list[str], problems: Problems) -> None:
    replaced = profile.get(key, Section(profile.file, profile.line))
    for id_ in replaced:
        if id_ not in existing:
            problems.unknown(replaced.where(id_), key.removesuffix("s"), id_, existing)
