"""A file of patients, one a line, answered into another; a run that was stopped goes on where it stopped."""

import fcntl
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
import orjson

from service.assessments import PATIENT
from service.body import PIECE
from service.commands.processes import answers
from service.rows import Asked
from service.splitting import split_lines

RESULT = re.compile(rb'\{"index":(\d+),"status":(\d+),.*\}\n', re.DOTALL)
BEGINNING = b'{"index":'


@dataclass(slots=True)
class Tally:
    """How far a run has come: how many rows have their result, how many of those are problems, and the last result."""

    answered: int = 0
    refused: int = 0
    last: int = -1
    result: bytes = b""

    def count(self, index: int, result: bytes) -> None:
        """Take in the result of a row."""
        self.answered += 1
        self.refused += b'"status":200,' not in result[:40]
        self.last, self.result = index, result


def answer_file(patients: BinaryIO, results: BinaryIO, asked: Asked, tally: Tally, processes: int = 1) -> None:
    """Answer every line that has no result yet; the last one that has is answered again, to see that it is the same."""
    done = tally.last
    rows = ((index, line) for index, line in _lines(patients) if index >= done and line.strip())
    with closing(answers(rows, asked, processes)) as answered:
        for index, answer in answered:
            _take_in(index, answer + b"\n", results, tally)


def _take_in(index: int, result: bytes, results: BinaryIO, tally: Tally) -> None:
    if index == tally.last:
        _check_same(result, tally.result)
    else:
        results.write(result)
        tally.count(index, result)


def _lines(patients: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file by their number; a bar shows how far they were read."""
    with _progress(patients) as advance:
        for index, line in enumerate(split_lines(iter(lambda: patients.read(PIECE), b""), PATIENT.size)):
            advance(len(line) + 1)
            yield index, line


@contextmanager
def open_results(path: Path) -> Iterator[tuple[BinaryIO, Tally]]:
    """The file of results, positioned after the last whole one, and what it holds; no other run may have it open."""
    with path.open("a+b") as results:
        try:
            fcntl.flock(results, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException(f"{path}: another run is writing to it") from None
        tally, end = _results_so_far(results, path)
        results.truncate(end)
        yield results, tally
        results.flush()
        os.fsync(results.fileno())


def _results_so_far(results: BinaryIO, path: Path) -> tuple[Tally, int]:
    tally, end = Tally(), 0
    results.seek(0)
    for line in results:
        found = RESULT.fullmatch(line)
        if found is None and _is_cut_off(line):
            break
        if found is None or int(found[1]) <= tally.last:
            raise click.ClickException(f"{path}: holds something else than the results of one run")
        tally.count(int(found[1]), line)
        end += len(line)
    return tally, end


def _is_cut_off(line: bytes) -> bool:
    return not line.endswith(b"\n") and line[: len(BEGINNING)] == BEGINNING[: len(line)]


def _check_same(result: bytes, before: bytes) -> None:
    if _identity(result) != _identity(before):
        raise click.ClickException("the results so far come from other patients, another rule set or other options")


def _identity(result: bytes) -> Any:
    """What a result rests on, without what the day and the run change."""
    row = orjson.loads(result)
    answer = row.get("assessment", {})
    read = {name: answer.get("inputs", {}).get(name) for name in ("used", "unrecognized", "conversions")}
    rule_set = {**answer.get("rule_set", {}), "review_overdue": None}
    return row["index"], row["status"], list(answer), rule_set, read, row.get("problem", {}).get("errors")


@contextmanager
def _progress(patients: BinaryIO) -> Iterator[Any]:
    """A bar on a terminal, where the file says how long it is."""
    size = _length(patients) if patients.seekable() else 0
    hidden = not (size and sys.stderr.isatty())
    steps = size // 500 + 1
    with click.progressbar(
        length=size, label="Assessing", file=sys.stderr, hidden=hidden, update_min_steps=steps
    ) as bar:
        yield bar.update


def _length(patients: BinaryIO) -> int:
    start = patients.tell()
    end = patients.seek(0, os.SEEK_END)
    patients.seek(start)
    return end - start
