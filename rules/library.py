"""All rule sets, side by side: each version whole, unchanged once published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Self

from rules.catalogue import catalogue
from rules.loading import load_rule_set
from rules.model import RuleSet
from rules.source import Problems, RuleSetError, read_yaml
from rules.versions import version_key

HERE = Path(__file__).parent
SETS = HERE / "sets"
SHARED_FILES = ("facts.yaml", "rxnorm_products.csv")


class Shelf(Mapping[str, RuleSet]):
    """The rule sets of a directory by version, each read when it is first asked for; RuleSetError when it is broken."""

    def __init__(self, path: Path) -> None:
        self._folders = {folder.name: folder for folder in set_folders(path)}
        self._read: dict[str, RuleSet] = {}

    def __getitem__(self, version: str) -> RuleSet:
        if version not in self._read:
            self._read[version] = _load(self._folders[version])
        return self._read[version]

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


@dataclass(frozen=True)
class Library:
    """The rule sets of a directory by version."""

    rule_sets: Mapping[str, RuleSet]
    path: Path = SETS

    @classmethod
    def open(cls, path: Path = SETS) -> Self:
        """Read every rule set; RuleSetError lists everything that is wrong, a changed published file included."""
        if not path.is_dir():
            raise RuleSetError([f"{path} is not a directory"])
        problems = changed_files(path)
        loaded: dict[str, RuleSet] = {}
        directories = set_folders(path)
        for directory in directories:
            try:
                loaded[directory.name] = _load(directory)
            except RuleSetError as error:
                problems += [f"{directory.name}/{problem}" for problem in error.problems]
        if len(loaded) == len(directories):
            problems += _status_problems(loaded)
        if problems:
            raise RuleSetError(problems)
        return cls(loaded, path)

    @classmethod
    def open_as_needed(cls, path: Path = SETS) -> Self:
        """The same where only some sets are wanted: RuleSetError for changed files now, for others when one is read."""
        changed = changed_files(path)
        if changed:
            raise RuleSetError(changed)
        return cls(Shelf(path), path)

    @property
    def versions(self) -> list[str]:
        """The versions there are, oldest first."""
        return sorted(self.rule_sets, key=version_key)

    @property
    def active(self) -> RuleSet:
        """The one set that answers when no version is asked for."""
        newest_first = (self.rule_sets[version] for version in reversed(self.versions))
        return next(rule_set for rule_set in newest_first if rule_set.manifest.status == "active")

    def get(self, version: str) -> RuleSet:
        """The set of that version; KeyError when there is none."""
        return self.rule_sets[version]


def is_overdue(rule_set: RuleSet, today: date) -> bool:
    """Whether a set that is not retired should have been reviewed by now."""
    return rule_set.manifest.status != "retired" and rule_set.manifest.next_review < today


def _status_problems(loaded: Mapping[str, RuleSet]) -> Iterator[str]:
    for name, rule_set in loaded.items():
        if name != rule_set.manifest.version:
            yield f"{name}/manifest.yaml: the directory is not named after version {rule_set.manifest.version}"
    active = [name for name, rule_set in loaded.items() if rule_set.manifest.status == "active"]
    if loaded and len(active) != 1:
        yield f"exactly one rule set is active, not {len(active)}"


def _load(directory: Path) -> RuleSet:
    return load_rule_set(directory, catalogue(), digest(directory))


def set_folders(path: Path) -> list[Path]:
    """The directories of the rule sets, in a fixed order."""
    return sorted(folder for folder in path.iterdir() if folder.is_dir())


def set_files(directory: Path) -> list[Path]:
    """The files that make up a rule set, in a fixed order."""
    return sorted(path for path in directory.rglob("*.yaml") if path.is_file())


def digest(directory: Path) -> str:
    """A hash over the set's files and the catalogue of facts, so that an answer names exactly what gave it."""
    named = [(path.relative_to(directory).as_posix(), path) for path in set_files(directory)]
    named += [(name, HERE / name) for name in SHARED_FILES]
    whole = sha256()
    for name, path in named:
        content = path.read_bytes()
        whole.update(f"{name} {len(content)}\n".encode() + content)
    return f"sha256:{whole.hexdigest()}"


def file_hashes(path: Path) -> dict[str, str]:
    """The hash of every file of every set, by its path below the sets directory."""
    files = (file for folder in set_folders(path) for file in set_files(folder))
    return {file.relative_to(path).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def read_lock(path: Path) -> dict[str, str]:
    """The recorded hash of every file of the published sets."""
    lock = path / "LOCK"
    if not lock.exists():
        return {}
    lines = (line.partition("  ") for line in lock.read_text(encoding="utf-8", errors="replace").splitlines() if line)
    return {name: recorded for recorded, _, name in lines}


def write_lock(path: Path) -> None:
    """Record the hash of every file of the sets that are no drafts, as it is now."""
    drafts = {folder.name for folder in set_folders(path) if _is_draft(folder)}
    published = {name: one for name, one in file_hashes(path).items() if name.partition("/")[0] not in drafts}
    lines = [f"{recorded}  {name}\n" for name, recorded in published.items()]
    (path / "LOCK").write_text("".join(lines), encoding="utf-8")


def _is_draft(directory: Path) -> bool:
    return read_yaml(directory / "manifest.yaml", directory, Problems()).get("status") == "draft"


def changed_files(path: Path) -> list[str]:
    """What differs between the published files and the lock, one sentence a file."""
    recorded, present = read_lock(path), file_hashes(path)
    locked_sets = {name.partition("/")[0] for name in recorded}
    relevant = {name: hashed for name, hashed in present.items() if name.partition("/")[0] in locked_sets}
    changed = [name for name in recorded if relevant.get(name) not in (None, recorded[name])]
    return [
        *(f"{name}: changed since it was published" for name in changed),
        *(f"{name}: missing, though published" for name in recorded if name not in relevant),
        *(f"{name}: added to a published set" for name in relevant if name not in recorded),
    ]
