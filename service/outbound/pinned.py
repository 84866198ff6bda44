"""Connections to an address that was checked, which end at their moment however slowly the other side talks."""

import socket
import time
from contextlib import suppress
from threading import Timer
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection


class Deadline:
    """Cuts off what is still open at its moment; the patience of a socket begins anew with every byte that comes."""

    def __init__(self, until: float) -> None:
        self._until = until
        self._open: list[socket.socket] = []
        self._timer = Timer(self.seconds_left(), self._cut_off)
        self._timer.daemon = True

    def seconds_left(self) -> float:
        """How long there is, by the monotonic clock; never none at all, which would mean for ever."""
        return max(self._until - time.monotonic(), 0.001)

    def watch(self, opened: socket.socket) -> None:
        """Cut this connection off as well; TimeoutError when the moment is over already."""
        self._open.append(opened)
        self.check()

    def check(self) -> None:
        """TimeoutError when the moment is over: what was cut off can look as if it had come to its end."""
        if time.monotonic() >= self._until:
            raise TimeoutError

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _cut_off(self) -> None:
        for opened in self._open:
            with suppress(OSError):  # it was closed in time
                socket.socket.shutdown(opened, socket.SHUT_RDWR)  # below TLS, whose own farewell would wait


class _Watched(HTTPConnection):
    def __init__(self, *where: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(*where, **options)
        self.deadline = deadline

    def connect(self) -> None:
        super().connect()
        self.deadline.watch(self.sock)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


CONNECTIONS = {"http": _Watched, "https": _WatchedTls}


class Pinned(HTTPAdapter):
    """Connects to the address that was checked, asks it for the certificate of the name, and ends at the deadline."""

    def __init__(self, address: str, deadline: Deadline) -> None:
        self.address = address
        self.deadline = deadline
        super().__init__(max_retries=0)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:  # a pair of dictionaries that the library types in private
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        named = {"server_hostname": host["host"], "assert_hostname": host["host"]} if host["scheme"] == "https" else {}
        return {**host, "host": self.address}, {**pool, **named}

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        pool.ConnectionCls = CONNECTIONS[pool.scheme]
        pool.conn_kw["deadline"] = self.deadline
        return pool
