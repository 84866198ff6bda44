"""What functions make of something that never changes, made when first asked for and kept with it."""

from collections.abc import Callable
from typing import Any, TypeVar

Source = TypeVar("Source")
Made = TypeVar("Made")

Kept = dict[Callable[[Any], Any], Any]


def once(kept: Kept, make: Callable[[Source], Made], source: Source) -> Made:
    """What a function makes of the source that `kept` belongs to."""
    if make not in kept:
        kept[make] = make(source)
    made: Made = kept[make]
    return made
