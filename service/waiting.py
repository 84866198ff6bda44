"""Who is connected and has not sent a whole request yet, and how much all of them have sent together."""

import math
from collections.abc import Iterator

from service.connection import Connection

MOST_HELD = 64 * 1024 * 1024  # bytes of requests that are not whole yet


class Waiting:
    """Connections in the order they began to wait; each may stay until its own time, and none beyond `latest`."""

    def __init__(self) -> None:
        self.latest = math.inf
        self._connections: dict[Connection, None] = {}
        self._held = 0

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._connections)

    @property
    def longest(self) -> Connection | None:
        """Whoever has waited longest."""
        return next(iter(self._connections), None)

    @property
    def hold_too_much(self) -> bool:
        """Whether together they have sent more than may be kept of requests that are not whole."""
        return self._held > MOST_HELD

    def add(self, connection: Connection) -> None:
        """Let one wait, with what it has sent already."""
        self._connections[connection] = None
        self._held += len(connection.arrival.received)

    def take(self, connection: Connection, piece: bytes) -> None:
        """Keep what one of them has sent."""
        connection.take(piece)
        self._held += len(piece)

    def remove(self, connection: Connection) -> None:
        """Let one wait no longer."""
        del self._connections[connection]
        self._held -= len(connection.arrival.received)

    def overdue(self, now: float) -> list[Connection]:
        """Those who have waited too long."""
        return [each for each in self._connections if min(each.until, self.latest) < now]
