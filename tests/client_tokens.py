"""Clients with keys of their own, and the tokens they sign, for tests."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PUBLIC_URL = "https://b12.example.org"
ISS = "https://ehr.example.org"
EC_KEY = ec.generate_private_key(ec.SECP384R1())
OTHER_EC_KEY = ec.generate_private_key(ec.SECP384R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class FromNow:
    """So many seconds from when the token is signed."""

    seconds: int


def public(kid: str, key: Any) -> dict[str, Any]:
    """A key as a key set lists it."""
    kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**json.loads(kind.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


KEYS = [public("ec", EC_KEY), public("rsa", RSA_KEY)]


def trust_file(folder: Path, **changes: Any) -> Path:
    """A trust file with one client."""
    client = {"jwks": {"keys": KEYS}, **changes}
    path = folder / "trust.json"
    path.write_text(json.dumps({"clients": {ISS: {k: v for k, v in client.items() if v is not None}}}))
    return path


def claims(path: str, **changes: Any) -> dict[str, Any]:
    """What a good token says; a change to None leaves a claim out, and a time may be given as so far from now."""
    now = int(time.time())
    changes = {name: now + said.seconds if isinstance(said, FromNow) else said for name, said in changes.items()}
    said = {"iss": ISS, "aud": f"{PUBLIC_URL}{path}", "iat": now, "exp": now + 300, "jti": str(uuid4()), **changes}
    return {name: value for name, value in said.items() if value is not None}


def signed(path: str, *, key: Any = EC_KEY, alg: str = "ES384", kid: str | None = "ec", **changes: Any) -> str:
    """A token as a header takes it."""
    headers = {} if kid is None else {"kid": kid}
    return f"Bearer {jwt.encode(claims(path, **changes), key, algorithm=alg, headers=headers)}"
