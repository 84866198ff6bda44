"""The server's own part, by a real gunicorn with a tiny application: TLS, the end under load, rule sets taken over."""

import datetime
import logging
import os
import runpy
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from gunicorn.config import Config
from gunicorn.sock import ssl_context

from rules.library import SETS
from service.commands.demo import gunicorn_command
from service.headers import careful_headers

ROOT = Path(__file__).parent.parent
PATIENCE = 90
Told = tuple[int, str | None]
ANSWERED, LATER = (200, None), (503, "5")
HOLD_NUMBERS = """
import os, runpy, sys
runpy.run_path(sys.argv[1])
print(os.environ["PROMETHEUS_MULTIPROC_DIR"], flush=True)
sys.stdin.read()
"""
WAIT_FOR_WINCH = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])
print(flush=True)
signal.sigwait([signal.SIGWINCH])
"""


@contextmanager
def serving(*options: str, stderr: int | None = None) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """gunicorn with our worker and the tiny application, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{descriptor}", "--worker-class"]
        command += [
            "service.serving.worker.Worker",
            "--no-control-socket",
            "--log-level",
            "critical",
            "--threads",
            "4",
            *options,
        ]
        server = subprocess.Popen([*command, "tests.tiny_app:app"], pass_fds=[descriptor], cwd=ROOT, stderr=stderr)
        port = listener.getsockname()[1]
    try:
        yield port, server
    finally:
        server.kill()
        server.wait()


def get(port: int, path: str = "/") -> bytes:
    with asked(port, path) as response:
        return response.read()


def told(response: HTTPResponse) -> Told:
    response.read()
    return response.status, response.headers["Retry-After"]


def ask(port: int, path: str) -> Told:
    with asked(port, path) as response:
        return told(response)


@contextmanager
def asked(port: int, path: str) -> Iterator[HTTPResponse]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        yield connection.getresponse()


def master_of(*workers: int) -> Any:
    """What the hooks of our configuration see of gunicorn's main process."""
    log = logging.getLogger("gunicorn.test")
    return SimpleNamespace(app=SimpleNamespace(callable="as before"), log=log, WORKERS=dict.fromkeys(workers))


def test_requests_under_way_are_answered_before_the_end():
    with serving() as (port, server), ThreadPoolExecutor(6) as clients:
        get(port)
        answers = [clients.submit(get, port, "/1") for _ in range(6)]
        time.sleep(0.5)
        server.send_signal(signal.SIGTERM)
        assert [answer.result() for answer in answers] == [b"ok"] * 6
        assert server.wait(PATIENCE) == 0


def test_a_client_that_holds_its_connection_does_not_delay_the_end_for_ever():
    with serving() as (port, server), ExitStack() as held:
        get(port)
        for sent in (b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(sent)
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0


def workers_of(server: subprocess.Popen[bytes]) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


@contextmanager
def one_answering_and_one_waiting() -> Iterator[tuple[subprocess.Popen[bytes], list[Future[Told]]]]:
    """A server with one thread, a request that takes it for longer than an ending worker begins, and another behind."""
    with serving("--threads", "1") as (port, server), ThreadPoolExecutor(2) as clients:
        get(port)
        answers = [clients.submit(ask, port, "/4")]
        time.sleep(0.3)
        answers.append(clients.submit(ask, port, "/"))
        time.sleep(0.3)
        yield server, answers


def test_what_cannot_be_begun_in_time_is_refused_when_the_server_ends():
    with one_answering_and_one_waiting() as (server, answers):
        server.send_signal(signal.SIGTERM)
        assert [answer.result() for answer in answers] == [ANSWERED, LATER]
        assert server.wait(PATIENCE) == 0


def test_whole_requests_that_nobody_has_begun_are_refused_beyond_what_may_be_held():
    """The clients are there before the one thread is taken, or they would wait in the system's queue."""
    with serving("--threads", "1") as (port, _), ThreadPoolExecutor(1) as other, ExitStack() as held:
        get(port)
        clients = [held.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE))) for _ in range(12)]
        for client in clients:
            client.connect()
        time.sleep(0.5)
        other.submit(get, port, "/3")
        time.sleep(0.3)
        for client in clients:
            client.request("POST", "/", bytes(8 * 1024 * 1024))
        answers = [told(client.getresponse()) for client in clients]
        assert answers[:7] == [ANSWERED] * 7
        assert set(answers[7:]) in ({LATER}, {ANSWERED, LATER})


def test_a_worker_that_is_replaced_answers_all_it_has_taken_on():
    with one_answering_and_one_waiting() as (server, answers):
        for number in (signal.SIGWINCH, signal.SIGTERM):
            os.kill(workers_of(server)[0], number)
        assert [answer.result() for answer in answers] == [ANSWERED, ANSWERED]


def test_the_end_is_not_missed_by_a_worker_that_is_just_being_born(tmp_path):
    config = tmp_path / "slow_birth.conf.py"
    config.write_text("import time\n\ndef post_fork(server, worker):\n    time.sleep(2)\n")
    with serving("--config", str(config), "--log-level", "error", stderr=subprocess.PIPE) as (_port, server):
        while not workers_of(server):
            time.sleep(0.05)
        server.send_signal(signal.SIGTERM)
        _, complaints = server.communicate(timeout=PATIENCE)
        assert b"SIGKILL" not in complaints


def test_a_worker_that_has_answered_enough_is_replaced_unnoticed():
    with serving("--max-requests", "3") as (port, _server):
        assert [get(port) for _ in range(20)] == [b"ok"] * 20


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "cert.pem", folder / "key.pem"


