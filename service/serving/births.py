"""A request to end that comes while a worker is being born waits until the worker can heed it.

A new process first has the handlers of its parent, where gunicorn queues signals that only the parent reads: a worker
asked to end just then would never know, and be waited for until it is killed.
"""

import os
import signal
from functools import cache

ENDS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)


@cache
def hold_ends_back() -> None:
    """From now on have a child begin with these signals held back, and the parent go on as before."""
    os.register_at_fork(before=_hold_back, after_in_parent=heed_ends)


def heed_ends() -> None:
    """Let them come, those included that came meanwhile."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)


def _hold_back() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
