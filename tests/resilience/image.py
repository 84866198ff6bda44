"""The image as it ships, at BASE_URL: the example patient, slow clients, a flood, and a load that outlasts its end."""

import asyncio
import os
import subprocess
import sys
from urllib.parse import urlsplit

from service.demo import EXAMPLE
from tests.resilience.clients import Tally, ask, press
from tests.resilience.patients import case_of, cases
from tests.resilience.server import raise_descriptor_limit
from tests.resilience.slow import AT_ONCE, measure_flood, measure_slow_clients
from tests.resilience.table import judge

LAST = 20.0
CLIENTS = 8
SPARE = 1000
OUTLAST = "outlast"


async def measure(port: int, most_clients: int) -> bool:
    """Whether the image answers the example as the code here does, and bears what it must."""
    tally = Tally()
    cases()  # worked out first, so that no probe waits for it
    await ask(port, tally, case_of(EXAMPLE.read_bytes()))
    print("The example patient:", "answered as by the code it was built from" if tally.right else dict(tally.outcomes))
    tables = []
    for table in (measure_slow_clients(port), measure_flood(port, min(AT_ONCE, most_clients))):
        tables.append(await table)
        print(tables[-1], flush=True)
    return bool(tally.right) and not judge(tables)


def main() -> int:
    """Measure; then leave clients pressing in the background, for the image to be stopped beside them."""
    port = urlsplit(os.environ["BASE_URL"]).port or 8000
    if sys.argv[1:] == [OUTLAST]:
        asyncio.run(press(port, LAST, CLIENTS))
        return 0
    good = asyncio.run(measure(port, raise_descriptor_limit() - SPARE))
    subprocess.Popen([sys.executable, "-m", "tests.resilience.image", OUTLAST], stdin=subprocess.DEVNULL)
    return not good


if __name__ == "__main__":
    sys.exit(main())
