"""`python -m tests.resilience.candidates [NAME...]`: other servers of the same application under the same trials.

Writes the table in servers.md anew, or the rows of those named alone; takes about ten minutes. What is not installed is
put into an environment of its own that goes with the run; nginx is taken when the machine has it (Debian's package).
"""

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.resilience.clients import SLOW_KINDS, attacked, flood, press, probe
from tests.resilience.other_servers import CANDIDATES, Candidate, NotToBeHad, serving
from tests.resilience.patients import cases
from tests.resilience.server import SERVE, Server, most_connections, running
from tests.resilience.tally import Tally

WRITTEN = Path(__file__).with_name("servers.md")
HEADINGS = ("Server", *(f"slow {kind}" for kind in SLOW_KINDS), "2,000 at once", "lost in 3 kills")
AT_ONCE = 2000
KILLS = 3
OURS = "this service's worker"
CLIENTS = 8
SETTLE, WATCH, PATIENCE, EVERY = 3.0, 6.0, 5.0, 1.5


async def row_of(front: Server, behind: Server) -> list[str]:
    """What one server bears, in the order of the headings."""
    cells = []
    for kind in SLOW_KINDS:
        async with attacked(front.port, kind):
            await asyncio.sleep(SETTLE)
            cells.append(_share(await probe(front.port, WATCH, patience=PATIENCE)))
    await asyncio.sleep(SETTLE)
    cells.append(_share(await flood(front.port, AT_ONCE, patience=60)))
    return [*cells, await _lost_in_kills(front, behind)]


async def _lost_in_kills(front: Server, behind: Server) -> str:
    if behind.workers == [behind.process.pid]:
        return "all: there is no other process"
    tally = Tally()
    pressing = asyncio.create_task(press(front.port, tally, lambda: True, CLIENTS, PATIENCE))
    for _ in range(KILLS):
        await asyncio.sleep(EVERY)
        os.kill(behind.workers[0], signal.SIGKILL)
    await asyncio.sleep(EVERY)
    pressing.cancel()
    await asyncio.gather(pressing, return_exceptions=True)
    return f"{tally.asked - tally.right} of {tally.asked:,}"


def _share(tally: Tally) -> str:
    if not tally.right:
        return "none"
    share = "all" if tally.right == tally.asked else f"{100 * tally.right / tally.asked:.0f} %"
    return f"{share} ({tally.milliseconds(0.99) / 1000:.1f} s)"


def measure(candidate: Candidate) -> list[str]:
    """The row of one candidate."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with serving(candidate, Path(folder)) as (front, behind):
                return [candidate.name, *asyncio.run(row_of(front, behind))]
        except NotToBeHad as reason:
            return [candidate.name, str(reason), *[""] * (len(HEADINGS) - 2)]


def ours() -> list[str]:
    """The row of the server that this service has."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "log", SERVE) as server:
        return [OURS, *asyncio.run(row_of(server, server))]


def main(named: list[str]) -> int:
    """Measure one after the other, and put the rows into the page in place of the old ones."""
    cases()  # worked out before a server starts, so that no probe waits for it
    most_connections(AT_ONCE)
    for candidate in CANDIDATES:
        if not named or any(name in candidate.name for name in named):
            write_row(measure(candidate))
    if not named or OURS in named:
        write_row(ours())
    return 0


def write_row(row: list[str]) -> None:
    """Put one row into the table: in the place of the one before it of that name, or at the end."""
    written = f"| {' | '.join(row)} |"
    print(written, flush=True)
    lines = WRITTEN.read_text().splitlines()
    table = [number for number, line in enumerate(lines) if line.startswith("|")]
    same = [number for number in table if lines[number].startswith(f"| {row[0]} |")]
    lines[slice(same[0], same[0] + 1) if same else slice(table[-1] + 1, table[-1] + 1)] = [written]
    WRITTEN.write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