def test_it_serves_by_tls_whatever_slow_or_plain_clients_do(certificate):
    cert, key = certificate
    with serving("--certfile", str(cert), "--keyfile", str(key)) as (port, _server), ExitStack() as silent:
        for sent in (b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n") * 10:
            connection = silent.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(sent)
        context = ssl.create_default_context(cafile=str(cert))
        client = silent.enter_context(closing(HTTPSConnection("localhost", port, timeout=PATIENCE, context=context)))
        for size in (0, 10, 300_000):
            client.request("POST", "/", body=b"x" * size)
            assert client.getresponse().read() == b"ok" + b"x" * size


def test_by_tls_even_a_request_nobody_can_read_is_told_to_stay_there(certificate):
    cert, key = certificate
    with serving("--certfile", str(cert), "--keyfile", str(key)) as (port, _server):
        context = ssl.create_default_context(cafile=str(cert))
        with closing(HTTPSConnection("localhost", port, timeout=PATIENCE, context=context)) as client:
            client.request("brew", "/")
            refused = client.getresponse()
    assert refused.status == 400
    assert dict(refused.headers).items() >= careful_headers(https=True).items()


def test_nothing_older_than_tls_1_2_is_spoken(certificate):
    cert, key = certificate
    config = Config()
    config.set("certfile", str(cert))
    config.set("keyfile", str(key))
    context = ssl_context(config)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    ciphers = context.get_ciphers()
    assert ciphers[0]["protocol"] == "TLSv1.3"
    assert all(cipher["kea"] in ("kx-any", "kx-ecdhe", "kx-dhe") for cipher in ciphers)


def test_certificate_and_key_come_from_the_settings(monkeypatch, certificate):
    for name, path in zip(("CERT", "KEY"), certificate, strict=True):
        monkeypatch.setenv(f"B12CDS_TLS_{name}", str(path))
    configured = runpy.run_path(gunicorn_command()[4])
    assert (configured["certfile"], configured["keyfile"]) == tuple(map(str, certificate))


def test_no_rule_set_is_served_that_is_not_as_published(monkeypatch, tmp_path, caplog):
    sets = tmp_path / "sets"
    shutil.copytree(SETS, sets)
    manifest = sets / "1.1.0" / "manifest.yaml"
    manifest.write_text(manifest.read_text() + "# changed\n")
    monkeypatch.setenv("B12CDS_RULE_SETS", str(sets))
    with pytest.raises(SystemExit, match=r"1\.1\.0/manifest\.yaml"):
        runpy.run_module("service.wsgi")
    master = master_of()
    runpy.run_path(gunicorn_command()[4])["on_reload"](master)
    assert master.app.callable == "as before"
    assert "1.1.0/manifest.yaml" in caplog.text


def test_a_reload_takes_new_rule_sets_over_and_tells_the_workers_of_before(monkeypatch, tmp_path):
    monkeypatch.setenv("B12CDS_RULE_SETS", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", WAIT_FOR_WINCH], stdout=subprocess.PIPE) as worker:
        worker.stdout.readline()
        master = master_of(worker.pid)
        runpy.run_path(gunicorn_command()[4])["on_reload"](master)
        assert worker.wait(PATIENCE) == 0
    assert master.app.callable.test_client().get("/healthz").status_code == 200


@contextmanager
def holding_numbers() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process with the server's configuration, and the folder for what its workers count."""
    command = [sys.executable, "-c", HOLD_NUMBERS, gunicorn_command()[4]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_what_a_killed_server_has_counted_is_cleared_away_by_the_next():
    with holding_numbers() as (_, of_a_living_one), holding_numbers() as (killed, left):
        assert left.is_dir()
        killed.kill()
        killed.wait()
        with holding_numbers() as (_, of_the_next):
            assert not left.exists()
            assert of_a_living_one.is_dir()
            assert of_the_next.is_dir()


@pytest.mark.parametrize(
    ("setting", "content"), [("API_KEYS", "no key"), ("TRUST_FILE", "clients: {}"), ("API_KEYS", None)]
)
def test_a_reload_with_keys_that_cannot_be_used_goes_on_as_before(monkeypatch, tmp_path, caplog, setting, content):
    if content is not None:
        (tmp_path / "file").write_text(content)
    monkeypatch.setenv("B12CDS_PUBLIC_URL", "https://b12.example.org")
    monkeypatch.setenv(f"B12CDS_{setting}", str(tmp_path / "file"))
    master = master_of()
    runpy.run_path(gunicorn_command()[4])["on_reload"](master)
    assert master.app.callable == "as before"
    assert str(tmp_path / "file") in caplog.text


def test_the_health_check_of_the_image_tells_well_from_ill(certificate):
    check = [sys.executable, str(ROOT / "deploy" / "healthcheck.py")]
    cert, key = certificate
    for options, tls in (((), {}), (("--certfile", str(cert), "--keyfile", str(key)), {"B12CDS_TLS_CERT": str(cert)})):
        with serving(*options) as (port, server):
            environment = {**os.environ, "B12CDS_BIND": f"0.0.0.0:{port}", **tls}
            socket.create_connection(("127.0.0.1", port)).close()
            deadline = time.monotonic() + PATIENCE
            while subprocess.run(check, env=environment, check=False).returncode and time.monotonic() < deadline:
                time.sleep(0.2)
            assert subprocess.run(check, env=environment, check=False).returncode == 0
            server.terminate()
            server.wait(PATIENCE)
            assert subprocess.run(check, env=environment, check=False).returncode == 1
