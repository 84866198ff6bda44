"""One request as its bytes come in: whether it is all there, so that nobody works for a client still sending."""

import re

HEAD_END = b"\r\n\r\n"
MOST_HEAD = 64 * 1024
MOST_START = 4094
MOST_HEADERS = 64
LONGEST_HEADER = 8190
MOST_BODY = 16 * 1024 * 1024
LONGEST_LINE = 4096  # of a chunk: its size and what may follow that
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
CHUNK_SIZE = re.compile(rb"[0-9a-f]{1,16}", re.IGNORECASE)
ASKS_FIRST = re.compile(rb"[^\r\n]* HTTP/1\.1\r\n(?:.*\r\n)*?expect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Arrival:
    """The bytes of one request so far.

    Where it ends is found only to know when to begin: the server's own parser reads the same bytes and decides
    what they mean. A request nobody will read to its end, since it is too long or its framing broken, counts
    as whole too: the parser or the application then says what is wrong with it.
    """

    def __init__(self, received: bytes = b"") -> None:
        self.received = bytearray(received)
        self.end: int | None = None
        self._head = 0
        self._chunked = False
        self._next = 0

    @property
    def has_begun(self) -> bool:
        """Whether any byte of it came."""
        return bool(self.received)

    def content(self) -> bytes:
        """The request, as far as it came."""
        return bytes(self.received[: self.end])

    def following(self) -> "Arrival":
        """The next request on the same connection, with what came of it already."""
        return Arrival(bytes(self.received[self.end :]) if self.end else b"")

    @property
    def has_endless_head(self) -> bool:
        """Whether more came than headers may be long, and they have not ended."""
        return not self._head and len(self.received) > MOST_HEAD

    def is_whole(self) -> bool:
        """Whether all of it came; from then on `end` tells where it stops."""
        if not self._head and not self._find_head():
            return False
        if self._chunked:
            self._follow_chunks()
        return self.end is not None and len(self.received) >= self.end

    def awaits_permission(self) -> bool:
        """Whether the client has sent its headers alone, and wants to be told to go on."""
        alone = self._head == len(self.received)
        return alone and self.end != self._head and bool(ASKS_FIRST.match(self.received, 0, self._head))

    def _find_head(self) -> bool:
        found = self.received.find(HEAD_END, max(0, self._next - len(HEAD_END)))
        self._next = len(self.received)
        if found < 0:
            return False
        self._head = self._next = found + len(HEAD_END)
        self._chunked = bool(CHUNKED.search(self.received, 0, self._head))
        length = LENGTH.search(self.received, 0, self._head)
        if not self._chunked:
            body = int(length[1]) if length else 0
            self.end = self._head + (body if body <= MOST_BODY else 0)
        return True

    def _follow_chunks(self) -> None:
        """Go from chunk to chunk, as far as they came; a broken one ends the request where it stands."""
        while self.end is None and (line := self._line()) is not None:
            size = _size(line)
            after = self._next + len(line) + 2
            if not size:
                self.end = self._last(after) if size == 0 else len(self.received)
                return
            self._next = after + size + 2
            if self._next - self._head > MOST_BODY:
                self.end = min(self._next, len(self.received))

    def _line(self) -> bytes | None:
        end = self.received.find(b"\r\n", self._next, self._next + LONGEST_LINE)
        if end < 0:
            too_long = len(self.received) - self._next >= LONGEST_LINE
            return b"too long" if too_long else None
        return bytes(self.received[self._next : end])

    def _last(self, after: int) -> int | None:
        """Where the request ends whose last chunk is here: behind its trailers."""
        end = self.received.find(HEAD_END, after - 2)
        if end < 0:
            return len(self.received) if len(self.received) - after > MOST_HEAD else None
        return end + len(HEAD_END)


def _size(line: bytes) -> int | None:
    size = CHUNK_SIZE.fullmatch(line.partition(b";")[0].strip())
    return int(size[0], 16) if size else None


class Received:
    """What came of one request, read by the parser as if it were the socket; it never waits for more."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._ran_out = False

    def recv(self, size: int) -> bytes:
        """The next bytes, none once all are read."""
        piece, self._data = self._data[:size], self._data[size:]
        self._ran_out = self._ran_out or not piece
        return bytes(piece)

    @property
    def is_spent(self) -> bool:
        """Whether the parser took every byte and asked for none that did not come."""
        return not self._data and not self._ran_out
