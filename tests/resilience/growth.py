"""Whether a worker grows with the requests it has answered."""

import asyncio
import os
import signal
import sys
import time
from itertools import count
from pathlib import Path

from tests.resilience.clients import LOOPBACK, post, read_answer
from tests.resilience.patients import cases
from tests.resilience.server import Server, running
from tests.resilience.table import Table

COUNTING = (sys.executable, "-m", "gunicorn", "--config", "tests/resilience/counting.conf.py", "service.wsgi:app")
STEPS = (10_000, 20_000, 40_000, 60_000)
LONGEST = 600.0
CLIENTS = 4
MORE_OBJECTS = 200  # beside those that were there before the first request, which are not counted
MORE_MEMORY = 1.05


async def measure_growth(folder: Path) -> Table:
    """Objects and memory of one worker after so many requests; time ends it early, and the table then says where."""
    table = Table("One worker, request after request", ("requests", "objects", "resident MiB"))
    counted = folder / "objects"
    deadline = time.monotonic() + LONGEST
    with running(folder / "log", COUNTING, {"OBJECT_COUNT": str(counted)}) as server:
        answered, first = 0, None
        for step in STEPS:
            answered += await _answer(server.port, step - answered, deadline)
            state = await _state(server, counted)
            first = first or state
            kept = state[0] <= first[0] + MORE_OBJECTS and state[1] <= first[1] * MORE_MEMORY
            cells = (f"{answered:,}", f"{state[0]:,}", f"{state[1] / 1024:.1f}")
            table.add(*cells, kept=kept, in_time=answered >= step)
            if time.monotonic() > deadline:
                break
    return table


async def _answer(port: int, requests: int, deadline: float) -> int:
    numbers = count()

    async def client() -> int:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        answered = 0
        while next(numbers) < requests and time.monotonic() < deadline:
            case = cases()[answered % len(cases())]
            writer.write(post(case.body, f"n{answered}", "keep-alive"))
            status, _, _ = await read_answer(reader)
            answered += status == case.status
        writer.close()
        return answered

    return sum(await asyncio.gather(*(client() for _ in range(CLIENTS))))


async def _state(server: Server, counted: Path) -> tuple[int, int]:
    """The worker's objects and resident KiB."""
    counted.unlink(missing_ok=True)
    os.kill(server.workers[0], signal.SIGUSR2)
    while not counted.exists() or not counted.read_text():
        await asyncio.sleep(0.1)
    return int(counted.read_text()), server.resident()
