"""Taking clients on, having each wait until its request is whole, and letting go of those who take too long."""

import errno
import socket
import time
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import Any

from gunicorn import sock, util
from gunicorn.workers.gthread import ThreadWorker

from service.headers import careful_headers
from service.serving.connection import Connection
from service.serving.unread import refusal, status_of
from service.serving.waiting import Waiting
from service.settings import Settings

SWEEP_EVERY = 0.25


class Reception(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The part of a worker that deals with connections; its `serve` gets those whose request is whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tls = sock.ssl_context(self.cfg) if self.cfg.is_ssl else None
        self.headers = careful_headers(https=self.cfg.is_ssl or Settings.from_environment().https)
        self.waiting = Waiting()
        self.next_sweep = 0.0

    def serve(self, connection: Connection) -> None:
        """Answer the request that has come whole on a connection."""
        raise NotImplementedError

    # Taking on

    def accept(self, listener: Any) -> bool:
        """Take one client from the system's queue; False when there is none to take."""
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
        self.await_request(connection)
        self._receive(connection)
        return True

    # Waiting

    def await_request(self, connection: Connection) -> None:
        """Let a client wait for its next request, of which something may have come with the last one."""
        connection.wait()
        self._watch(connection)
        if connection.arrival.has_begun:
            self._advance(connection)

    def _receive(self, connection: Connection, _socket: object = None) -> None:
        piece = connection.receive()
        if piece is None or (piece and connection.is_leaving):
            return
        if piece:
            self.waiting.take(connection, piece)
            self._advance(connection)
        elif connection.arrival.has_begun:
            self._hand_over(connection)
        else:
            self._close(connection)

    def _advance(self, connection: Connection) -> None:
        arrival = connection.arrival
        if arrival.is_whole():
            self._hand_over(connection)
        elif arrival.has_endless_head:
            self._refuse(connection, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif arrival.awaits_permission():
            with suppress(OSError):
                connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.waiting.hold_too_much:
            self._turn_away_longest()

    def _hand_over(self, connection: Connection) -> None:
        self._leave(connection)
        self.serve(connection)

    def _watch(self, connection: Connection) -> None:
        self.waiting.add(connection)
        self.poller.register(connection.sock, EVENT_READ, partial(self._receive, connection))

    def _leave(self, connection: Connection) -> None:
        self.waiting.remove(connection)
        self.poller.unregister(connection.sock)

    # Letting go

    def murder_keepalived(self, force: bool = False) -> None:
        """End every wait that has lasted too long (or all, if forced)."""
        now = time.monotonic()
        if now < self.next_sweep and not force:
            return
        self.next_sweep = now + SWEEP_EVERY
        for connection in list(self.waiting) if force else self.waiting.overdue(now):
            self._send_away(connection)

    def _turn_away_longest(self) -> None:
        longest = self.waiting.longest
        if longest is not None:
            self._send_away(longest)

    def _send_away(self, connection: Connection) -> None:
        if not connection.arrival.has_begun:
            self._close(connection)
        elif connection.until < time.monotonic():
            self._refuse(connection, HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._refuse(connection, HTTPStatus.SERVICE_UNAVAILABLE)

    def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        self._leave(connection)
        self.dismiss(connection, status)

    def dismiss(self, connection: Connection, status: HTTPStatus) -> None:
        """Part from a client that waits no more, saying why."""
        with suppress(OSError):
            util.write(connection.sock, refusal(status, self.headers))
        self.part(connection)

    def part(self, connection: Connection) -> None:
        """Part from a client that waits no more, which may still read what was said."""
        try:
            connection.part()
            self._watch(connection)
        except (OSError, ValueError):
            self.drop(connection)

    def _close(self, connection: Connection) -> None:
        self._leave(connection)
        self.drop(connection)

    def drop(self, connection: Connection) -> None:
        """Part at once from a client that waits no more."""
        self.nr_conns -= 1
        util.close(connection.sock)

    def handle_error(self, _request: Any, client: socket.socket, _address: Any, error: Exception) -> None:
        """Refuse a request at which the server's own parser failed, without a word of it in the log."""
        status = status_of(error)
        self.log.warning("refused a request before reading it: %s, %s", status.value, type(error).__name__)
        util.write_nonblock(client, refusal(status, self.headers))
