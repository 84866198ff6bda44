"""Slow, idle and many clients: what a healthy one notices of them."""

import asyncio
import time

from tests.resilience.clients import IDLE, SLOW, SLOW_KINDS, Tally, attacked, flood, probe
from tests.resilience.table import Table

SETTLE = 5.0
WATCH = 20.0
AT_ONCE = 10_000
PATIENCE = 300.0
HEADINGS = ("beside the probes", "probes", "right", "wrong", "lost", "median ms", "99 % within ms")


async def measure_slow_clients(port: int) -> Table:
    """Healthy probes alone, then beside each kind of slow client."""
    table = Table(f"{SLOW} slow clients of each kind in turn, with {IDLE:,} idle connections", HEADINGS)
    _report(table, "nobody", await probe(port, WATCH / 2))
    for kind in SLOW_KINDS:
        async with attacked(port, kind):
            await asyncio.sleep(SETTLE)
            _report(table, f"{SLOW} sending {kind} a byte a second", await probe(port, WATCH))
    return table


def _report(table: Table, name: str, tally: Tally) -> None:
    times = (f"{tally.milliseconds(share):.0f}" for share in (0.5, 0.99))
    kept, in_time = not tally.wrong and tally.right > 0, tally.right == tally.asked
    table.add(name, tally.asked, tally.right, tally.wrong, tally.lost, *times, kept=kept, in_time=in_time)


async def measure_flood(port: int, requests: int = AT_ONCE) -> Table:
    """So many clients at one moment, each with one request."""
    table = Table("Clients at once, one request each", ("at once", "right", "wrong", "lost", "seconds"))
    started = time.monotonic()
    tally = await flood(port, requests, PATIENCE)
    seconds = f"{time.monotonic() - started:.1f}"
    lost = tally.lost + tally.refused
    table.add(
        f"{requests:,}", tally.right, tally.wrong, lost, seconds, kept=not tally.wrong, in_time=tally.right == requests
    )
    return table
