"""How gunicorn serves: one process a core, few threads, nothing of a request written anywhere."""

from pathlib import Path

from service.settings import Settings

settings = Settings.from_environment()
memory = Path("/dev/shm")  # noqa: S108  # not a file of ours: only where gunicorn keeps its heartbeats

bind = settings.bind
workers = settings.worker_count
worker_class = "service.worker.Worker"
threads = settings.threads
preload_app = True
worker_tmp_dir = str(memory) if memory.is_dir() else None
control_socket_disable = True

timeout = 15
graceful_timeout = 20
keepalive = 5
max_requests = 100_000
max_requests_jitter = 10_000

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

accesslog = None
errorlog = "-"
loglevel = settings.log_level
