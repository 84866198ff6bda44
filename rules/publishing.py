"""Publishing a version: from then on it answers, and none of its files may change."""

import re
from collections.abc import Iterator
from pathlib import Path

from rules.library import Library, read_lock, write_lock

STATUS = re.compile(r"^status:.*$", re.MULTILINE)


def publish(path: Path, version: str) -> None:
    """Make a draft the active set, retire the one that answered until now, and lock every published file.

    A set that is not a draft any more is only locked. Nothing is written, and RuleSetError says why, when a set is
    not fit to serve or a file published earlier was changed; KeyError when there is no such version.
    """
    library = Library.open(path)
    if library.get(version).manifest.status == "draft":
        _set_status(path / library.active.manifest.version, "retired")
        _set_status(path / version, "active")
    write_lock(path)


def unlocked(library: Library) -> Iterator[str]:
    """The versions that are served without being asked for, or were, and could still change unnoticed."""
    locked = {name.partition("/")[0] for name in read_lock(library.path)}
    for version in library.versions:
        if library.get(version).manifest.status != "draft" and version not in locked:
            yield version


def _set_status(directory: Path, status: str) -> None:
    manifest = directory / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(STATUS.sub(f"status: {status}", text, count=1), encoding="utf-8")
