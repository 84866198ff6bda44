"""How many clients the system holds in the queue of a listening socket."""

import socket
import sys
from struct import Struct
from typing import Any

QUEUE_LENGTH = Struct("=24xI")  # of TCP_INFO for a listening socket


def queue_length(listener: Any) -> int:
    """The number of clients that nobody has taken on yet; 0 where the system does not tell."""
    if sys.platform != "linux" or listener.FAMILY == socket.AF_UNIX:
        return 0
    state = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, QUEUE_LENGTH.size)
    return int(QUEUE_LENGTH.unpack(state)[0])
