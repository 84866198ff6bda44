"""The public keys of a trusted client: written in the trust file, or fetched from the one address that it names."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import orjson
from jwt import PyJWK, PyJWTError
from jwt.algorithms import AllowedPublicKeys

from service.outbound.client import Destination, Outbound, Unreachable

Jwk = Mapping[str, Any]

ASYMMETRIC = ("EC", "RSA", "OKP")
LONGEST_KEY_SET = 256 * 1024
FETCH_SECONDS = 2.0
FRESH_SECONDS = 300.0
PAUSE_SECONDS = 30.0

log = logging.getLogger(__name__)


class KeySource(Protocol):
    """Where the keys of one client are found."""

    def find(self, kid: object, algorithm: str) -> AllowedPublicKeys | None:
        """The key of that id that may verify that algorithm, if there is one."""


def public_keys(jwks: object) -> tuple[Jwk, ...]:
    """The usable keys of a key set; ValueError for anything else, for a private or shared key, and for none."""
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise ValueError("must be a key set: an object with a list of keys")
    if any("d" in key or "k" in key for key in keys):
        raise ValueError("must hold public keys only: this one is private or shared")
    usable = tuple(key for key in keys if key.get("kty") in ASYMMETRIC and key.get("use", "sig") == "sig")
    if not usable:
        raise ValueError("has no key for signatures")
    return usable


class GivenKeys:
    """Keys that the operator wrote down."""

    def __init__(self, keys: Iterable[Jwk]) -> None:
        self._keys = tuple(keys)

    def find(self, kid: object, algorithm: str) -> AllowedPublicKeys | None:
        named = [key for key in self._keys if key.get("kid") == kid]
        fit = (key for key in named if key.get("alg", algorithm) == algorithm)
        return next((loaded for key in fit if (loaded := _load(key, algorithm)) is not None), None)


def _load(key: Jwk, algorithm: str) -> AllowedPublicKeys | None:
    try:
        loaded: AllowedPublicKeys = PyJWK(dict(key), algorithm=algorithm).key
    except (PyJWTError, ValueError, TypeError):
        return None
    return loaded


class FetchedKeys:
    """Keys from the client's own server, kept for five minutes; an unknown key id is looked up anew at most every 30 s.

    A server that is down leaves the keys that were known in use. One request at a time asks it: others go on with the
    keys that are known, and wait for its answer only for a key that is not.
    """

    def __init__(self, source: Destination, outbound: Outbound) -> None:
        self._source = source
        self._outbound = outbound
        self._lock = threading.Lock()
        self._keys = GivenKeys(())
        self._tried = -FRESH_SECONDS
        self._answered = threading.Event()

    def find(self, kid: object, algorithm: str) -> AllowedPublicKeys | None:
        found = self._keys.find(kid, algorithm)
        if self._is_to_fetch(known=found is not None):
            self._fetch(time.monotonic() + FETCH_SECONDS)
        elif found is not None:
            return found
        else:
            self._answered.wait(FETCH_SECONDS)
        return self._keys.find(kid, algorithm)

    def _is_to_fetch(self, *, known: bool) -> bool:
        """Whether it is time to ask again, for the one who hears it first."""
        with self._lock:
            age = time.monotonic() - self._tried
            due = age >= FRESH_SECONDS or (not known and age >= PAUSE_SECONDS)
            if due:
                self._tried = time.monotonic()
                self._answered.clear()
            return due

    def _fetch(self, until: float) -> None:
        try:
            body = self._outbound.get(self._source.url, self._source, {}, until=until, most=LONGEST_KEY_SET)
            self._keys = GivenKeys(public_keys(orjson.loads(body)))
        except (Unreachable, ValueError):
            log.warning("the keys at %s cannot be had", self._source.url)
        finally:
            self._answered.set()
