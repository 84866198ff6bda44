"""The service's own settings, one worker, and a signal that makes it write down how many objects it holds."""

import gc
import os
import runpy
import signal
from pathlib import Path

globals().update(runpy.run_path(str(Path("service/gunicorn.conf.py").resolve())))
workers = 1
max_requests = 0


def post_worker_init(worker: object) -> None:
    def count(*_: object) -> None:
        gc.collect()
        Path(os.environ["OBJECT_COUNT"]).write_text(str(len(gc.get_objects())))

    signal.signal(signal.SIGUSR2, count)
