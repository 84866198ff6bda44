"""Who is let in: whoever has an API key or a token of a trusted client; anybody when the operator set up neither."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import NoReturn, cast

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from schemas import Problem
from service.access.api_keys import KEY_MARK, ApiKeys
from service.access.callers import Caller, recognize
from service.access.doors import OPEN
from service.access.tries import RefusedTries
from service.access.trust import NotTrusted, Trust
from service.access.trust_file import TrustFileError, open_trust
from service.observing.logs import write_refusal
from service.outbound.client import Outbound
from service.refusal import Refusal
from service.settings import Settings

ACCESS = "b12cds.access"
HEADER = "header.Authorization"
HOOKS = "cds_hooks."
DOTS_OF_A_TOKEN = 2
KEY_NEEDED = "Bearer and an API key"
SIGNED = "Bearer and a token that a trusted client signed for this path"


@dataclass(frozen=True, slots=True)
class Access:
    """What the operator set up: the keys and the clients that are let in, and how often others may try."""

    keys: ApiKeys | None
    trust: Trust | None
    tries: RefusedTries

    @property
    def is_open(self) -> bool:
        """Whether anybody may call."""
        return self.keys is None and self.trust is None

    def find(self, authorization: str, path: str, endpoint: str) -> Caller | None:
        """Whose credential it is."""
        by_key = self._key_holder(authorization) if self._takes_keys(endpoint) else None
        return by_key or self._token_holder(authorization, path)

    def accepted(self, endpoint: str) -> tuple[str, ...]:
        """What lets a caller in there."""
        by_key = (KEY_NEEDED,) if self._takes_keys(endpoint) else ()
        return (*by_key, SIGNED) if self.trust is not None else by_key

    def _takes_keys(self, endpoint: str) -> bool:
        """Hooks are for clients that sign, where the operator trusts any."""
        return self.keys is not None and (self.trust is None or not endpoint.startswith(HOOKS))

    def _key_holder(self, authorization: str) -> Caller | None:
        scheme, _, sent = authorization.partition(" ")
        key = self.keys.find(sent.strip()) if self.keys is not None and scheme.lower() == "bearer" else None
        return Caller(key.name, "key", key.doors) if key else None

    def _token_holder(self, authorization: str, path: str) -> Caller | None:
        if self.trust is None:
            return None
        try:
            client = self.trust.verify(authorization, path)
        except NotTrusted:
            return None
        return Caller(client.iss, "token", client.doors, client)


def register(app: Flask, settings: Settings) -> None:
    """Ask for a key or a token where the operator set that up; KeyFileError, TrustFileError when it cannot be used."""
    keys = ApiKeys.open(settings.api_keys) if settings.api_keys else None
    app.extensions[ACCESS] = Access(keys, _trust(settings), RefusedTries(settings))
    app.before_request(_admit)


def _trust(settings: Settings) -> Trust | None:
    if settings.trust_file is None:
        return None
    if settings.public_url is None:
        raise TrustFileError("B12CDS_TRUST_FILE needs B12CDS_PUBLIC_URL: a token names the address it is meant for")
    return open_trust(settings.trust_file, settings.public_url, Outbound(loopback=settings.loopback_fhir))


def _admit() -> None:
    """Let a request in or refuse it, whether or not its path exists."""
    access = cast(Access, current_app.extensions[ACCESS])
    endpoint = request.endpoint or ""
    if access.is_open or request.method == "OPTIONS" or endpoint.startswith(OPEN):
        return
    authorization = request.headers.get("Authorization", "")
    found = access.find(authorization, request.path, endpoint)
    if found is None:
        _turn_away(access, authorization, endpoint)
    recognize(found)
    if not found.may_ask(endpoint):
        write_refusal("may not ask at this door", found.credential, found.name)
        doors = tuple(sorted(found.doors))
        raise Refusal(HTTPStatus.FORBIDDEN, Problem(HEADER, "is of a caller that may ask only at these doors", doors))


def _turn_away(access: Access, authorization: str, endpoint: str) -> NoReturn:
    """Refuse a request without a credential that holds; an address that tries too often is told to wait."""
    wait = access.tries.count(request.remote_addr or "unknown")
    if wait:
        raise TooManyRequests(retry_after=wait)
    write_refusal("sent nothing that holds" if authorization else "sent no credential", _kind(authorization))
    raise Refusal(HTTPStatus.UNAUTHORIZED, Problem(HEADER, "must be one of these", access.accepted(endpoint)))


def _kind(authorization: str) -> str | None:
    """What was sent, as far as its form tells."""
    credential = authorization.partition(" ")[2].strip()
    if credential.startswith(KEY_MARK):
        return "key"
    return "token" if credential.count(".") == DOTS_OF_A_TOKEN else None
