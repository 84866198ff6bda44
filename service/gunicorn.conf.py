"""How gunicorn serves: one process a core, few threads, nothing of a request written anywhere."""

import fcntl
import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

memory = Path("/dev/shm")  # noqa: S108  # nosec B108  # only where gunicorn keeps its heartbeats and the workers their numbers
shared = memory if memory.is_dir() else Path(tempfile.gettempdir())


def lock(folder: Path) -> int | None:
    """Hold a folder of ours until this process and its workers are gone, however they go; None when others hold it."""
    try:
        held = os.open(folder, os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held


def new_folder(name: str) -> str:
    """A folder for what the workers count; those that killed servers have left behind are cleared away."""
    for left in shared.glob(FOLDERS + "*"):
        held = lock(left)
        if held is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)
    made = Path(tempfile.mkdtemp(prefix=".", dir=shared))
    lock(made)
    return str(made.rename(made.with_name(name + made.name[1:])))  # only now may it be taken for one left behind


# The library of the metrics reads where they are when it is first imported, which the service does; so a reload, which
# runs this file again in the same process, must stay there.
FOLDERS = "b12cds-numbers-"
ours = f"{FOLDERS}{os.getpid()}-"
if not Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name.startswith(ours):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = new_folder(ours)
numbers = os.environ["PROMETHEUS_MULTIPROC_DIR"]

from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from service import create_app
from service.access.guard import refuse_exposure
from service.observing.logs import server_config
from service.serving.arrival import LONGEST_HEADER, MOST_HEADERS, MOST_START
from service.settings import Settings
from service.unfit import UNFIT, reason

try:
    settings = Settings.from_environment()
except UNFIT as error:
    sys.exit(f"Not started: {reason(error)}")


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The server's own messages, without a line for each request that quotes it: the service writes its own."""

    access_log_enabled = False


bind = settings.bind
workers = settings.worker_count
worker_class = "service.serving.worker.Worker"
threads = settings.threads
preload_app = True
worker_tmp_dir = str(shared)
control_socket_disable = True
certfile = settings.tls_cert
keyfile = settings.tls_key

# What a worker holds in its memory is about patients.
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

# A shell's usual limit of 1024 open files would be a limit of 1024 clients.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
most_files = min(most_files, 1_048_576) if most_files != resource.RLIM_INFINITY else 1_048_576
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
worker_connections = min(10_000, most_files - 100)
backlog = 4096

timeout = 15
graceful_timeout = 20
keepalive = 65  # longer than the minute for which load balancers keep a connection
max_requests = 100_000
max_requests_jitter = 10_000

limit_request_line = MOST_START
limit_request_fields = MOST_HEADERS
limit_request_field_size = LONGEST_HEADER

logger_class = ServerLog
errorlog = "-"
loglevel = settings.log_level
logconfig_dict = server_config(settings.log_level)


def on_starting(server: Any) -> None:
    """Listen to other machines only when the operator said who may call."""
    refuse_exposure(server.cfg.address, settings)


def child_exit(_server: Any, worker: Any) -> None:
    """Keep what a worker has counted when it is gone."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the library has no types there


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(numbers, ignore_errors=True)


def keep_what_is_loaded() -> None:
    """Have what was loaded left alone by the garbage collector, so that workers share its memory and end at once."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def when_ready(_server: Any) -> None:
    """Keep what was loaded; what a request makes is gone by itself, so it is not searched for cycles several times."""
    keep_what_is_loaded()
    gc.set_threshold(20_000)


def on_reload(server: Any) -> None:
    """On SIGHUP read rule sets, keys and clients anew; when they cannot be used, go on as before and say why."""
    try:
        server.app.callable = create_app()
    except UNFIT as error:
        server.log.error("rule sets, keys and clients stay as they were: %s", reason(error))
    except Exception as error:  # a server that answers goes on, whatever the new files did
        server.log.error("rule sets, keys and clients stay as they were: %s", type(error).__name__)
    else:
        keep_what_is_loaded()
        server.log.info("rule sets, keys and clients were read anew")
    for worker in server.WORKERS:
        os.kill(worker, signal.SIGWINCH)  # the workers of before are replaced: they need not hurry
