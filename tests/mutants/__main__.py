"""`python -m tests.mutants`: change every rule set in every small way and write how many changes were noticed."""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import click

from rules.catalogue import catalogue
from rules.library import SETS
from rules.loading import load_rule_set
from rules.loading.examples import with_tables
from rules.source import Problems
from rules.vignettes import read_vignettes
from tests.mutants.changes import Mutant, mutants
from tests.mutants.killing import Witnesses
from tests.mutants.missing import Missing
from tests.mutants.score import Survivor, line, page, percent

PAGE = Path(__file__).parent.parent / "data" / "mutants.md"
HEAD = "# How many small changes to the rules their examples notice\n\nWritten by `make mutants`.\n\n"
WORKERS = 2
AT_ONCE = 25


@cache
def _witnesses(directory: Path) -> Witnesses:
    problems = Problems()
    rule_set = with_tables(load_rule_set(directory, catalogue()), directory, problems)
    vignettes = read_vignettes(directory, problems)
    problems.raise_if_any()
    return Witnesses(rule_set, vignettes)


@cache
def _changes(directory: Path) -> list[Mutant]:
    return list(mutants(_witnesses(directory).rule_set))


def _noticed(directory: Path, place: int) -> bool:
    return _witnesses(directory).notice(_changes(directory)[place])


def survivors(directory: Path) -> list[Survivor]:
    """The changes to a rule set that nothing notices."""
    changes = _changes(directory)
    _ = _witnesses(directory).judged
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as pool:
        noticed = list(pool.map(_noticed, [directory] * len(changes), range(len(changes)), chunksize=AT_ONCE))
    lacking = Missing(_witnesses(directory).rule_set)
    left = (change for change, found in zip(changes, noticed, strict=True) if not found)
    return [Survivor(change, lacking.example(change)) for change in left]


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SETS)
@click.option(
    "--missing", type=click.Path(path_type=Path), help="Write the examples that are missing, by rule, to a file."
)
@click.option("--at-least", type=float, default=0, help="Fail when a set scores less, in percent.")
def main(path: Path, missing: Path | None, at_least: float) -> None:
    """Change every rule set of a directory that is not retired, print the score, write it for the published sets."""
    pages: list[str] = []
    scores: list[float] = []
    wanted: dict[str, None] = {}
    for directory in sorted(folder for folder in path.iterdir() if (folder / "manifest.yaml").is_file()):
        if _witnesses(directory).rule_set.manifest.status == "retired":
            continue
        started = perf_counter()
        lasting, made = survivors(directory), _changes(directory)
        pages.append(page(directory.name, made, lasting))
        wanted |= {f"{directory.name} {one.example[0]}: {line(one.example)}\n": None for one in lasting if one.example}
        scores.append(percent(len(made), lasting))
        seconds = perf_counter() - started
        click.echo(f"{directory.name}: {scores[-1]:.1f} % of {len(made)} changes noticed, {seconds:.0f} s")
    if path == SETS:
        PAGE.write_text(HEAD + "\n".join(pages), encoding="utf-8")
    if missing:
        missing.write_text("".join(wanted), encoding="utf-8")
    sys.exit(min(scores, default=100) < at_least)


if __name__ == "__main__":
    main()
