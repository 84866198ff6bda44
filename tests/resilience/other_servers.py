"""Other servers that could serve the same application, each installed into an environment that goes with the run."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.resilience.server import Server, free_port, running

APP = "service.wsgi:app"
GUNICORN = ("-m", "gunicorn", "--no-control-socket", "--workers", "2", "--backlog", "4096", "--preload")
GTHREAD = (*GUNICORN, "--threads", "4", "--worker-connections", "9000", "--bind", "127.0.0.1:{port}", APP)
GEVENT = (*GUNICORN, "--worker-class", "gevent", "--worker-connections", "9000", "--bind", "127.0.0.1:{port}", APP)
WAITRESS = ("-m", "waitress", "--listen=127.0.0.1:{port}", "--threads=4", "--connection-limit=9000", "--backlog=4096")
GRANIAN = ("-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--backlog", "4096")
RESPAWN = ("--respawn-failed-workers", "--respawn-interval", "0.1", "--workers-kill-timeout", "5")
NGINX = """
daemon off; worker_processes 2; worker_rlimit_nofile 20000; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 9000; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; client_max_body_size 16m;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  client_header_timeout 15s; client_body_timeout 15s;
  server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ proxy_pass http://127.0.0.1:{behind}; }} }}
}}
"""


@dataclass(frozen=True)
class Candidate:
    """A server that could be used: the arguments of its Python, or None for nginx, and what has to be installed."""

    name: str
    arguments: tuple[str, ...] | None
    needs: str | None = None


CANDIDATES = (
    Candidate("gunicorn `gthread`, 4 threads", GTHREAD),
    Candidate("gunicorn `gevent`", GEVENT, "gevent"),
    Candidate("waitress, 4 threads, one process", (*WAITRESS, "--asyncore-use-poll", APP), "waitress"),
    Candidate("granian, WSGI, 4 threads", (*GRANIAN, *RESPAWN, "--port", "{port}", APP), "granian"),
    Candidate("nginx before gunicorn `gthread`", None),
)


class NotToBeHad(Exception):
    """A candidate that this machine cannot get."""


def python_with(package: str | None, folder: Path) -> str:
    """The Python that can start a candidate: this one, or one that has the package beside all that this one has."""
    if package is None:
        return sys.executable
    place = folder / package
    venv.create(place, with_pip=True)
    (purelib,) = place.glob("lib/python*/site-packages")
    (purelib / "ours.pth").write_text(sysconfig.get_path("purelib"))
    python = str(place / "bin" / "python")
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
    if subprocess.run(command, check=False).returncode:
        raise NotToBeHad(f"{package} cannot be installed here")
    return python


@contextmanager
def serving(candidate: Candidate, folder: Path) -> Iterator[tuple[Server, Server]]:
    """A candidate as it runs: where it is asked, and where the processes are that answer."""
    log, quiet = folder / "log", {"B12CDS_LOG_LEVEL": "error"}
    if candidate.arguments is not None:
        with running(log, (python_with(candidate.needs, folder), *candidate.arguments), quiet) as server:
            yield server, server
        return
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        raise NotToBeHad("nginx is not on this machine")
    with running(log, (sys.executable, *GTHREAD), quiet) as behind:
        port, settings = free_port(), folder / "nginx.conf"
        settings.write_text(NGINX.format(folder=folder, port=port, behind=behind.port))
        with running(log, (nginx, "-c", str(settings)), port=port) as front:
            yield front, behind
