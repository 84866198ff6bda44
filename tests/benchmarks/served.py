"""The service with its echo, served by gunicorn as in production, and asked over one connection."""

import gc
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.commands.demo import PATIENCE
from service.shipped import HERE

Connection = http.client.HTTPConnection


@dataclass(frozen=True)
class Served:
    """A running server: its port, its first process, and the seconds from its start to its first answer."""

    port: int
    pid: int
    started_in: float

    def connect(self) -> Connection:
        """A connection that is kept."""
        return Connection("127.0.0.1", self.port, timeout=PATIENCE)

    def megabytes(self) -> tuple[float, list[float]]:
        """Memory of the first process, and what each worker has for itself beside what it shares with it."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return _memory(self.pid, "Rss"), [_memory(int(worker), "Private_Clean", "Private_Dirty") for worker in workers]


@contextmanager
def served(workers: int) -> Iterator[Served]:
    """Serve until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--config", str(HERE / "gunicorn.conf.py"), "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    command = [sys.executable, "-m", "gunicorn", *options, "tests.benchmarks.echo_app:app"]
    # Every request is logged as in production, to nowhere: a terminal would be measured too.
    environment = {**os.environ, "PYTHONPATH": os.fspath(HERE.parent)}
    begun = time.monotonic()
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Served(port, server.pid, time.monotonic() - begun)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def ask(connection: Connection, path: str, body: bytes, kind: str = "application/json") -> float:
    """The seconds until the whole answer was there."""
    start = time.perf_counter()
    connection.request("POST", path, body, {"Content-Type": kind})
    response = connection.getresponse()
    response.read()
    taken = time.perf_counter() - start
    if response.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path} answered {response.status}")
    return taken


def collect_as_the_service_does() -> None:
    """Have the garbage collector leave alone what was loaded, as `gunicorn.conf.py` does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server did not start")


def _memory(pid: int, *names: str) -> float:
    found = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(re.search(rf"^{name}: +(\d+) kB", found, re.MULTILINE)[1]) for name in names) / 1024
