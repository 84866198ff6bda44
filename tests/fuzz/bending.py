"""Bending documents: mostly one place of sound JSON at a time, since bytes changed at random seldom stay JSON."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 12.7, 1e300, 10**30, "", " ", "x" * 201, "\x00", "\u202e", "\ud800", "１９５７"),
    *("true", "12.3", "<0", ">1e9", "1_000", "NaN", "9999-12-31", "0000", "2026-02-30", "2026-11-22T24:00:00Z"),
    *([], [None], [[]], {}, {"": {}}, {"resourceType": "Bundle", "entry": [None]}, {"value": {}}, {"coding": [[]]}),
)
Holder = dict[str, Any] | list[Any]
Mutate = Callable[[bytes, int], bytes]


def bend(raw: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """A document like another one; in one of four cases by `mutate`, which knows nothing of JSON."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return mutate(raw, most)
    held = list(_held(document))
    if not held or chance.random() < 0.25:
        return mutate(raw, most)
    for _ in range(chance.randint(1, 3)):
        _bend_one(*chance.choice(held), chance, held)
    return json.dumps(document).encode()[:most]


def _bend_one(holder: Holder, key: Any, chance: random.Random, held: list[tuple[Holder, Any]]) -> None:
    match chance.randrange(4):
        case 0:
            _set(holder, key, deepcopy(chance.choice(HOSTILE)))
        case 1:
            _set(holder, key, deepcopy(_get(*chance.choice(held))))
        case 2 if isinstance(holder, list):
            holder.append(deepcopy(_get(holder, key)))
        case 2:
            holder[_name(chance, held)] = deepcopy(_get(holder, key))
        case 3:
            _drop(holder, key)


def _held(value: Any) -> Any:
    """Every place of a document: who holds it, under which key."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in list(members):
        yield value, key
        yield from _held(inside)


def _name(chance: random.Random, held: list[tuple[Holder, Any]]) -> str:
    return str(chance.choice(held)[1])


def _get(holder: Any, key: Any) -> Any:
    return holder[key] if _has(holder, key) else None


def _set(holder: Any, key: Any, value: Any) -> None:
    if _has(holder, key):
        holder[key] = value


def _drop(holder: Any, key: Any) -> None:
    if _has(holder, key):
        del holder[key]


def _has(holder: Any, key: Any) -> bool:
    return key < len(holder) if isinstance(holder, list) else key in holder
