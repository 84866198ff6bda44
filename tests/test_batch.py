"""Many patients in one request: every row has its own result, and no row or client harms another."""

import http.client
import io
import json
import logging
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import rules
import schemas
from service import batch
from service.commands.demo import gunicorn_command
from service.refusal import Refusal
from service.rows import at_most
from service.splitting import split_lines, split_list

BATCH = "/v1/assessments:batch"
LINES = {"Content-Type": "application/x-ndjson"}
PATIENT = b'{"age": 67, "sex": "female", "as_of": "2026-11-22"}'
DEFICIENT = PATIENT[:-1] + b', "labs": [{"test": "b12_total", "value": 142, "unit": "ng/L"}]}'
SECRET = "Zebedee-4711"  # noqa: S105  # what a patient must be able to trust us with

# A row, and the status it has alone.
ROWS = [
    (PATIENT, 200),
    (DEFICIENT, 200),
    (b'{"age": 400, "sex": "female"}', 422),
    (b"{}", 422),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b"{", 400),
    (b'{"age": 67} {"age": 67}', 400),
    (b'{"age": 54, "age": 4}', 400),
    (b'{"age": NaN, "sex": "male"}', 422),
    (b'{"sex": "\xb5"}', 400),
    (b'{"sex": "\\u202e"}', 422),
    (b"\xef\xbb\xbf" + PATIENT, 400),
    (PATIENT.decode().encode("utf-16"), 400),
    (b'{"age":' * 33 + b"1" + b"}" * 33, 422),
    (b'{"note": "' + b"x" * 70_000 + b'"}', 413),
    (PATIENT.ljust(64 * 1024), 200),
    (PATIENT, 200),
]


def post_lines(client: FlaskClient, body: bytes, query: str = "", version: str = "4.0.0") -> list[dict[str, Any]]:
    response = client.post(BATCH + query, data=body, headers=LINES)
    assert response.status_code == 200
    assert response.content_type == "application/x-ndjson"
    assert response.headers["Rule-Set-Version"] == version
    return [json.loads(line) for line in response.data.splitlines()]


def post_list(post: Any, body: bytes, query: str = "") -> list[dict[str, Any]]:
    response = post(body, BATCH + query)
    assert response.status_code == 200
    assert response.content_type == "application/json"
    return list(response.get_json())


def alone(post: Any, row: bytes) -> Any:
    return post(row).get_json(force=True)


def test_every_line_has_the_result_it_would_have_alone(client, post):
    body = b"\n".join(row for row, _ in ROWS)
    results = post_lines(client, body)
    assert [(result["index"], result["status"]) for result in results] == [
        (place, status) for place, (_, status) in enumerate(ROWS)
    ]
    for result, (row, status) in zip(results, ROWS, strict=True):
        assert list(result) == ["index", "status", "assessment" if status == 200 else "problem"]
        if status == 200:
            assert result["assessment"] == alone(post, row)
        else:
            assert {**result["problem"], "instance": ""} == {**alone(post, row), "instance": ""}


def test_every_entry_of_a_list_too(client, post):
    entries = [(row, status) for row, status in ROWS if row != b"{" and not row.startswith(b"\xff")]
    entries.append((b'{"age": 1 "sex": "male"}', 400))
    results = post_list(post, b"[" + b", ".join(row for row, _ in entries) + b"]\n")
    assert [(result["index"], result["status"]) for result in results] == [
        (place, status) for place, (_, status) in enumerate(entries)
    ]
    assert post_list(post, b"[" + DEFICIENT + b"]") == post_lines(client, DEFICIENT)


def test_all_problems_name_the_request(client):
    response = client.post(BATCH, data=b"{}\n{", headers={**LINES, "Request-Id": "night-7"})
    assert [json.loads(line)["problem"]["instance"] for line in response.data.splitlines()] == ["night-7"] * 2


def test_lines_may_end_in_any_way_and_empty_ones_are_only_counted(client):
    body = b"\n" + PATIENT + b"\r\n \n" + PATIENT
    assert [result["index"] for result in post_lines(client, body)] == [1, 3]
    assert [result["index"] for result in post_lines(client, body + b"\n\n")] == [1, 3]


def test_nothing_is_answered_with_nothing(client, post):
    assert client.post(BATCH, data=b"", headers=LINES).data == b""
    assert post_list(post, b"[]") == post_list(post, b" [ \n] ") == []


