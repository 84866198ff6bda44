"""Copies of the shipped rule set as two versions side by side, the second one edited."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copytree

from rules import Library
from rules.differences import Difference
from rules.library import SETS
from service.checking import compare_versions

OLD, NEW = "1.0.0", "1.1.0"
DEFICIENT = "is: b12_total < 180 ng/L (133 pmol/L)"


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace the first place where a text stands; it must stand there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def two_versions(
    path: Path, edits: Mapping[str, tuple[str, str]] | None = None, *, new: str = NEW, supersedes: str = OLD
) -> Path:
    """A directory with the shipped set as the active one and a draft made from it by `edits`, a text a file.

    Of the vignettes only those of the bands are kept, to be quick.
    """
    for version in (OLD, new):
        copytree(SETS / OLD, path / version, ignore=_other_vignettes)
    status = next(line for line in (path / OLD / "manifest.yaml").read_text().splitlines() if line.startswith("status"))
    rewrite(path / OLD / "manifest.yaml", status, "status: active")
    rewrite(path / new / "manifest.yaml", status, "status: draft")
    rewrite(path / new / "manifest.yaml", f'version: "{OLD}"', f'version: "{new}"\nsupersedes: "{supersedes}"')
    for file, (old, text) in (edits or {}).items():
        rewrite(path / new / file, old, text)
    return path


def _other_vignettes(directory: str, names: list[str]) -> list[str]:
    return [name for name in names if name != "bands.yaml"] if directory.endswith("vignettes") else []


def difference(path: Path, new: str = NEW) -> Difference:
    """What changed from the shipped set to the edited one."""
    return compare_versions(Library.open(path), OLD, new)


def entry(file: str, id_: str) -> str:
    """The text of one entry of a file of the shipped set."""
    text = (SETS / OLD / file).read_text(encoding="utf-8")
    start = text.index(f"\n{id_}:\n") + 1
    lines = text[start:].splitlines(keepends=True)
    length = next((place for place, line in enumerate(lines) if place and not line.startswith((" ", "\n"))), len(lines))
    return "".join(lines[:length])
