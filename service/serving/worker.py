"""A gunicorn worker that no slow client can hold up, and that ends in time.

gunicorn's threaded worker gives a client a thread as soon as its first byte is there, so that a few that send the rest
slowly stop it for good. Here a request takes a thread only once all of it has come: until then its connection waits
beside all others in the worker's one poller, and leaves when it takes too long.
"""

import math
import time
from http import HTTPStatus
from typing import Any

from service.serving.births import heed_ends, hold_ends_back
from service.serving.connection import Connection
from service.serving.listening import queue_length
from service.serving.reception import SWEEP_EVERY, Reception
from service.serving.waiting import Ready

LONG = 0.25  # seconds after which a running request no longer keeps the next one waiting
LAST_START = 2.0  # seconds in which a worker that ends with the server still begins to answer
LAST_WORD = 3.0  # seconds after which it waits for no client any more
MOST_TAKEN_OVER = 200  # clients that it still takes from the queue


class Worker(Reception):
    """Answers whole requests, one at a time unless one takes long, and takes on no more clients than it can answer.

    What it has not taken on waits in the system's queue, where the other workers find it should this one be killed.
    A worker that is replaced answers all it has taken on. One that ends with the server has a few seconds for that,
    refuses the rest as 503, and waits beyond them only for answers that are being made.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = Ready()
        self.running: dict[Connection, float] = {}
        self.asked_to_end = math.inf
        self.is_replaced = False

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        super().check_config(cfg, log)
        hold_ends_back()

    def init_signals(self) -> None:
        super().init_signals()
        heed_ends()

    # Taking clients on

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        is_free = self._is_free()
        self.set_accept_enabled(self.alive and (is_free or self._is_queue_long()))
        super().wait_for_and_dispatch_events(timeout if is_free and self.alive else min(timeout, SWEEP_EVERY))
        self._start()

    def _is_free(self) -> bool:
        now = time.monotonic()
        return len(self.running) < self.cfg.threads and all(now - since > LONG for since in self.running.values())

    def _is_queue_long(self) -> bool:
        """Whether the system's queue is about to overflow, where clients would be turned away."""
        return any(queue_length(listener) > self.cfg.backlog // 2 for listener in self.sockets)

    # Answering

    def serve(self, connection: Connection) -> None:
        self.ready.append(connection)
        self._start()
        if self.ready.hold_too_much:
            self.dismiss(self.ready.last(), HTTPStatus.SERVICE_UNAVAILABLE)

    def _start(self) -> None:
        while self.ready and self._is_free():
            connection = self.ready.first()
            self.running[connection] = time.monotonic()
            self.enqueue_req(connection)

    def finish_request(self, connection: Connection, future: Any) -> None:
        del self.running[connection]
        if future.exception() is None and future.result():
            self.await_request(connection)
        elif connection.parser and connection.is_in_step:
            self.drop(connection)
        else:
            self.part(connection)
        self._start()

    def _keepalive_after(self, connection: Connection, keepalive: bool) -> bool:
        return bool(super()._keepalive_after(connection, keepalive)) and connection.is_in_step

    # Ending

    def handle_winch(self, *_signal: object) -> None:
        """Hear that the end to come is this worker's alone: others will answer, and nobody waits for it."""
        self.is_replaced = True

    def handle_exit(self, sig: int, frame: object) -> None:
        self.asked_to_end = min(self.asked_to_end, time.monotonic())
        super().handle_exit(sig, frame)

    @property
    def _ends_with_the_server(self) -> bool:
        return self.asked_to_end < math.inf and not self.is_replaced

    def _cap_keepalive(self, deadline: float) -> None:
        """At the beginning of the end: leave the queue, having heard who is in it if nobody else will."""
        for listener in self.sockets:
            if self._ends_with_the_server:
                self._take_over(listener)
            listener.close()
        for connection in self.waiting:
            if not connection.arrival.has_begun:
                connection.until = min(connection.until, deadline)

    def _take_over(self, listener: Any) -> None:
        # Whoever comes between the last look and the closing is cut off: a call that lets other threads run first,
        # as accepting does, would make that while a thousand times longer.
        for _ in range(MOST_TAKEN_OVER):
            if not self.accept(listener) and not queue_length(listener):
                return

    def murder_keepalived(self, force: bool = False) -> None:
        """Let go of whoever takes too long; once it is too late to begin, refuse what was not begun."""
        if self._ends_with_the_server:
            self.waiting.latest = self.asked_to_end + LAST_WORD
        too_late = self._ends_with_the_server and time.monotonic() > self.asked_to_end + LAST_START
        while self.ready and (force or too_late):
            self.dismiss(self.ready.first(), HTTPStatus.SERVICE_UNAVAILABLE)
        super().murder_keepalived(force)
