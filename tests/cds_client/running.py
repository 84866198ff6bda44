"""The service running as it is shipped, on a free port of the loopback."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from service.commands.demo import gunicorn_command

PATIENCE = 120


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def service(port: int, **settings: str) -> Iterator[int]:
    """One worker that logs errors alone, with these settings; the id of the main process."""
    named = {f"B12CDS_{name.upper()}": value for name, value in settings.items()}
    environment = {**os.environ, "B12CDS_LOG_LEVEL": "error", "B12CDS_WORKERS": "1", **named}
    with process(gunicorn_command("--bind", f"127.0.0.1:{port}"), port, environment) as pid:
        yield pid


@contextmanager
def process(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A program that listens on that port; its id."""
    running = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield running.pid
    finally:
        running.terminate()
        running.wait(PATIENCE)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
