"""What one resource says, before all that was said of the patient is put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from rules.fact_types import FactType
from schemas.fhir.times import Moment


class Lab(NamedTuple):
    """A laboratory result as a summary takes it."""

    fact: FactType
    entry: Mapping[str, Any]
    when: Moment | None = None
    preliminary: bool = False
    note: str = ""


class Item(NamedTuple):
    """An entry of one of the other lists of a summary."""

    fact: FactType
    entry: Mapping[str, Any]
    when: Moment | None = None
    note: str = ""


class Statement(NamedTuple):
    """Something a summary says outside its lists, such as `pregnant`; of several the newest counts."""

    fact: FactType
    value: Any
    when: Moment | None = None
    note: str = ""


class Ignored(NamedTuple):
    """Something that is left out, and why.

    `fact` is the test whose result is `lost`: it was there and cannot be used. Results of that test from before
    `when` are left out too, since the newest is the one that decides.
    """

    reason: str
    fact: FactType | None = None
    when: Moment | None = None
    lost: bool = False


Said = Lab | Item | Statement | Ignored


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """One thing said, and the place of the resource that says it."""

    path: str
    said: Said
