"""How many patients a second a file of them is answered at, by one process and by one a core.

    make bench

In rounds, both in each, over the same rows, the reading of the rule sets not counted.
"""

import statistics
import time
from io import BytesIO
from pathlib import Path

import click

import rules
from service.commands.ndjson import Tally, answer_file
from service.rows import Asked
from service.settings import CORES

ROWS = Path(__file__).parent.parent / "data" / "panel.ndjson"
ROUNDS = 5


def main() -> None:
    """Print both rates and their ratio."""
    asked, rows = Asked(rules.Library.open().active, "benchmark"), ROWS.read_bytes()
    rates = [(_rows_a_second(rows, asked, 1), _rows_a_second(rows, asked, CORES)) for _ in range(ROUNDS)]
    alone, together = (statistics.median(rate) for rate in zip(*rates, strict=True))
    ratios = sorted(one[1] / one[0] for one in rates)
    click.echo(f"{'processes':<12}{'rows/s':>8}\n{1:<12}{alone:>8.0f}\n{CORES:<12}{together:>8.0f}")
    click.echo(f"{CORES} / 1: {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")


def _rows_a_second(rows: bytes, asked: Asked, processes: int) -> float:
    tally, start = Tally(), time.perf_counter()
    answer_file(BytesIO(rows), BytesIO(), asked, tally, processes)
    return tally.answered / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
