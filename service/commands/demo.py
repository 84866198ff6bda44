"""A demonstration over real HTTP: start the service, post a patient, print the answer, keep serving."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
import requests

from service.report import render_report
from service.shipped import EXAMPLE, HERE

PATIENCE = 60


def gunicorn_command(*options: str) -> list[str]:
    """How to start gunicorn with the settings of this package."""
    return [sys.executable, "-m", "gunicorn", "--config", str(HERE / "gunicorn.conf.py"), *options, "service.wsgi:app"]


def run_demo(port: int) -> None:
    """Serve on that port until Ctrl-C, with the example patient assessed first."""
    with _listener(port) as listener, _gunicorn(listener) as server, requests.Session() as session:
        session.trust_env = False  # no proxy stands between this process and its own child
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        _wait_until_ready(session, origin, server)
        click.echo(f"POST {origin}/v1/assessments  <- {EXAMPLE.name}\n")
        click.echo(_assess_example(session, origin))
        click.echo(f"\nServing at {origin} (page: {origin}/, contract: {origin}/docs). Press Ctrl-C to stop.")
        server.wait()
        raise click.ClickException("the service stopped by itself; its own messages are above")


def _listener(port: int) -> socket.socket:
    """The socket to serve on, opened here so that a port in use is noticed at once."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno or 0)
        raise click.ClickException(f"port {port} cannot be used: {reason}. Choose another one.") from None
    return listener


@contextmanager
def _gunicorn(listener: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """gunicorn on that socket, in a group of its own so that Ctrl-C reaches this process alone."""
    descriptor = listener.fileno()
    server = subprocess.Popen(  # our own interpreter and our own arguments
        gunicorn_command("--bind", f"fd://{descriptor}", "--log-level", "warning", "--graceful-timeout", "3"),
        pass_fds=[descriptor],
        env={**os.environ, "B12CDS_LOG_LEVEL": "warning"},
        start_new_session=True,
    )
    # Ctrl-C is named too: a shell that starts this in the background has it ignored.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _interrupt)
    try:
        yield server
    except KeyboardInterrupt:
        click.echo("\nStopping.")
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _wait_until_ready(session: requests.Session, origin: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if session.get(f"{origin}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise click.ClickException("the service did not get ready; its own messages are above")


def _assess_example(session: requests.Session, origin: str) -> str:
    answer = session.post(
        f"{origin}/v1/assessments",
        data=EXAMPLE.read_bytes(),
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    answer.raise_for_status()
    return render_report(answer.json())
