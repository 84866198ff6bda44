"""A FHIR server on the loopback for tests, as slow, large or hostile as one wants it, that keeps what it was asked."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

BASE = "/fhir"


def _open_door() -> Event:
    door = Event()
    door.set()
    return door


@dataclass
class Answer:
    """What is sent back: a document, or raw bytes with status and headers, after a while, or once `held` is set."""

    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    delay: float = 0
    held: Event = field(default_factory=_open_door)
    drip: float = 0
    drip_headers: float = 0

    @property
    def body(self) -> bytes:
        return json.dumps(self.document).encode() if self.raw is None else self.raw


@dataclass
class FhirServer:
    """A running server: answers by the start of the path below its base, and every request it got."""

    port: int
    scheme: str = "http"
    host: str = "127.0.0.1"
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}{BASE}"

    def paths(self) -> list[str]:
        return [path.removeprefix(f"{BASE}/") for path, _ in self.asked]


@contextmanager
def fhir_server(context: SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[FhirServer]:
    """A server that answers 404 to what no test told it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    running = FhirServer(server.server_address[1], "https" if context else "http", host)
    server.RequestHandlerClass = _handler(running)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(running: FhirServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            running.asked.append((self.path, dict(self.headers)))
            answer = _answer(running, self.path)
            time.sleep(answer.delay)
            answer.held.wait(20)
            if answer.drip_headers:
                slow = Answer(raw=b"HTTP/1.0 200 OK\r\nX-Long: " + b"x" * 200, drip=answer.drip_headers)
                _write(self.wfile.write, slow)
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/fhir+json")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            _write(self.wfile.write, answer)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    return Handler


def _answer(running: FhirServer, path: str) -> Answer:
    below = path.removeprefix(f"{BASE}/")
    return next((answer for start, answer in running.answers.items() if below.startswith(start)), Answer({}, 404))


def _write(write: Callable[[bytes], object], answer: Answer) -> None:
    size = 1 if answer.drip else len(answer.body) or 1
    with suppress(OSError):  # the client has gone
        for start in range(0, len(answer.body), size):
            write(answer.body[start : start + size])
            time.sleep(answer.drip)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name, signed by itself, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    private.write_bytes(key.private_bytes(*plain))
    return pem, private
