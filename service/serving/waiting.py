"""Who is connected and waits, to send a whole request or for its turn, and how much all of them have sent together."""

import math
from collections import deque
from collections.abc import Iterator

from service.serving.connection import Connection

MOST_HELD = 64 * 1024 * 1024  # bytes of requests that are not whole yet, and as many of those that are


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


class Ready:
    """Connections whose request is whole, in the order in which they will be answered."""

    def __init__(self) -> None:
        self._connections: deque[Connection] = deque()
        self._held = 0

    def __bool__(self) -> bool:
        return bool(self._connections)

    @property
    def hold_too_much(self) -> bool:
        """Whether together their requests are more than may be kept until their turn."""
        return self._held > MOST_HELD

    def append(self, connection: Connection) -> None:
        """Let one wait for its turn."""
        self._connections.append(connection)
        self._held += len(connection.arrival.received)

    def first(self) -> Connection:
        """Take whose turn it is."""
        return self._taken(self._connections.popleft())

    def last(self) -> Connection:
        """Take whoever came last."""
        return self._taken(self._connections.pop())

    def _taken(self, connection: Connection) -> Connection:
        self._held -= len(connection.arrival.received)
        return connection
