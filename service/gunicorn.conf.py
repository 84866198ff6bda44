"""How gunicorn serves: one process a core, few threads, nothing of a request written anywhere."""

import resource
from pathlib import Path
from typing import Any

from rules import RuleSetError
from service import create_app
from service.settings import Settings

settings = Settings.from_environment()
memory = Path("/dev/shm")  # noqa: S108  # nosec B108  # not a file of ours: only where gunicorn keeps its heartbeats

bind = settings.bind
workers = settings.worker_count
worker_class = "service.worker.Worker"
threads = settings.threads
preload_app = True
worker_tmp_dir = str(memory) if memory.is_dir() else None
control_socket_disable = True
certfile = settings.tls_cert
keyfile = settings.tls_key

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

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

accesslog = None
errorlog = "-"
loglevel = settings.log_level


def on_reload(server: Any) -> None:
    """On SIGHUP read the rule sets anew; when they are not fit to serve, go on with those of before and say why."""
    try:
        server.app.callable = create_app()
    except RuleSetError as error:
        server.log.error("the rule sets stay as they were: %s", error)
    else:
        server.log.info("the rule sets were read anew")
