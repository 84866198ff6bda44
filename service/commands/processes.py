"""Rows answered by several processes at once, so that a large file takes all cores; results keep the rows' order."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from service.rows import Asked, answer_row

ROWS_A_TASK, TASKS_AHEAD = 32, 3

Row = tuple[int, bytes]
P = ParamSpec("P")
T = TypeVar("T")

# What the rows of this process are answered from, once it is one of several.
_asked: list[Asked] = []


def answers(rows: Iterator[Row], asked: Asked, processes: int) -> Generator[Row, None, None]:
    """The result of every row beside its number, in order; no more rows are read ahead than keep all processes busy.

    BrokenProcessPool when one of the processes was killed.
    """
    if processes == 1:
        yield from ((index, answer_row(index, row, asked)) for index, row in rows)
        return
    waiting: deque[Future[list[Row]]] = deque()
    with _pool(asked, processes) as pool:
        for some in iter(lambda: list(islice(rows, ROWS_A_TASK)), []):
            waiting.append(_uninterrupted(pool.submit, _answer, some))
            if len(waiting) > TASKS_AHEAD * processes:
                yield from _uninterrupted(waiting.popleft().result)
        while waiting:
            yield from _uninterrupted(waiting.popleft().result)


@contextmanager
def _pool(asked: Asked, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that share what is read of the rule sets; what they have not begun when this ends they leave."""
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (asked,))
    before = signal.signal(signal.SIGINT, _interrupt_once)
    try:
        yield pool
    finally:
        _uninterrupted(pool.shutdown, cancel_futures=True)
    signal.signal(signal.SIGINT, before)


def _interrupt_once(*_signal: Any) -> None:
    """An orderly end takes a moment; an interrupt in that moment would leave processes that wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _uninterrupted(call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a call returns; an interrupt waits until then, since the locks of a pool cannot bear one in their midst."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        return call(*arguments, **named)
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _begin(asked: Asked) -> None:
    """Be one of several: an interrupt is for the process that gives out the rows, and its end is everybody's."""
    _asked.append(asked)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(rows: Iterable[Row]) -> list[Row]:
    (asked,) = _asked
    return [(index, answer_row(index, row, asked)) for index, row in rows]
