"""One client's connection: its socket, the request arriving on it, and until when it may stay without a whole one."""

import time
from socket import SHUT_WR, socket
from ssl import SSLContext, SSLWantReadError, SSLWantWriteError
from typing import Any

from gunicorn.workers.gthread import TConn

from service.serving.arrival import Arrival, Received
from service.serving.request import RequestParser

PIECE = 64 * 1024
SLOWEST = 32 * 1024  # bytes a second that a long body must keep up with
FAREWELL = 2.0  # seconds for a client to read the last answer on its connection


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A client that sends one request after another, each read by gunicorn's parser once it is whole."""

    def __init__(self, cfg: Any, client: socket, address: Any, server: Any, tls: SSLContext | None) -> None:
        client.setblocking(False)
        secured = tls.wrap_socket(client, server_side=True, do_handshake_on_connect=False) if tls else client
        super().__init__(cfg, secured, address, server)
        self.data_ready = True
        self.is_leaving = False
        self.arrival = Arrival()
        self.source = Received(b"")
        self.began = self.until = 0.0

    def init(self) -> None:
        """Set the parser to the request that has arrived; each piece of the answer must be taken within the timeout."""
        self.sock.settimeout(self.cfg.timeout)
        self.source = Received(self.arrival.content())
        self.parser = RequestParser(self.cfg, self.source, self.client)

    @property
    def is_in_step(self) -> bool:
        """Whether the parser took exactly the bytes that were held to be one request, so that another may follow."""
        return self.source.is_spent and not self.parser.unreader.buf.getvalue()

    def wait(self) -> None:
        """Wait for the next request, whose beginning may have come with the last one."""
        self.arrival = self.arrival.following()
        self.began = time.monotonic()
        self.until = self.began + (self.cfg.timeout if self.arrival.has_begun else self.cfg.keepalive)
        self.sock.setblocking(False)

    def receive(self) -> bytes | None:
        """What came: nothing when the client has ended or broken off, None when there is nothing yet."""
        try:
            return self.sock.recv(PIECE)  # type: ignore[no-any-return]  # gunicorn has no types
        except (BlockingIOError, SSLWantReadError, SSLWantWriteError):
            return None
        except OSError:
            return b""

    def take(self, piece: bytes) -> None:
        """Keep what came, and stay a little longer for the rest."""
        if not self.arrival.has_begun:
            self.began = time.monotonic()
        self.arrival.received += piece
        self.until = self.began + self.cfg.timeout + len(self.arrival.received) / SLOWEST

    def part(self) -> None:
        """Say no more, and wait for the client to hang up so that it can still read what was said."""
        self.is_leaving = True
        self.arrival = Arrival()
        self.until = time.monotonic() + FAREWELL
        self.sock.setblocking(False)
        self.sock.shutdown(SHUT_WR)
