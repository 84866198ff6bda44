"""Who waits for the rest of a request or for its turn: in which order, until when, and how much they hold together."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from gunicorn.config import Config

from service.serving import waiting
from service.serving.connection import FAREWELL, Connection
from service.serving.waiting import Ready, Waiting

REQUEST = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"
Connect = Callable[[], tuple[Connection, socket.socket]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A connection of the server as it waits for a request, and its client's end."""
    with ExitStack() as open_sockets:

        def connected() -> tuple[Connection, socket.socket]:
            ours, theirs = map(open_sockets.enter_context, socket.socketpair())
            connection = Connection(Config(), ours, ("127.0.0.1", 5), ("127.0.0.1", 80), None)
            connection.wait()
            return connection, theirs

        yield connected


def test_those_who_wait_are_let_go_in_the_order_they_came(connect):
    queue, (first, _), (second, _) = Waiting(), connect(), connect()
    assert queue.longest is None
    queue.add(first)
    queue.add(second)
    assert (queue.longest, list(queue)) == (first, [first, second])
    queue.remove(first)
    assert (queue.longest, list(queue)) == (second, [second])


def test_each_waits_until_its_own_time_and_none_beyond_the_last_one(connect):
    queue, (idle, _), (sending, _) = Waiting(), connect(), connect()
    for each in (idle, sending):
        queue.add(each)
    queue.take(sending, REQUEST[:9])
    assert idle.until < sending.until
    assert queue.overdue(idle.until) == []
    assert queue.overdue(sending.until) == [idle]
    queue.latest = idle.until - 1
    assert queue.overdue(idle.until - 0.5) == [idle, sending]


def test_what_all_have_sent_counts_while_they_wait_and_no_longer(connect, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_HELD", 10)
    queue, (one, _), (other, _) = Waiting(), connect(), connect()
    for each in (one, other):
        queue.add(each)
        queue.take(each, b"12345")
    assert not queue.hold_too_much
    queue.take(one, b"6")
    assert queue.hold_too_much
    queue.remove(other)
    assert not queue.hold_too_much
    queue.add(other)
    assert queue.hold_too_much


def test_whole_requests_count_until_their_turn_comes(connect, monkeypatch):
    monkeypatch.setattr(waiting, "MOST_HELD", 2 * len(REQUEST))
    ready, connections = Ready(), [connect()[0] for _ in range(3)]
    assert not ready
    for connection in connections:
        connection.take(REQUEST)
        ready.append(connection)
    assert ready.hold_too_much
    assert ready.last() is connections[2]
    assert not ready.hold_too_much
    assert [ready.first(), ready.first()] == connections[:2]
    assert not ready


def test_a_client_that_says_nothing_yet_is_told_from_one_that_has_left(connect):
    connection, client = connect()
    assert connection.receive() is None
    client.sendall(REQUEST)
    assert connection.receive() == REQUEST
    client.close()
    assert connection.receive() == b""


def test_the_parser_takes_exactly_the_request_that_came_and_the_next_one_follows(connect):
    connection, _ = connect()
    connection.take(REQUEST + REQUEST[:20])
    assert connection.arrival.is_whole()
    connection.init()
    request = next(connection.parser)
    assert (request.method, request.body.read()) == ("POST", b"{}")
    assert connection.is_in_step
    connection.wait()
    assert bytes(connection.arrival.received) == REQUEST[:20]


def test_who_is_parted_from_may_read_the_last_answer_for_a_while(connect):
    connection, client = connect()
    connection.sock.sendall(b"the last answer")
    before = time.monotonic()
    connection.part()
    assert connection.is_leaving
    assert connection.until >= before + FAREWELL
    assert (client.recv(100), client.recv(100)) == (b"the last answer", b"")
