"""What became of each part of a summary: used, not used, not recognized, converted or warned of."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rules.catalogue import catalogue
from rules.facts import Facts
from schemas.reading import Unrecognized

NOT_READ = "no rule of this rule set reads it"


class SentFact(NamedTuple):
    """One fact of a summary with its value as it was sent; `set_aside` says why it decides nothing."""

    path: str
    fact: str
    value: str
    set_aside: str | None = None


class Conversion(NamedTuple):
    """A result in the unit it was sent in and in the unit of the catalogue."""

    path: str
    fact: str
    sent: str
    converted: str


class Caution(NamedTuple):
    """Something that is accepted and should still be looked at."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """How a summary was read."""

    as_of: date
    sent: tuple[SentFact, ...] = ()
    unrecognized: tuple[tuple[str, Unrecognized], ...] = ()
    conversions: tuple[Conversion, ...] = ()
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """The facts of one patient, how they were read from the summary, and on which day."""

    facts: Facts
    inputs: Inputs
    today: date


def render_inputs(inputs: Inputs, reads: frozenset[str]) -> dict[str, Any]:
    """The part of an answer that accounts for everything that was sent; `reads` are the facts that rules read."""
    counts = [sent.set_aside is None and is_read(sent.fact, reads) for sent in inputs.sent]
    return {
        "as_of": inputs.as_of.isoformat(),
        "used": [_used(sent) for sent, used in zip(inputs.sent, counts, strict=True) if used],
        "unused": [_unused(sent) for sent, used in zip(inputs.sent, counts, strict=True) if not used],
        "unrecognized": [_unrecognized(path, unknown) for path, unknown in inputs.unrecognized],
        "conversions": [
            {"path": conversion.path, "fact": conversion.fact, "from": conversion.sent, "to": conversion.converted}
            for conversion in inputs.conversions
        ],
        "warnings": [{"path": warning.path, "message": warning.message} for warning in inputs.warnings],
    }


def is_read(code: str, reads: frozenset[str]) -> bool:
    """Whether rules read a fact. One diet pattern answers for all of them: a vegan is not an omnivore."""
    if code in reads:
        return True
    patterns = catalogue().groups["diet"]
    return code in patterns and not reads.isdisjoint(patterns)


def _used(sent: SentFact) -> dict[str, str]:
    return {"path": sent.path, "fact": sent.fact, "label": catalogue().fact(sent.fact).label, "value": sent.value}


def _unused(sent: SentFact) -> dict[str, str]:
    return {"path": sent.path, "fact": sent.fact, "reason": sent.set_aside or NOT_READ}


def _unrecognized(path: str, unknown: Unrecognized) -> dict[str, Any]:
    return {"path": path, "name": unknown.name, "did_you_mean": list(unknown.did_you_mean)}
