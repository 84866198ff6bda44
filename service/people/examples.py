"""Patients to try the page with: the one of the README, and the vignettes of the rule sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from rules.library import Library
from rules.source import Problems
from rules.vignettes import Vignette, read_vignettes
from service.checking import UNREMARKABLE
from service.demo import EXAMPLE

DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Example:
    """One patient to open in the form."""

    id: str
    story: str
    summary: Mapping[str, Any]


def vignettes(library: Library, version: str) -> list[Vignette]:
    """The whole patients that a rule set promises to answer, in the order of its files."""
    return _vignettes(library.path / version)


@cache
def _vignettes(directory: Path) -> list[Vignette]:
    return read_vignettes(directory, Problems())


def first_of_each_file(library: Library, version: str) -> list[Vignette]:
    """One vignette for each subject."""
    found: dict[str, Vignette] = {}
    for vignette in vignettes(library, version):
        found.setdefault(vignette.where.partition(":")[0], vignette)
    return list(found.values())


def example(library: Library, version: str, name: str) -> Example | None:
    """The example of that name; none when there is none."""
    if name == DEMONSTRATION:
        return Example(name, "", orjson.loads(EXAMPLE.read_bytes()))
    named = (vignette for vignette in vignettes(library, version) if vignette.id == name)
    return next((Example(one.id, one.story, {**UNREMARKABLE, **one.given}) for one in named), None)