def test_the_query_is_for_every_row(client):
    results = post_lines(client, PATIENT + b"\n" + DEFICIENT, "?rule_set=1.1.0&profile=mayo&trace=true", "1.1.0")
    assert [result["assessment"]["rule_set"]["profile"] for result in results] == ["mayo", "mayo"]
    assert all(result["assessment"]["trace"] for result in results)
    odd = PATIENT[:-1] + b', "symptoms": ["hiccups of the soul"]}'
    assert [result["status"] for result in post_lines(client, odd)] == [422]
    (reported,) = post_lines(client, odd, "?unknown=report")
    assert reported["assessment"]["inputs"]["unrecognized"][0]["path"] == "symptoms[0]"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b" ", 400),
        (b"[", 400),
        (b"[1", 400),
        (b"[1,", 400),
        (b"[1,]", 400),
        (b"[,1]", 400),
        (b"[1,,2]", 400),
        (b"[1]]", 400),
        (b"[1] [2]", 400),
        (b"[1}", 400),
        (b'["never ends]', 400),
        (b"\xef\xbb\xbf[]", 400),
        (b"nonsense", 400),
        (b"{}", 422),
        (PATIENT, 422),
        (b"null", 422),
        (b"[" + b"1," * 100_000 + b"1]", 413),
        (b"[" + b" " * 16 * 1024 * 1024 + b"]", 413),
    ],
)
def test_what_is_not_one_list_is_refused_whole(post, body, status):
    response = post(body, BATCH)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/ndjson", "application/x-ndjson; charset=latin-1", ""])
def test_only_the_two_kinds_are_taken(client, kind):
    response = client.post(BATCH, data=PATIENT, content_type=kind)
    assert response.status_code == 415
    assert "application/x-ndjson" in response.get_json(force=True)["errors"][0]["accepted"]


def test_compressed_lines_are_refused(client):
    assert client.post(BATCH, data=PATIENT, headers={**LINES, "Content-Encoding": "gzip"}).status_code == 415


def test_a_mistake_in_the_query_is_refused_before_any_row(client):
    assert client.post(f"{BATCH}?rule_set=9.9.9", data=PATIENT, headers=LINES).status_code == 404
    assert client.post(f"{BATCH}?sort=age", data=PATIENT, headers=LINES).status_code == 422


# What the body does


def send(client: FlaskClient, body: io.BytesIO, **environ: Any) -> Any:
    return client.post(BATCH, input_stream=body, headers=LINES, environ_overrides=environ)


