"""A patient of whom nothing was said, who notes which facts are looked for."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NoReturn

from rules.facts import Facts

# Known of everybody; whoever looks through all facts, not at one by its name, counts as looking at these.
ALWAYS_KNOWN = ("as_of", "age", "sex")


class Watched(Mapping[str, Any]):
    """Nothing, and under which names something was looked for."""

    def __init__(self, seen: set[str]) -> None:
        self.seen = seen

    def __getitem__(self, name: str) -> NoReturn:
        self.seen.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        self.seen.update(ALWAYS_KNOWN)
        return iter(())

    def __len__(self) -> int:
        self.seen.update(ALWAYS_KNOWN)
        return 0


class Nobody(Facts):
    """A patient of whom nothing was said, and which facts were looked for."""

    def __init__(self, seen: set[str], listed: bool) -> None:
        nothing = Watched(seen)
        super().__init__(date.min, 0, "unknown", nothing, nothing, nothing, listed)
        object.__setattr__(self, "seen", seen)

    def __getattribute__(self, name: str) -> Any:
        if name in ALWAYS_KNOWN:
            super().__getattribute__("seen").add(name)
        return super().__getattribute__(name)
