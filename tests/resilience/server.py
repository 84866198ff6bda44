"""A server under test: started from its command line, watched through /proc, stopped for certain."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCAL_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
SPARE = 1000  # open files for all else
PATIENCE = 180.0
LONGEST_END = 5.0  # seconds promised from SIGTERM to the end
LATEST_END = 20.0  # for which a busy machine is an excuse
GUNICORN = (sys.executable, "-m", "gunicorn", "--config", "service/gunicorn.conf.py")
SERVE = (str(Path(sys.executable).with_name("b12cds")), "serve")


@dataclass(frozen=True)
class Server:
    """One running server: where it listens, its main process, and the file its log goes to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def workers(self) -> list[int]:
        """The processes that answer: the children of the main one, or itself when it has none."""
        task = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in task.read_text().split()] or [self.process.pid]

    def resident(self) -> int:
        """The memory of the workers in KiB, what they share with the main process included."""
        return sum(_resident(pid) for pid in self.workers)

    def processor_seconds(self) -> float:
        """The processor time that the workers have used so far, which no neighbour on the machine changes much."""
        return sum(_processor_ticks(pid) for pid in self.workers) / os.sysconf("SC_CLK_TCK")

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> tuple[int, float]:
        """Ask it to end: its exit code and the seconds it took."""
        asked = time.monotonic()
        self.process.terminate()
        return self.process.wait(PATIENCE), time.monotonic() - asked


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _processor_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def most_connections(wanted: int) -> int:
    """How many clients at once this system allows one process, up to those wanted; says what is short when it is fewer.

    This process may then hold so many, and what it starts.
    """
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    first, last = map(int, LOCAL_PORTS.read_text().split())
    allowed = {f"open files (ulimit -Hn is {files:,})": files - SPARE, f"local ports ({LOCAL_PORTS})": last - first}
    for what, most in allowed.items():
        if most < wanted:
            print(f"Only {most:,} clients at once are tried instead of {wanted:,}: this machine allows no more {what}.")
    return min(wanted, *allowed.values())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    log: Path, command: Sequence[str] = SERVE, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """The server that a command starts on a free port; {port} in the command stands for it."""
    port = port or free_port()
    options = [part.format(port=port) for part in command]
    bind = {"B12CDS_BIND": f"127.0.0.1:{port}"}
    with log.open("ab") as output:
        process = subprocess.Popen(
            options, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, **bind, **(environment or {})}
        )
    try:
        _wait_until_it_listens(port, process, log)
        yield Server(port, process, log)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in (*Server(port, process, log).workers, process.pid):
                os.kill(pid, signal.SIGKILL)


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as client:
                client.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                client.settimeout(5)
                if client.recv(16).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not get ready:\n{log.read_text()[-4000:]}")
