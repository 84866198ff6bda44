"""What became of each part of a summary, on the wire: used, not used, not recognized, converted or warned of."""

from typing import Any

from marshmallow import Schema

from rules.catalogue import catalogue
from schemas import wire
from schemas.intake import Inputs, SentFact
from schemas.reading import Unrecognized

NOT_READ = "no rule of this rule set reads it"


class UsedInputSchema(Schema):
    """A fact that rules read."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The fact it was read as")
    label = wire.text("The fact in plain words")
    value = wire.text("Its value as it was sent")


class UnusedInputSchema(Schema):
    """A fact that decides nothing."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The fact it was read as")
    reason = wire.text("Why it decides nothing")


class UnrecognizedInputSchema(Schema):
    """A name that the catalogue does not have."""

    path = wire.text("Where it stands in the summary")
    name = wire.text("The name as it was sent")
    did_you_mean = wire.texts("Codes that are close to it")


class ConversionSchema(Schema):
    """A result in another unit; it is judged in the unit it was sent in where the limit is printed in that unit."""

    path = wire.text("Where it stands in the summary")
    fact = wire.text("The test")
    from_ = wire.text("As it was sent", data_key="from")
    to = wire.text("In the unit of the catalogue, rounded")


class InputWarningSchema(Schema):
    """Something accepted that should still be looked at."""

    path = wire.text("Where it stands in the summary")
    message = wire.text("What to look at")


class InputsSchema(Schema):
    """What became of each part of the summary."""

    as_of = wire.day("The day the summary is about")
    used = wire.many(UsedInputSchema, "Facts that rules read")
    unused = wire.many(UnusedInputSchema, "Facts that decide nothing, older results among them")
    unrecognized = wire.many(UnrecognizedInputSchema, "Names that are not known")
    conversions = wire.many(ConversionSchema, "Results in another unit")
    warnings = wire.many(InputWarningSchema, "Things to look at")


def render_inputs(inputs: Inputs, reads: frozenset[str]) -> dict[str, Any]:
    """The part of an answer that accounts for everything that was sent; `reads` are the facts that rules read."""
    counts = [is_used(sent, reads) for sent in inputs.sent]
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


def is_used(sent: SentFact, reads: frozenset[str]) -> bool:
    """Whether rules read what was sent, and nothing set it aside."""
    return sent.set_aside is None and _is_read(sent.fact, reads)


def _is_read(code: str, reads: frozenset[str]) -> bool:
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
