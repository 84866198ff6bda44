"""A gunicorn worker that no slow client can hold up, whose own refusals have the service's one shape.

gunicorn's threaded worker gives a client a thread as soon as its first byte is there, so that a few that send the rest
slowly stop it for good. Here a request takes a thread only once all of it has come: until then its connection waits
beside all others in the worker's one poller, and leaves when it takes too long.
"""

import errno
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from struct import Struct
from typing import Any

from gunicorn import sock, util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from service.connection import FAREWELL, Connection, refusal

STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
LONG = 0.25  # seconds after which a running request no longer keeps the next one waiting
SWEEP_EVERY = 0.25
QUEUE_LENGTH = Struct("=24xI")  # of TCP_INFO for a listening socket: how many clients are in its queue
MOST_HELD = 64 * 1024 * 1024  # bytes of requests that are not whole yet
MOST_TAKEN_OVER = 500  # connections that a stopping worker still takes from the queue


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers whole requests, one at a time unless one takes long, and takes on no more clients than it can answer.

    What it has not taken on waits in the system's queue, where the other workers find it should this one be killed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tls = sock.ssl_context(self.cfg) if self.cfg.is_ssl else None
        self.waiting: dict[Connection, None] = {}  # the one that has waited longest first
        self.ready: deque[Connection] = deque()
        self.running: dict[Connection, float] = {}
        self.held = 0
        self.next_sweep = 0.0

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
        return any(_queue_length(listener) > self.cfg.backlog // 2 for listener in self.sockets)

    def accept(self, listener: Any) -> bool:
        """Take one client from the queue; False when there is none to take."""
        try:
            client, address = listener.accept()
            connection = Connection(self.cfg, client, address, listener.getsockname(), self.tls)
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._turn_away_longest()
            return False
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._turn_away_longest()
        self._await(connection)
        self._receive(connection)
        return True

    def _take_over(self) -> None:
        """Before stopping: take on who is in the queue, then leave it, so that nobody is cut off unheard."""
        for listener in self.sockets:
            for _ in range(MOST_TAKEN_OVER):
                if not self.accept(listener):
                    break
            listener.close()

    # Waiting until a request is whole

    def _await(self, connection: Connection) -> None:
        connection.wait()
        if not self.alive:
            connection.until = min(connection.until, time.monotonic() + FAREWELL)
        self._watch(connection)
        if connection.arrival.has_begun:
            self._advance(connection)

    def _receive(self, connection: Connection, _socket: object = None) -> None:
        piece = connection.receive()
        if piece is None or (piece and connection.is_leaving):
            return
        if piece:
            connection.take(piece)
            self.held += len(piece)
            self._advance(connection)
        elif connection.arrival.has_begun:
            self._make_ready(connection)
        else:
            self._close(connection)

    def _advance(self, connection: Connection) -> None:
        arrival = connection.arrival
        if arrival.is_whole():
            self._make_ready(connection)
        elif arrival.has_endless_head:
            self._refuse(connection, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif arrival.awaits_permission():
            with suppress(OSError):
                connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.held > MOST_HELD:
            self._turn_away_longest()

    def _watch(self, connection: Connection) -> None:
        self.waiting[connection] = None
        self.held += len(connection.arrival.received)
        self.poller.register(connection.sock, EVENT_READ, partial(self._receive, connection))

    def _leave_waiting(self, connection: Connection) -> None:
        del self.waiting[connection]
        self.held -= len(connection.arrival.received)
        self.poller.unregister(connection.sock)

    # Answering

    def _make_ready(self, connection: Connection) -> None:
        self._leave_waiting(connection)
        self.ready.append(connection)
        self._start()

    def _start(self) -> None:
        while self.ready and self._is_free():
            connection = self.ready.popleft()
            self.running[connection] = time.monotonic()
            self.enqueue_req(connection)

    def finish_request(self, connection: Connection, future: Any) -> None:
        del self.running[connection]
        if future.exception() is None and future.result():
            self._await(connection)
        elif connection.parser and connection.is_in_step:
            self._drop(connection)
        else:
            self._part(connection)
        self._start()

    def _keepalive_after(self, connection: Connection, keepalive: bool) -> bool:
        return bool(super()._keepalive_after(connection, keepalive)) and connection.is_in_step

    # Letting clients go

    def murder_keepalived(self, force: bool = False) -> None:
        """End every wait that has lasted too long (or all, if forced)."""
        now = time.monotonic()
        if now < self.next_sweep and not force:
            return
        self.next_sweep = now + SWEEP_EVERY
        for connection in [each for each in self.waiting if force or each.until < now]:
            self._expire(connection)

    def _cap_keepalive(self, deadline: float) -> None:
        self._take_over()
        for connection in self.waiting:
            connection.until = min(connection.until, deadline)

    def _turn_away_longest(self) -> None:
        longest = next(iter(self.waiting), None)
        if longest is not None:
            self._expire(longest)

    def _expire(self, connection: Connection) -> None:
        if connection.arrival.has_begun:
            self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._close(connection)

    def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        self._leave_waiting(connection)
        with suppress(OSError):
            util.write(connection.sock, refusal(status))
        self._part(connection)

    def _part(self, connection: Connection) -> None:
        try:
            connection.part()
            self._watch(connection)
        except (OSError, ValueError):
            self._drop(connection)

    def _close(self, connection: Connection) -> None:
        self._leave_waiting(connection)
        self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self.nr_conns -= 1
        util.close(connection.sock)

    def handle_error(self, _request: Any, client: socket.socket, _address: Any, error: Exception) -> None:
        status = _status(error)
        self.log.warning("refused a request before reading it: %s, %s", status.value, type(error).__name__)
        util.write_nonblock(client, refusal(status))


def _queue_length(listener: Any) -> int:
    if sys.platform != "linux" or listener.FAMILY == socket.AF_UNIX:
        return 0  # no other system tells
    state = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, QUEUE_LENGTH.size)
    return int(QUEUE_LENGTH.unpack(state)[0])


def _status(error: Exception) -> HTTPStatus:
    ours = HTTPStatus.BAD_REQUEST if isinstance(error, errors.ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), ours)
