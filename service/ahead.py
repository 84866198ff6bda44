"""Reading a body while its answer is sent, so that a client that speaks before it listens never waits in vain."""

from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from threading import Semaphore, Thread

from service.refusal import Refusal

ROWS_AHEAD = 64
PATIENCE = 1.0

Fetched = SimpleQueue[bytes | Refusal | None]


def read_ahead(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The same rows, fetched by a thread of their own: a few ahead, or all when they are not taken for a second.

    Then the client does not read its answer and will not until it has sent everything, as many do.
    """
    fetched: Fetched = SimpleQueue()
    room = Semaphore(ROWS_AHEAD)
    Thread(target=_fetch, args=(rows, fetched, room), daemon=True).start()
    return _taken(fetched, room)


def _fetch(rows: Iterable[bytes], fetched: Fetched, room: Semaphore) -> None:
    listens = True
    try:
        for row in rows:
            fetched.put(row)
            listens = listens and room.acquire(timeout=PATIENCE)
    except Refusal as refusal:
        fetched.put(refusal)
    else:
        fetched.put(None)


def _taken(fetched: Fetched, room: Semaphore) -> Iterator[bytes]:
    while (row := fetched.get()) is not None:
        if isinstance(row, Refusal):
            raise row
        room.release()
        yield row
