"""Slow, idle and many clients: what a healthy one notices of them."""

import asyncio
import time
from pathlib import Path

from tests.resilience.clients import IDLE, SLOW, SLOW_KINDS, attacked, flood, probe
from tests.resilience.server import LATEST_END, LONGEST_END, running
from tests.resilience.table import Table
from tests.resilience.tally import Tally

SETTLE = 5.0
WATCH = 20.0
AT_ONCE = 10_000
PATIENCE = 300.0
LONGEST_PROBE = 5.0
FLOOD = 3000
A_MOMENT = 1.5
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
    kept, in_time = 0 < tally.right == tally.asked, max(tally.seconds, default=0) < LONGEST_PROBE
    lost = tally.asked - tally.right - tally.wrong
    table.add(name, tally.asked, tally.right, tally.wrong, lost, *times, kept=kept, in_time=in_time)


async def measure_flood(port: int, requests: int = AT_ONCE) -> Table:
    """So many clients at one moment, each with one request."""
    table = Table("Clients at once, one request each", ("at once", "right", "wrong", "lost", "seconds"))
    started = time.monotonic()
    tally = await flood(port, requests, PATIENCE)
    seconds = f"{time.monotonic() - started:.1f}"
    lost = tally.asked - tally.right - tally.wrong
    table.add(f"{requests:,}", tally.right, tally.wrong, lost, seconds, kept=tally.right == requests)
    return table


async def measure_end_in_a_flood(log: Path, clients: int) -> Table:
    """So many clients at once, and the end a moment later: most are not answered, and each is told so or cut off."""
    headings = ("at once", "right", "503", "cut off", "too late to connect", "wrong", "exit", "seconds to end")
    table = Table("SIGTERM in a flood", headings)
    with running(log) as server:
        clients_at_once = asyncio.create_task(flood(server.port, clients, PATIENCE))
        await asyncio.sleep(A_MOMENT)
        code, seconds = await asyncio.to_thread(server.stop)
        tally = await clients_at_once
    counted = (tally.right, tally.turned_away, tally.lost, tally.refused, tally.wrong, code, f"{seconds:.1f}")
    kept = tally.right > 0 and not (tally.wrong or code) and seconds < LATEST_END
    table.add(f"{clients:,}", *counted, kept=kept, in_time=seconds < LONGEST_END)
    return table
