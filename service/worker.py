"""A gunicorn worker whose own refusals have the service's one shape, and whose log repeats nothing of a request."""

from http import HTTPStatus
from socket import SO_RCVTIMEO, SOL_SOCKET, socket
from struct import pack
from typing import Any
from uuid import uuid4

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from service.problems import problem_document

STATUSES = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers what never reaches the application, and waits for no client that falls silent in mid-request."""

    def enqueue_req(self, conn: Any) -> None:
        conn.sock.setsockopt(SOL_SOCKET, SO_RCVTIMEO, pack("ll", self.cfg.timeout, 0))
        super().enqueue_req(conn)

    def handle_error(self, _request: Any, client: socket, _address: Any, error: Exception) -> None:
        status = _status(error)
        self.log.warning("refused a request before reading it: %s, %s", status.value, type(error).__name__)
        util.write_nonblock(client, _answer(status))


def _status(error: Exception) -> HTTPStatus:
    ours = HTTPStatus.BAD_REQUEST if isinstance(error, errors.ParseException) else HTTPStatus.INTERNAL_SERVER_ERROR
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), ours)


def _answer(status: HTTPStatus) -> bytes:
    request_id = str(uuid4())
    body = problem_document(status, request_id)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Request-Id: {request_id}\r\n"
        "Connection: close\r\n"
        "Content-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
