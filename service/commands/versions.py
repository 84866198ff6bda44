"""Versions on the command line: what a new one changes and for whom, and its publication."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import orjson

import schemas
from rules import Facts, Library
from rules.differences import PanelDifference, compare_panel
from rules.publishing import publish as publish_version
from schemas import Refused
from service.answers import today
from service.assessments import PATIENT
from service.checking import compare_versions, failed_promises
from service.commands.rule_set_options import DIRECTORY, check_versions, open_library
from service.reader import read_object
from service.refusal import Refusal
from service.review.changes import render_changes


@click.command()
@click.argument("version")
@click.argument("to")
@click.option("--panel", type=click.File("rb"), help="Patient summaries, one a line, that both versions answer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@DIRECTORY
def diff(version: str, to: str, panel: BinaryIO | None, as_json: bool, path: Path) -> None:
    """Say what changed from VERSION to TO, for whom, and which version number that takes."""
    library = _open(path, version, to)
    answer = schemas.render_difference(compare_versions(library, version, to))
    if panel is not None:
        answer["panel"] = schemas.render_panel(_compare_panel(library, version, to, panel))
    click.echo(orjson.dumps(answer) if as_json else render_changes(answer))


@click.command()
@click.argument("version")
@DIRECTORY
def publish(version: str, path: Path) -> None:
    """Make the draft VERSION the active set, retire the one before it, and lock the files of both."""
    _open(path, version)
    failures = list(failed_promises(path))
    for failure in failures:
        click.echo(failure, err=True)
    if failures:
        sys.exit(1)
    publish_version(path, version)
    click.echo(f"{version} is published; {path / 'LOCK'} records its files.")


def _open(path: Path, *versions: str) -> Library:
    library = open_library(path)
    check_versions(library, versions, "VERSION")
    return library


def _compare_panel(library: Library, version: str, to: str, panel: BinaryIO) -> PanelDifference:
    return compare_panel(library.get(version), library.get(to), _read_panel(panel))


def _read_panel(panel: BinaryIO) -> Iterator[tuple[int, Facts | None]]:
    """The facts of each line that is not empty, by its number; none where it is no patient summary."""
    for row, line in enumerate(panel, 1):
        if line.strip():
            yield row, _read_row(line)


def _read_row(line: bytes) -> Facts | None:
    try:
        return schemas.load_patient(read_object(line, PATIENT), today=today()).facts
    except (Refusal, Refused):
        return None
