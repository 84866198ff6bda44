"""Client authentication: signed tokens of clients that the operator listed, and nothing else."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from service.access.keys import KeySource
from service.outbound.client import Destination

ALGORITHMS = ("ES384", "RS384")
POSSIBLE_ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA")
NEEDED_CLAIMS = ["iss", "aud", "exp", "iat", "jti"]
LEEWAY_SECONDS = 60
LONGEST_TOKEN_ID = 200
MOST_TOKEN_IDS = 100_000


class NotTrusted(Exception):
    """A request without a token, or with one that does not hold; the client is never told why."""


@dataclass(frozen=True, slots=True)
class TrustedClient:
    """A client by the `iss` of its tokens: its keys, algorithms, servers; its tenants and doors (none listed: any)."""

    iss: str
    keys: KeySource
    algorithms: tuple[str, ...] = ALGORITHMS
    tenants: frozenset[str] = frozenset()
    fhir_servers: tuple[Destination, ...] = ()
    doors: frozenset[str] = frozenset()

    def fhir_server(self, url: str) -> Destination | None:
        """The listed server that an address belongs to."""
        return next((server for server in self.fhir_servers if server.covers(url)), None)


class SeenTokens:
    """Refuses a token that was used before, as well as one process with bounded memory can.

    Every worker process keeps its own list, it is lost on restart, and beyond its bound the oldest are forgotten:
    short-lived tokens over TLS are the protection, this is a help.
    """

    def __init__(self, most: int = MOST_TOKEN_IDS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()

    def is_new(self, iss: str, jti: str, expires: float) -> bool:
        """Whether the token was not seen before; it is from now on."""
        now = time.time()
        with self._lock:
            known = self._seen.get((iss, jti), 0) > now
            if not known:
                self._seen[iss, jti] = expires
                self._seen.move_to_end((iss, jti))
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)
        return not known


class Trust:
    """Tells whose request it is by its token."""

    def __init__(self, clients: Mapping[str, TrustedClient], public_url: str) -> None:
        self._clients = clients
        self._public_url = public_url.rstrip("/")
        self._seen = SeenTokens()

    def verify(self, authorization: str, path: str) -> TrustedClient:
        """The client that signed for this path just now, for the first time; NotTrusted otherwise."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise NotTrusted
        try:
            return self._verify(token.strip(), f"{self._public_url}{path}")
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
            raise NotTrusted from None

    def _verify(self, token: str, audience: str) -> TrustedClient:
        said = jwt.decode_complete(token, options={"verify_signature": False})
        client = self._client(said["payload"])
        algorithm = said["header"].get("alg")
        key = client.keys.find(said["header"].get("kid"), algorithm) if algorithm in client.algorithms else None
        if key is None:
            raise NotTrusted
        claims = jwt.decode(
            token,
            key,
            algorithms=list(client.algorithms),
            audience=audience,
            issuer=client.iss,
            leeway=LEEWAY_SECONDS,
            options={"require": NEEDED_CLAIMS},
        )
        self._check_claims(client, claims)
        return client

    def _client(self, said: Mapping[str, Any]) -> TrustedClient:
        iss = said.get("iss")
        client = self._clients.get(iss) if isinstance(iss, str) else None
        if client is None:
            raise NotTrusted
        return client

    def _check_claims(self, client: TrustedClient, claims: Mapping[str, Any]) -> None:
        if client.tenants and claims.get("tenant") not in client.tenants:
            raise NotTrusted
        jti = claims["jti"]
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_TOKEN_ID:
            raise NotTrusted
        if not self._seen.is_new(client.iss, jti, float(claims["exp"]) + LEEWAY_SECONDS):
            raise NotTrusted
