"""API keys: long random words that callers send, of which only the hashes are kept."""

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Self

from service.access.doors import DOORS
from service.unfit import Unfit

KEY_MARK = "b12cds_"
RANDOM_BYTES = 32
# Nothing else is ever looked at, so that no weak word can be made a key.
KEY = re.compile(rf"{KEY_MARK}[A-Za-z0-9_-]{{43}}")
LINE = re.compile(r"([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64})((?: [a-z-]+)*)")


class KeyFileError(Unfit):
    """A file of API keys that cannot be used; says which line and why, for the operator."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key by its hash: the name of its caller, and the doors that it may ask at (none listed: all)."""

    name: str
    hash: str = field(repr=False)
    doors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys of callers."""

    keys: tuple[ApiKey, ...]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a file with a name, a hash and perhaps doors on each line; blank lines and those with # are left out."""
        keys: dict[str, ApiKey] = {}
        for number, line in enumerate(_text(path).splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            key = _read(line, f"{path}:{number}")
            if key.name in keys:
                raise KeyFileError(f"{path}:{number}: has the name of an earlier line")
            keys[key.name] = key
        if not keys:
            raise KeyFileError(f"{path}: holds no key")
        return cls(tuple(keys.values()))

    def find(self, sent: str) -> ApiKey | None:
        """The key that was sent; every hash is compared, so that the time taken tells nothing."""
        if not KEY.fullmatch(sent):
            return None
        hashed = hash_of(sent)
        found = [key for key in self.keys if compare_digest(hashed, key.hash)]
        return found[0] if found else None


def _read(line: str, where: str) -> ApiKey:
    found = LINE.fullmatch(line.strip())
    if found is None:
        raise KeyFileError(f"{where}: is not a name and the hash of a key, as `b12cds key` prints")
    doors = frozenset(found[3].split())
    if not doors <= DOORS.keys():
        raise KeyFileError(f"{where}: names a door that does not exist; there are {', '.join(DOORS)}")
    return ApiKey(found[1], found[2], doors)


def new_key() -> str:
    """A key that nobody can guess."""
    return KEY_MARK + secrets.token_urlsafe(RANDOM_BYTES)


def hash_of(key: str) -> str:
    """What is kept of a key. It has 256 random bits, so no slow hash is needed to protect it."""
    return sha256(key.encode()).hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read: {type(error).__name__}") from None
