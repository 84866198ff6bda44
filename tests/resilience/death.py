"""Killed workers, reloads, recycling and the end, while clients press: what is lost, and what is wrong."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from rules.library import SETS
from service.settings import Settings
from tests.resilience.clients import press, within
from tests.resilience.server import GUNICORN, LATEST_END, LONGEST_END, PATIENCE, SERVE, Server, running
from tests.resilience.table import Table
from tests.resilience.tally import Tally

CLIENTS = 8
HEADINGS = ("while 8 clients press", "times", "asked", "right", "wrong", "lost", "exit", "seconds to end")
EVERY = 1.5
TIMES = 5
RELOADS = 2
READ_ANEW = "rule sets, keys and clients were read anew"
KEPT = "rule sets, keys and clients stay as they were"

THREADS = Settings().threads

Change = Callable[[Server, Path], Awaitable[int]]


@dataclass(frozen=True)
class Trial:
    """One thing that happens to a server under load, and how many requests it may cost."""

    name: str
    change: Change
    retries: int = 0
    lost_each: int = 0
    command: tuple[str, ...] = SERVE


async def kill_workers(server: Server, _sets: Path) -> int:
    return await _repeat(lambda: os.kill(server.workers[0], signal.SIGKILL))


async def reload(server: Server, _sets: Path) -> int:
    return await _reload(server, READ_ANEW)


async def reload_broken_rules(server: Server, sets: Path) -> int:
    """A published file changes on disk: the lock no longer holds, and the rules of before must go on."""
    manifest = sets / "1.1.0" / "manifest.yaml"
    manifest.write_text(manifest.read_text() + "\n# changed\n")
    return await _reload(server, KEPT)


async def _reload(server: Server, outcome: str) -> int:
    """Reload, each time after the last one has ended as it should; how often it did."""
    seen = server.log.read_text().count(outcome)
    for times in range(1, RELOADS + 1):
        server.signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while server.log.read_text().count(outcome) < seen + times:
            if time.monotonic() > deadline:
                return 0
            await asyncio.sleep(0.2)
        await asyncio.sleep(EVERY)
    return RELOADS


async def let_recycle(server: Server, _sets: Path) -> int:
    """Workers end by themselves after so many requests; how often is seen from the new ones."""
    seen = set(server.workers)
    for _ in range(int(TIMES * EVERY * 10)):
        await asyncio.sleep(0.1)
        seen |= set(server.workers)
    return len(seen) - 2


async def _repeat(act: Callable[[], None]) -> int:
    for _ in range(TIMES):
        await asyncio.sleep(EVERY)
        act()
    await asyncio.sleep(EVERY)
    return TIMES


async def end(_server: Server, _sets: Path) -> int:
    await asyncio.sleep(EVERY)
    return 1


RECYCLING = (*GUNICORN, "--max-requests", "40", "--max-requests-jitter", "10", "service.wsgi:app")
TRIALS = (
    Trial("kill -9 of a worker, no retry", kill_workers, lost_each=1),
    Trial("kill -9 of a worker, one retry", kill_workers, retries=1),
    Trial("SIGHUP", reload),
    Trial("SIGHUP with a rule set that breaks its lock", reload_broken_rules),
    Trial("max_requests recycling", let_recycle, command=RECYCLING),
    Trial("SIGTERM", end),
)


async def measure_changes(folder: Path) -> Table:
    """Each change in turn, each on a server of its own that is asked to end under load."""
    table = Table("Death and change under load", HEADINGS)
    for trial in TRIALS:
        await _try(trial, table, folder)
    return table


async def _try(trial: Trial, table: Table, folder: Path) -> None:
    sets = folder / "sets"
    shutil.copytree(SETS, sets)
    with running(folder / "log", trial.command, {"B12CDS_RULE_SETS": str(sets)}) as server:
        tally, times, code, seconds = await _press_through(server, trial, sets)
    shutil.rmtree(sets)
    allowed = trial.lost_each * times
    # On a busy machine a worker answers as many at once as it has threads, and one may come as the door closes.
    kept = tally.right > 0 and not (tally.wrong or code) and times > 0 and tally.lost <= max(1, THREADS * allowed)
    in_time = tally.lost <= allowed and seconds < LONGEST_END
    asked, ended = tally.asked - tally.refused, f"{seconds:.1f}"
    counted = (times, asked, tally.right, tally.wrong, tally.lost, code, ended)
    table.add(trial.name, *counted, kept=kept and seconds < LATEST_END, in_time=in_time)


async def _press_through(server: Server, trial: Trial, sets: Path) -> tuple[Tally, int, int, float]:
    """Press from before the change until nobody listens any more."""
    tally, in_time = Tally(), within(PATIENCE)

    def goes_on() -> bool:
        return in_time() and not tally.refused

    pressing = asyncio.create_task(press(server.port, tally, goes_on, CLIENTS, patience=60, retries=trial.retries))
    times = await trial.change(server, sets)
    code, seconds = await asyncio.to_thread(server.stop)
    await pressing
    return tally, times, code, seconds
