"""Names looked up within a deadline: the system takes its own time for it, and nothing can call it back."""

import socket
import time
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Lock, Thread

Address = IPv4Address | IPv6Address
Place = tuple[str, int]


class Resolver:
    """Looks up each name in a thread of its own, and no name twice at once: all who ask wait for the same answer.

    So there are never more threads than names, however long the system takes.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[Place, Future[list[Address]]] = {}

    def addresses(self, host: str, port: int, until: float) -> list[Address]:
        """Every address of a name; OSError when it has none, or none is found before the clock says `until`."""
        return self._ask((host, port)).result(max(until - time.monotonic(), 0))

    def _ask(self, place: Place) -> Future[list[Address]]:
        with self._lock:
            asked = self._asked.get(place)
            if asked is None:
                asked = self._asked[place] = Future()
                Thread(target=self._look_up, args=(place, asked), name="names", daemon=True).start()
            return asked

    def _look_up(self, place: Place, asked: Future[list[Address]]) -> None:
        try:
            found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
            asked.set_result([ip_address(entry[4][0]) for entry in found])
        except Exception as error:  # it belongs to those who wait
            asked.set_exception(error)
        finally:
            with self._lock:
                del self._asked[place]
