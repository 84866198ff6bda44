"""`make resilience`: what the service bears as `make serve` starts it, in tables; exit 1 when a promise is broken."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.resilience.death import measure_changes
from tests.resilience.growth import measure_growth
from tests.resilience.patients import cases
from tests.resilience.server import raise_descriptor_limit, running
from tests.resilience.slow import AT_ONCE, measure_flood, measure_slow_clients
from tests.resilience.table import Table, judge

COMPARED = Path(__file__).with_name("servers.md")
SPARE = 1000


async def measure(folder: Path, most_clients: int) -> list[Table]:
    """Every table, each printed as soon as it is there."""
    with running(folder / "log") as server:
        tables = [_show(await measure_slow_clients(server.port))]
        tables.append(_show(await measure_flood(server.port, min(AT_ONCE, most_clients))))
    tables.append(_show(await measure_changes(folder)))
    tables.append(_show(await measure_growth(folder)))
    return tables


def _show(table: Table) -> Table:
    print(table, flush=True)
    return table


def main() -> int:
    """Measure, print, and judge."""
    started = time.monotonic()
    cases()  # worked out before a server starts, so that no probe waits for it
    most_clients = raise_descriptor_limit() - SPARE
    if most_clients < AT_ONCE:
        print(f"This system allows {most_clients:,} connections only, so that many stand in for {AT_ONCE:,}.")
    with tempfile.TemporaryDirectory() as folder:
        tables = asyncio.run(measure(Path(folder), most_clients))
    print("\nWhy this server, as measured when it was chosen:\n")
    print(COMPARED.read_text())
    print(f"{time.monotonic() - started:.0f} s.")
    return judge(tables)


if __name__ == "__main__":
    sys.exit(main())
