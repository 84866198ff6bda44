"""What a piece of work costs this thread."""

import statistics
import time
from collections.abc import Callable


def seconds_of_cpu(work: Callable[[], object], repeats: int) -> float:
    """The median of so many goes, in seconds of CPU."""
    taken = []
    for _ in range(repeats):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return statistics.median(taken)