def chunked(client: FlaskClient, body: io.BytesIO) -> Any:
    return send(client, body, **{"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True})


class Breaking(io.BytesIO):
    """Lines, and then a lost connection."""

    def read(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line:
            raise RuntimeError(SECRET)
        return line


def test_a_body_that_breaks_off_before_its_first_line_is_refused(client):
    assert chunked(client, Breaking()).status_code == 400
    assert send(client, io.BytesIO(b'{"age": 6'), CONTENT_LENGTH="99").status_code == 400
    assert send(client, io.BytesIO(PATIENT), CONTENT_LENGTH="20000000").status_code == 413


def test_and_after_it_the_last_result_says_so_and_no_cut_off_line_is_answered(client):
    answer = chunked(client, Breaking(PATIENT + b"\n" + PATIENT + b"\n" + PATIENT)).data
    results = [json.loads(line) for line in answer.splitlines()]
    assert [(result["index"], result["status"]) for result in results] == [(0, 200), (1, 200), (2, 400)]
    assert SECRET.encode() not in answer
    short = send(client, io.BytesIO(PATIENT + b"\n" + PATIENT), CONTENT_LENGTH="500")
    results = [json.loads(line) for line in short.data.splitlines()]
    assert [(result["index"], result["status"]) for result in results] == [(0, 200), (1, 400)]


def test_a_stream_that_gets_too_long_is_answered_up_to_there(client, monkeypatch):
    monkeypatch.setattr(batch, "SIZE", 70_000)
    stream = io.BytesIO((PATIENT.ljust(999) + b"\n") * 100)
    results = [json.loads(line) for line in chunked(client, stream).data.splitlines()]
    assert [result["status"] for result in results] == [200] * 65 + [413]


def test_so_is_one_of_too_many_rows(client, monkeypatch):
    monkeypatch.setattr(batch, "MOST_ROWS", 3)
    results = post_lines(client, (PATIENT + b"\n") * 3)
    assert [result["status"] for result in results] == [200] * 3
    results = post_lines(client, (PATIENT + b"\n") * 9)
    assert [(result["index"], result["status"]) for result in results] == [(0, 200), (1, 200), (2, 200), (3, 413)]


def test_a_row_we_fail_on_takes_no_other_with_it_and_tells_nobody_why(client, monkeypatch, caplog):
    assess = rules.assess

    def fail(rule_set: Any, facts: Any, **options: Any) -> Any:
        if facts.age == 5:
            raise ValueError(SECRET)
        return assess(rule_set, facts, **options)

    monkeypatch.setattr(rules, "assess", fail)
    with caplog.at_level(logging.DEBUG):
        results = post_lines(client, PATIENT + b'\n{"age": 5, "sex": "male"}\n' + PATIENT)
    assert [result["status"] for result in results] == [200, 500, 200]
    assert results[1]["problem"]["instance"] in caplog.text
    assert SECRET not in caplog.text + json.dumps(results)


def test_results_have_the_shape_that_is_promised(client):
    row = schemas.RowSchema()
    for result in post_lines(client, b"\n".join(row for row, _ in ROWS)):
        assert row.validate(result) == {}


# Rows are cut without being read

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(documents, max_size=6), st.booleans(), st.sampled_from([None, 1]))
def test_the_entries_of_a_list_are_cut_where_they_end(entries, ascii_only, indent):
    raw = json.dumps(entries, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
    assert [json.loads(entry) for entry in split_list(raw, 6)] == entries


@given(st.binary(max_size=40) | st.text(alphabet='[]{}",:\\1 ', max_size=20).map(str.encode))
def test_entries_that_are_json_come_only_from_a_list_that_is(raw):
    with suppress(Refusal, ValueError):
        entries = [json.loads(entry) for entry in split_list(raw, 40)]
        assert json.loads(raw) == entries


@given(st.binary(max_size=60), st.integers(1, 10))
def test_lines_are_the_same_in_whatever_pieces_they_arrive(text, size):
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    lines = text.removesuffix(b"\n").split(b"\n") if text else []
    assert list(split_lines(pieces, 60)) == lines
    assert list(split_lines(pieces, 3)) == [line[:4] for line in lines]


def test_a_client_that_sends_too_many_is_heard_to_the_end():
    rows = iter([b""] * 9)
    with pytest.raises(Refusal):
        list(at_most(rows, 3))
    assert list(rows) == []


# A real server


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, int]]:
    """The port of the service in a gunicorn of its own, and the process of its one worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        descriptor = listener.fileno()
        command = gunicorn_command("--bind", f"fd://{descriptor}", "--workers", "1", "--log-level", "critical")
        with subprocess.Popen(command, pass_fds=[descriptor], cwd=Path(__file__).parent.parent) as process:
            port = listener.getsockname()[1]
            yield port, process.pid
            process.send_signal(signal.SIGTERM)


def memory_of_worker(master: int) -> int:
    """The kilobytes a worker keeps of its own."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    status = Path(f"/proc/{children[0]}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0])


HEAD = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"


def begin(port: int, query: str = "", buffer: int = 0) -> socket.socket:
    """A connection on which a batch in chunks has begun."""
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(120)
    connection.connect(("127.0.0.1", port))
    connection.sendall(HEAD.format(BATCH + query).encode())
    return connection


def chunk(line: bytes) -> bytes:
    return b"%x\r\n%b\n\r\n" % (len(line) + 1, line)


@contextmanager
def answer_on(connection: socket.socket) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPResponse(connection)) as answer:
        answer.begin()
        yield answer


END = b"0\r\n\r\n"


def test_a_client_that_sends_everything_before_it_listens_is_answered_in_full(server):
    rows = 200
    with begin(server[0], "?trace=true", buffer=4096) as connection:
        connection.sendall(chunk(PATIENT.ljust(60_000)) * rows + END)
        with answer_on(connection) as answer:
            assert sum(json.loads(line)["status"] == 200 for line in answer) == rows


def test_memory_does_not_grow_with_the_number_of_rows(server):
    port, master = server

    def answered(rows: int) -> tuple[int, int]:
        """The bytes of the answer to so many rows, and the worker's memory when the last one is there."""
        with begin(port, "?trace=true") as connection:
            sender = threading.Thread(target=connection.sendall, args=(chunk(DEFICIENT) * rows + END,))
            sender.start()
            with answer_on(connection) as answer:
                size = sum(len(line) for line in answer)
            sender.join()
        return size, memory_of_worker(master)

    _, before = answered(50)
    size, after = answered(200)
    assert size > 10_000_000
    assert (after - before) * 1024 < size / 5
