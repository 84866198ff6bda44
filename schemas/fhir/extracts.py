"""What is read out of one resource, before all that was found of the patient is put together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

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


Extract = Lab | Item | Statement | Ignored
Kind_co = TypeVar("Kind_co", bound=Extract, covariant=True)


@dataclass(frozen=True, slots=True, eq=False)
class Located(Generic[Kind_co]):
    """One extract, and the place of the resource that it is from; two that say the same are still two."""

    path: str
    extract: Kind_co


Reasons = dict[Located[Any], Ignored]


def of_kind(kind: type[Kind_co], located: Iterable[Located[Any]]) -> list[Located[Kind_co]]:
    """Those that are results, or items, or statements, or ignored."""
    return [one for one in located if isinstance(one.extract, kind)]
