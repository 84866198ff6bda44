"""Who may call: whoever has an API key or a token of a trusted client; anybody when the operator set up neither."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Self, cast

from flask import Flask, current_app, g, request

from service.cds_hooks import HOOKS
from service.refusal import Refusal
from service.settings import Settings
from service.trust import NotTrusted, Trust

ACCESS = "b12cds.access"
KEY_MARK = "b12cds_"
LINE = re.compile(r"([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64})")
# Probes, the contract and what CDS Hooks has open to all: nothing in them is about a patient.
OPEN = ("health.", "contract.", "docs.", "cds_hooks.list_services")


class KeyFileError(ValueError):
    """A file of API keys that cannot be used; says which line and why, for the operator."""


@dataclass(frozen=True)
class ApiKeys:
    """The keys of callers by their name, each known by its hash alone."""

    hashes: Mapping[str, str] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a file with a name and a hash on each line; blank lines and those with # are left out."""
        hashes: dict[str, str] = {}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            found = LINE.fullmatch(line.strip())
            if found is None or found[1] in hashes:
                raise KeyFileError(f"{path}:{number}: is not a new name and the hash of a key, as `b12cds key` prints")
            hashes[found[1]] = found[2]
        if not hashes:
            raise KeyFileError(f"{path}: holds no key")
        return cls(hashes)

    def name_of(self, key: str) -> str | None:
        """Whose key it is; every hash is compared, so that the time taken tells nothing."""
        sent = hash_of(key)
        names = [name for name, known in self.hashes.items() if compare_digest(sent, known)]
        return names[0] if names else None


def new_key() -> str:
    """A key that nobody can guess."""
    return KEY_MARK + secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """What is kept of a key. It has 256 random bits, so no slow hash is needed to protect it."""
    return sha256(key.encode()).hexdigest()


def register(app: Flask, settings: Settings) -> None:
    """Ask for a key or a token where the operator set that up; KeyFileError when the file cannot be used."""
    app.extensions[ACCESS] = ApiKeys.open(settings.api_keys) if settings.api_keys else None
    app.before_request(_admit)


def _admit() -> None:
    """Let a request in or refuse it, whether or not its path exists."""
    keys = cast(ApiKeys | None, current_app.extensions[ACCESS])
    trust = current_app.extensions[HOOKS].trust
    if (keys is None and trust is None) or _is_open(trust is not None):
        return
    authorization = request.headers.get("Authorization", "")
    g.caller = _key_holder(keys, authorization) or _token_holder(trust, authorization)
    if g.caller is None:
        raise Refusal(401)


def _key_holder(keys: ApiKeys | None, authorization: str) -> str | None:
    scheme, _, key = authorization.partition(" ")
    return keys.name_of(key.strip()) if keys is not None and scheme.lower() == "bearer" else None


def _token_holder(trust: Trust | None, authorization: str) -> str | None:
    if trust is None:
        return None
    try:
        return trust.verify(authorization, request.path).iss
    except NotTrusted:
        return None


def _is_open(hooks_ask_themselves: bool) -> bool:
    endpoint = request.endpoint or ""
    asks_itself = hooks_ask_themselves and endpoint.startswith("cds_hooks.")
    return asks_itself or request.method == "OPTIONS" or endpoint.startswith(OPEN)


def caller() -> str:
    """Whose request it is: the name of the key or client, else the address it comes from."""
    return str(g.get("caller") or request.remote_addr or "unknown")
