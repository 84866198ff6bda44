"""Clients good and bad, on plain sockets so that each byte and each connection is theirs to place."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from tests.resilience.patients import Case, cases
from tests.resilience.tally import Tally

LOOPBACK = "127.0.0.1"
SLOW = 500
IDLE = 1500
BYTE_EVERY = 1.0
UNAVAILABLE = 503

HEAD = b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SLOW_KINDS = {
    "headers": (b"POST /v1/assessments HTTP/1.1\r\n", b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n"),
    "bodies": (HEAD + b"Content-Length: 60000\r\n\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}

numbers = count()


async def ask(port: int, tally: Tally, case: Case | None = None, patience: float = 10.0, retries: int = 0) -> None:
    """Post one patient on a connection of its own, and hold the answer against the one that patient gets."""
    number = next(numbers)
    case = case or cases()[number % len(cases())]
    started = time.monotonic()
    outcome = "lost"
    for _ in range(1 + retries):
        try:
            async with asyncio.timeout(patience):
                outcome = await _exchange(port, case, f"n{number}")
        except ConnectionRefusedError:
            outcome = "refused"
        except (OSError, EOFError, TimeoutError, ValueError, IndexError) as error:
            outcome = f"lost: {type(error).__name__}"
        if not outcome.startswith("lost"):
            break
    tally.add(outcome, time.monotonic() - started)


async def _exchange(port: int, case: Case, name: str) -> str:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(post(case.body, name))
        status, headers, body = await read_answer(reader)
    finally:
        writer.close()
    if status == UNAVAILABLE:
        return "turned away"
    if status != case.status:
        return f"wrong: {status}"
    same_request = headers.get("request-id") == name
    return "right" if same_request and case.is_answered_by(body, name) else "wrong: another answer"


def post(body: bytes, name: str, connection: str = "close") -> bytes:
    return (
        HEAD + f"Request-Id: {name}\r\nConnection: {connection}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """One answer: its status, its headers in lower case, its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
    return int(head[0].split()[1]), headers, body


@asynccontextmanager
async def attacked(port: int, kind: str, slow: int = SLOW, idle: int = IDLE) -> AsyncIterator[None]:
    """While this lasts, so many clients send a byte a second and so many others send nothing at all."""
    begin, piece = SLOW_KINDS[kind]
    attackers = [asyncio.create_task(_trickle(port, begin, piece)) for _ in range(slow)]
    attackers += [asyncio.create_task(_trickle(port, b"", b"")) for _ in range(idle)]
    try:
        yield
    finally:
        for attacker in attackers:
            attacker.cancel()
        await asyncio.gather(*attackers, return_exceptions=True)


async def _trickle(port: int, begin: bytes, piece: bytes) -> None:
    """Connect, send that slowly, and connect anew whenever the server has had enough."""
    while True:
        try:
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(BYTE_EVERY)
            continue
        try:
            writer.write(begin)
            await _send_slowly(reader, writer, piece)
        except OSError:
            pass
        finally:
            writer.close()
        await asyncio.sleep(BYTE_EVERY)


async def _send_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, piece: bytes) -> None:
    ended = asyncio.create_task(reader.read())
    try:
        for position in count():
            done, _ = await asyncio.wait([ended], timeout=BYTE_EVERY)
            if done:
                return
            writer.write(piece[position % len(piece) :][:1] if piece else b"")
    finally:
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)


async def probe(port: int, seconds: float, every: float = 0.1, patience: float = 60.0) -> Tally:
    """A healthy client: one patient every so often, each on a connection of its own."""
    tally, probes = Tally(), []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        probes.append(asyncio.create_task(ask(port, tally, patience=patience)))
        await asyncio.sleep(every)
    await asyncio.gather(*probes)
    return tally


async def flood(port: int, requests: int, patience: float = 120.0) -> Tally:
    """So many clients at once, one request each."""
    tally = Tally()
    await asyncio.gather(*(ask(port, tally, patience=patience) for _ in range(requests)))
    return tally


async def press(
    port: int, tally: Tally, goes_on: Callable[[], bool], clients: int, patience: float = 10.0, retries: int = 0
) -> None:
    """So many clients, each posting one patient after another for as long as it goes on."""

    async def client() -> None:
        while goes_on():
            await ask(port, tally, patience=patience, retries=retries)

    await asyncio.gather(*(client() for _ in range(clients)))


def within(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds from now are not over yet."""
    deadline = time.monotonic() + seconds
    return lambda: time.monotonic() < deadline
