"""The files of a rule set's directory, each read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rules.source import Problems, Section, read_yaml

PROFILE_KEYS = ("findings", "texts")


@dataclass(frozen=True, slots=True)
class SetFiles:
    """What the files say, before any of it is understood. `causes` is empty in a set that has none."""

    manifest: Section
    evidence: Section
    findings: Mapping[str, Section]
    likelihood: Section
    flags: Section
    recommendations: Section
    differential: Section
    causes: Section
    profiles: Mapping[str, Section]

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
    causes = directory / "rules" / "causes.yaml"
    files = SetFiles(
        manifest=read_yaml(directory / "manifest.yaml", directory, problems),
        evidence=read_yaml(directory / "evidence.yaml", directory, problems),
        findings=_read_findings(directory, problems),
        likelihood=read_yaml(directory / "rules" / "likelihood.yaml", directory, problems),
        flags=read_yaml(directory / "rules" / "flags.yaml", directory, problems),
        recommendations=read_yaml(directory / "rules" / "recommendations.yaml", directory, problems),
        differential=read_yaml(directory / "rules" / "differential.yaml", directory, problems),
        causes=read_yaml(causes, directory, problems) if causes.exists() else Section("rules/causes.yaml", 1),
        profiles={path.stem: read_yaml(path, directory, problems) for path in (directory / "profiles").glob("*.yaml")},
    )
    _check_profiles(files, problems)
    return files


def _read_findings(directory: Path, problems: Problems) -> dict[str, Section]:
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


def _check_profiles(files: SetFiles, problems: Problems) -> None:
    named = set(files.manifest.get("profiles", {})) - {files.manifest.get("default_profile")}
    for name in named - set(files.profiles):
        problems.add(files.manifest.where("profiles"), f"profile '{name}' has no file profiles/{name}.yaml")
    for name, profile in files.profiles.items():
        problems.check_keys(profile, PROFILE_KEYS)
        if name not in named:
            problems.add(profile.where(), f"profile '{name}' is not in the manifest")
        _check_replaced(profile, "findings", list(files.findings), problems)
        _check_replaced(profile, "texts", list(files.recommendations), problems)


def _check_replaced(profile: Section, key: str, existing: list[str], problems: Problems) -> None:
    replaced = profile.get(key, Section(profile.file, profile.line))
    for id_ in replaced:
        if id_ not in existing:
            problems.unknown(replaced.where(id_), key.removesuffix("s"), id_, existing)
