"""The only way out: a GET to a server that the operator listed, at an address checked before anything is sent."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import requests

from service.outbound.pinned import Deadline, Pinned
from service.outbound.resolving import Address, Resolver

Network = IPv4Network | IPv6Network

PLAIN_URL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%|]{1,4000}")
PORTS = {"https": 443, "http": 80}
PIECE = 64 * 1024

_resolver = Resolver()

# Addresses that stand for an IPv4 address, which could be a private one.
TRANSLATED = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))

# The client library writes the address of what it asks for, which names a patient, when it is set to be talkative.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class Unreachable(Exception):
    """A server that may not be asked, or that did not answer as it should. Says nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A server the operator listed: everything below `url`.

    Its name must lead to public addresses, or to one of `networks`. `authority` is a file of certificates to trust
    instead of the public ones.
    """

    url: str
    networks: tuple[Network, ...] = ()
    authority: Path | None = None

    def covers(self, base: str) -> bool:
        """Whether a base address is this server's or lies below it, and can have a path put behind it."""
        path = f"{urlsplit(self.url).path.rstrip('/')}/"
        plain = not set(base) & {"?", "#"}
        return plain and self.is_host_of(base) and f"{urlsplit(base).path}/".startswith(path)

    def is_host_of(self, url: str) -> bool:
        """Whether an address is on this server: the same scheme, host and port."""
        try:
            return _origin(urlsplit(self.url)) == _origin(urlsplit(url))
        except ValueError:
            return False


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)


@dataclass(frozen=True, slots=True)
class Outbound:
    """Asks listed servers. `loopback` lets tests ask a literal loopback address, and that one without TLS."""

    loopback: bool = False

    def get(self, url: str, to: Destination, headers: Mapping[str, str], *, until: float, most: int) -> bytes:
        """The body of a 200 answer of at most `most` bytes before the clock (monotonic) says `until`; Unreachable."""
        parts = self._checked(url, to)
        address = self._address(parts, to, until)
        try:
            return _read(url, address, to, {**headers, "Host": parts.netloc}, until=until, most=most)
        except (requests.RequestException, OSError, ValueError):
            raise Unreachable("it did not answer as it should") from None

    def _checked(self, url: str, to: Destination) -> SplitResult:
        if not PLAIN_URL.fullmatch(url) or not to.is_host_of(url):
            raise Unreachable("the address is not on a listed server")
        parts = urlsplit(url)
        if ".." in unquote(parts.path).split("/") or parts.fragment:
            raise Unreachable("the address is not a plain one")
        if parts.scheme != "https" and not self._is_loopback(parts):
            raise Unreachable("the address is not https")
        return parts

    def _is_loopback(self, parts: SplitResult) -> bool:
        return self.loopback and parts.scheme == "http" and is_loopback(parts.hostname or "")

    def _address(self, parts: SplitResult, to: Destination, until: float) -> str:
        """The address to connect to; every address of the name must be allowed, and the one checked is the one used."""
        addresses = _resolve(parts, until)
        if not self._is_loopback(parts) and not all(_is_allowed(address, to.networks) for address in addresses):
            raise Unreachable("its name leads to an address that is not allowed")
        return str(addresses[0])


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, written as an address and not as a name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _resolve(parts: SplitResult, until: float) -> list[Address]:
    try:
        return _resolver.addresses(parts.hostname or "", parts.port or PORTS[parts.scheme], until)
    except (OSError, ValueError):
        raise Unreachable("its name leads nowhere in time") from None


def _is_allowed(address: Address, networks: tuple[Network, ...]) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    is_public = plain.is_global and not plain.is_multicast and not any(plain in network for network in TRANSLATED)
    return is_public or any(plain in network for network in networks)


def _read(url: str, address: str, to: Destination, headers: Mapping[str, str], *, until: float, most: int) -> bytes:
    with Deadline(until) as deadline, requests.Session() as session:
        session.trust_env = False  # no proxy, and no password from a file
        for scheme in PORTS:
            session.mount(f"{scheme}://", Pinned(address, deadline))
        verify = True if to.authority is None else str(to.authority)
        patience = deadline.seconds_left()
        answer = session.get(
            url, headers=dict(headers), timeout=patience, allow_redirects=False, stream=True, verify=verify
        )
        with answer:
            body = _body(answer, most)
        deadline.check()
        return body


def _body(answer: requests.Response, most: int) -> bytes:
    if answer.status_code != requests.codes.ok:
        raise Unreachable("it did not answer 200")
    body = bytearray()
    for piece in answer.iter_content(PIECE):
        body += piece
        if len(body) > most:
            raise Unreachable("its answer is too long")
    return bytes(body)
