"""`make resilience`: what the service bears as `make serve` starts it, in tables; exit 1 when a promise is broken."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.resilience.death import measure_changes
from tests.resilience.growth import measure_growth
from tests.resilience.patients import cases
from tests.resilience.server import most_connections, running
from tests.resilience.slow import AT_ONCE, FLOOD, measure_end_in_a_flood, measure_flood, measure_slow_clients
from tests.resilience.table import Table, judge

COMPARED = Path(__file__).with_name("servers.md")


async def measure(folder: Path, most_clients: int) -> list[Table]:
    """Every table, each printed as soon as it is there."""
    with running(folder / "log") as server:
        tables = [_show(await measure_slow_clients(server.port))]
        tables.append(_show(await measure_flood(server.port, most_clients)))
    tables.append(_show(await measure_changes(folder)))
    tables.append(_show(await measure_end_in_a_flood(folder / "log", min(most_clients, FLOOD))))
    tables.append(_show(await measure_growth(folder)))
    return tables


def _show(table: Table) -> Table:
    print(table, flush=True)
    return table


def main() -> int:
    """Measure, print, and judge."""
    started = time.monotonic()
    cases()  # worked out before a server starts, so that no probe waits for it
    most_clients = most_connections(AT_ONCE)
    with tempfile.TemporaryDirectory() as folder:
        tables = asyncio.run(measure(Path(folder), most_clients))
    print("\nWhy this server, as measured when it was chosen:\n")
    print(COMPARED.read_text())
    print(f"{time.monotonic() - started:.0f} s.")
    return judge(tables)


if __name__ == "__main__":
    sys.exit(main())
