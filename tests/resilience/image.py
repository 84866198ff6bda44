"""The image as it ships, at BASE_URL: the example patient, slow clients, a flood, and a load that outlasts its end."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from service.shipped import EXAMPLE
from tests.resilience.clients import ask, press, within
from tests.resilience.patients import case_of, cases
from tests.resilience.server import most_connections
from tests.resilience.slow import AT_ONCE, measure_flood, measure_slow_clients
from tests.resilience.table import judge
from tests.resilience.tally import Tally

LAST = 10.0
CLIENTS = 8
OUTLAST = "outlast"


async def measure(port: int, most_clients: int) -> bool:
    """Whether the image answers the example as the code here does, and bears what it must."""
    tally = Tally()
    cases()  # worked out first, so that no probe waits for it
    await ask(port, tally, case_of(EXAMPLE.read_bytes()))
    print("The example patient:", "answered as by the code it was built from" if tally.right else dict(tally.outcomes))
    tables = []
    for table in (measure_slow_clients(port), measure_flood(port, most_clients)):
        tables.append(await table)
        print(tables[-1], flush=True)
    return bool(tally.right) and not judge(tables)


def outlast(port: int) -> int:
    """Press for a while, saying when that begins and then what became of it; 1 when an answer was wrong."""
    cases()
    asyncio.run(press(port, Tally(), within(0.1), CLIENTS))
    print("pressing", flush=True)
    tally = Tally()
    asyncio.run(press(port, tally, within(LAST), CLIENTS))
    print(f"pressed: {tally.right} right, {tally.wrong} wrong, {tally.lost} lost", flush=True)
    return int(tally.wrong > 0)


def leave_pressing(said: Path) -> None:
    """Have clients press from another process, which says in that file how it goes; back when they do."""
    with said.open("w") as output:
        command = [sys.executable, "-m", "tests.resilience.image", OUTLAST]
        presser = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output)
    while "pressing" not in said.read_text() and presser.poll() is None:
        time.sleep(0.1)


def main() -> int:
    """Measure; then leave clients pressing, for the image to be stopped beside them."""
    port = urlsplit(os.environ["BASE_URL"]).port or 8000
    if sys.argv[1:] == [OUTLAST]:
        return outlast(port)
    good = asyncio.run(measure(port, most_connections(AT_ONCE)))
    leave_pressing(Path(os.environ["PRESSED"]))
    return not good


if __name__ == "__main__":
    sys.exit(main())
