"""`python -m tests.proofs`: prove every rule set, say how, and name in one sentence each what is wrong."""

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from rules.library import SETS
from rules.source import Problems, read_yaml
from tests.proofs.result import Result
from tests.proofs.suite import prove


@click.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SETS)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which review dates are judged.")
@click.option("--retired", is_flag=True, help="Prove retired sets too, which were proved when they were published.")
@click.option("--each", is_flag=True, help="Print every single result with its method.")
def main(path: Path, today: datetime | None, retired: bool, each: bool) -> None:
    """Prove every rule set of a directory that is in use or may come into use."""
    failed = False
    for directory in sorted(folder for folder in path.iterdir() if (folder / "manifest.yaml").is_file()):
        if not retired and _is_retired(directory):
            continue
        started = perf_counter()
        results = prove(directory, (today or datetime.now(UTC)).date())
        click.echo(f"{directory.name}: {len(results)} statements in {perf_counter() - started:.0f} s")
        _show(results, each)
        failed = failed or any(result.failure for result in results)
    sys.exit(failed)


def _is_retired(directory: Path) -> bool:
    return read_yaml(directory / "manifest.yaml", directory, Problems()).get("status") == "retired"


def _show(results: list[Result], each: bool) -> None:
    for check, counted in _by_check(results).items():
        click.echo(f"  {check}: {', '.join(f'{count} by {method}' for method, count in counted.items())}")
    for result in results:
        if result.failure or each:
            verdict = f"FAILED {result.failure}" if result.failure else "holds"
            click.echo(f"  {result.check} | {result.subject} | {result.method} | {verdict}", err=bool(result.failure))


def _by_check(results: Iterable[Result]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for result in results:
        found.setdefault(result.check, Counter())[result.method.partition(",")[0]] += 1
    return found


if __name__ == "__main__":
    main()
