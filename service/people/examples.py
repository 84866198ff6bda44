"""Patients to try the page with: the one of the README, and the vignettes of the rule sets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from rules.library import Library
from rules.source import Problems
from rules.vignettes import Vignette, read_file, vignette_files
from service.checking import UNREMARKABLE
from service.shipped import EXAMPLE

DEMONSTRATION = "demonstration"
NAMED = re.compile("^([a-z0-9-]+):", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One patient to open in the form."""

    id: str
    story: str
    summary: Mapping[str, Any]


def subjects(library: Library, version: str) -> dict[str, list[str]]:
    """The names of the vignettes of a rule set by their subject."""
    return {path.stem: list(_names(path)) for path in vignette_files(library.path / version)}


def vignettes(library: Library, version: str, subject: str) -> list[Vignette]:
    """The whole patients of one subject that a rule set promises to answer."""
    return _read(library.path / version, subject)


def example(library: Library, version: str, name: str) -> Example | None:
    """The example of that name; none when there is none."""
    if name == DEMONSTRATION:
        return Example(name, "", orjson.loads(EXAMPLE.read_bytes()))
    subject = next((subject for subject, names in subjects(library, version).items() if name in names), None)
    if subject is None:
        return None
    vignette = next(one for one in vignettes(library, version, subject) if one.id == name)
    return Example(vignette.id, vignette.story, {**UNREMARKABLE, **vignette.given})


@cache
def _names(path: Path) -> tuple[str, ...]:
    """The names in a file, found without reading all of it as YAML, which takes its time."""
    return tuple(NAMED.findall(path.read_text(encoding="utf-8")))


@cache
def _read(directory: Path, subject: str) -> list[Vignette]:
    return read_file(directory / "vignettes" / f"{subject}.yaml", directory, Problems())
