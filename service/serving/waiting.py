"""Who is connected and waits, to send a whole request or for its turn, and how much all of them have sent together."""

import math
from collections import deque
from collections.abc import Iterator

from service.serving.connection import Connection

MOST_HELD = 64 * 1024 * 1024  # bytes of requests that are not whole yet, and as many of those that are


class _Holding:
    """Connections that wait, and how much they have sent together."""

    def __init__(self) -> None:
        self._held = 0

    @property
    def hold_too_much(self) -> bool:
        """Whether together they have sent more than may be kept."""
        return self._held > MOST_HELD

    def _hold(self, connection: Connection) -> None:
        self._held += len(connection.arrival.received)

    def _let_go(self, connection: Connection) -> None:
        self._held -= len(connection.arrival.received)


class Waiting(_Holding):
    """Connections in the order they began to wait; each may stay until its own time, and none beyond `latest`."""

    def __init__(self) -> None:
        super().__init__()
        self.latest = math.inf
        self._connections: dict[Connection, None] = {}

    def __iter__(self) -> Iterator[Connection]:
        return iter(self._connections)

    @property
    def longest(self) -> Connection | None:
        """Whoever has waited longest."""
        return next(iter(self._connections), None)

    def add(self, connection: Connection) -> None:
        """Let one wait, with what it has sent already."""
        self._connections[connection] = None
        self._hold(connection)

    def take(self, connection: Connection, piece: bytes) -> None:
        """Keep what one of them has sent."""
        connection.take(piece)
        self._held += len(piece)

    def remove(self, connection: Connection) -> None:
        """Let one wait no longer."""
        del self._connections[connection]
        self._let_go(connection)

    def overdue(self, now: float) -> list[Connection]:
        """Those who have waited too long."""
        return [each for each in self._connections if min(each.until, self.latest) < now]


class Ready(_Holding):
    """Connections whose request is whole, in the order in which they will be answered."""

    def __init__(self) -> None:
        super().__init__()
        self._connections: deque[Connection] = deque()

    def __bool__(self) -> bool:
        return bool(self._connections)

    def append(self, connection: Connection) -> None:
        """Let one wait for its turn."""
        self._connections.append(connection)
        self._hold(connection)

    def first(self) -> Connection:
        """Take whose turn it is."""
        return self._taken(self._connections.popleft())

    def last(self) -> Connection:
        """Take whoever came last."""
        return self._taken(self._connections.pop())

    def _taken(self, connection: Connection) -> Connection:
        self._let_go(connection)
        return connection
