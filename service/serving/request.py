"""One request as the server's own parser reads it, held to what HTTP/1.1 asks where that parser is lax."""

import re

from gunicorn.http import errors, message, parser

# RFC 9112 section 3.2 and RFC 3986 section 3.2.2: a name or an address, and perhaps a port.
HOST = re.compile(r"(?:[\w.~%!$&'()*+,;=-]*|\[[\w.:%~-]+\])(?::\d*)?", re.ASCII)


class Request(message.Request):  # type: ignore[misc]  # gunicorn has no types
    """A request that came whole, so that its client waits for no leave to send the rest."""

    def set_body_reader(self) -> None:
        """Find the body; refused when the headers before it leave open whom it is for, or how it is packed."""
        super().set_body_reader()
        self._expected_100_continue = False
        hosts = [value for name, value in self.headers if name == "HOST"]
        if (not hosts and self.version >= (1, 1)) or not all(map(HOST.fullmatch, hosts)):
            raise errors.InvalidHeader("HOST", req=self)
        codings = [value for name, value in self.headers if name == "TRANSFER-ENCODING"]
        if any(coding.lower() != "chunked" for coding in codings):
            raise errors.UnsupportedTransferCoding("TRANSFER-ENCODING")


class RequestParser(parser.RequestParser):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's parser, reading such requests."""

    mesg_class = Request
