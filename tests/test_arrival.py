"""When a request counts as whole: exactly with its last byte, however it is cut into pieces."""

import pytest
from gunicorn.config import Config
from gunicorn.http import errors
from hypothesis import given
from hypothesis import strategies as st

from service.serving.arrival import LONGEST_LINE, MOST_BODY, MOST_HEAD, Arrival, Received
from service.serving.request import Request, RequestParser

START = b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"


def sized(body: bytes, name: bytes = b"Content-Length") -> bytes:
    return START + b"%s: %d\r\n\r\n%s" % (name, len(body), body)


WHOLE = {
    "no body": START + b"\r\n",
    "a length": sized(b"{}"),
    "a length of none": sized(b""),
    "a length in small letters": sized(b"{}", b"content-length"),
    "a body with an empty line": sized(b"{\r\n\r\n}"),
    "one chunk": CHUNKED + b"2\r\n{}\r\n0\r\n\r\n",
    "no chunk": CHUNKED + b"0\r\n\r\n",
    "chunks of one byte": CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    "a chunk with an extension": CHUNKED + b"A;b=c\r\n0123456789\r\n00\r\n\r\n",
    "a chunk that looks like the end": CHUNKED + b"5\r\n0\r\n\r\n\r\n0\r\n\r\n",
    "trailers": CHUNKED + b"1\r\n1\r\n0\r\nA: b\r\nC: d\r\n\r\n",
    "chunks and a length": START + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("sent", WHOLE.values(), ids=WHOLE.keys())
@given(data=st.data())
def test_a_request_is_whole_with_its_last_byte(sent, data):
    cuts = data.draw(st.lists(st.integers(1, len(sent)), max_size=6))
    arrival = Arrival()
    for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(sent)], strict=True):
        arrival.received += sent[begin:end]
        assert arrival.is_whole() is (end == len(sent))
    assert arrival.content() == sent


@pytest.mark.parametrize("sent", WHOLE.values(), ids=WHOLE.keys())
@given(rest=st.binary(max_size=20))
def test_what_follows_a_request_is_kept_for_the_next(sent, rest):
    arrival = Arrival(sent + rest)
    assert arrival.is_whole()
    assert arrival.content() == sent
    assert arrival.following().received == rest


def read(received: Received) -> Request:
    return next(RequestParser(Config(), received, ("127.0.0.1", 1)))


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"chunks and a length"}))
def test_the_parser_ends_a_request_where_it_counts_as_whole(name):
    received = Received(WHOLE[name])
    read(received).body.read()
    assert received.is_spent


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        (WHOLE["chunks and a length"], errors.InvalidHeader),
        (WHOLE["no chunk"].replace(b"chunked", b"gzip, chunked"), errors.UnsupportedTransferCoding),
        (WHOLE["no body"].replace(b"Host: localhost\r\n", b""), errors.InvalidHeader),
        (WHOLE["no body"].replace(b"localhost", b"local host"), errors.InvalidHeader),
    ],
)
def test_the_parser_refuses_what_may_be_read_in_two_ways(sent, refused):
    with pytest.raises(refused):
        read(Received(sent))


@pytest.mark.parametrize(
    "sent",
    [
        sized(b"")[:-4].replace(b"Content-Length: 0", b"Content-Length: %d" % (MOST_BODY + 1)) + b"\r\n\r\n",
        START + b"Content-Length: 1%s\r\n\r\n" % (b"0" * 17),
        CHUNKED + b"x\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"1" * LONGEST_LINE,
        CHUNKED + b"0\r\n" + b"A: b\r\n" * MOST_HEAD,
        CHUNKED + b"%x\r\n" % (MOST_BODY + 1),
    ],
    ids=["length", "great length", "no size", "below zero", "endless line", "endless trailers", "chunk"],
)
def test_a_request_that_nobody_reads_to_its_end_is_handed_on(sent):
    assert Arrival(sent).is_whole()


@pytest.mark.parametrize(
    "sent", [b"", b"\r\n", START, sized(b"{}")[:-1], CHUNKED + b"2", CHUNKED + b"2\r\n{}", CHUNKED]
)
def test_a_request_that_breaks_off_is_not_whole(sent):
    assert not Arrival(sent).is_whole()


def test_headers_may_not_go_on_for_ever():
    assert not Arrival(START + b"A: b\r\n" * 100).has_endless_head
    assert Arrival(START + b"A: b\r\n" * MOST_HEAD).has_endless_head
    whole = Arrival(sized(b" " * (MOST_HEAD + 1)))
    assert whole.is_whole()
    assert not whole.has_endless_head


def test_only_headers_that_ask_for_it_and_came_alone_wait_for_permission():
    asking = START + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    old = asking.replace(b"HTTP/1.1", b"HTTP/1.0")
    for sent, waits in ((asking, True), (asking + b"{", False), (old, False), (sized(b"{}")[:-2], False)):
        arrival = Arrival(sent)
        assert not arrival.is_whole()
        assert arrival.awaits_permission() is waits


def test_the_parser_is_in_step_when_it_reads_all_and_asks_for_no_more():
    received = Received(b"abc")
    assert received.recv(2) == b"ab"
    assert not received.is_spent
    assert received.recv(2) == b"c"
    assert received.is_spent
    assert received.recv(2) == b""
    assert not received.is_spent
