"""Who asks: known from when a request is let in, by the name of a key or the issuer of a token."""

from dataclasses import dataclass
from typing import cast

from flask import g, request

from service.access.doors import door_of
from service.access.trust import TrustedClient


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by the name of its key or the issuer of its token, and at which doors it may (none listed: all)."""

    name: str
    credential: str
    doors: frozenset[str]
    client: TrustedClient | None = None

    def may_ask(self, endpoint: str) -> bool:
        """Whether the view is behind one of its doors; that a path does not exist, every caller may know."""
        return not (self.doors and endpoint) or door_of(endpoint) in self.doors


def recognize(found: Caller) -> None:
    """Know from now on whose request this is."""
    g.caller = found


def caller() -> Caller | None:
    """Whose request it is; nobody's in particular where anybody may call."""
    return cast(Caller | None, g.get("caller"))


def caller_or_address() -> str:
    """What a caller is counted by: the kind and name of its credential, else the address it comes from."""
    found = caller()
    return f"{found.credential} {found.name}" if found else request.remote_addr or "unknown"
