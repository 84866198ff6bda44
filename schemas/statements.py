"""Fields for what a summary states outside its lists, each built from its entry in the catalogue."""

from typing import Any

from marshmallow.fields import Field

from rules.catalogue import catalogue
from schemas.fields import Choice, StrictBoolean, StrictField, StrictInteger, StrictNumber
from schemas.shapes import StrictSchema

COUNTED_IN = ("years", "joints")
UNLIMITED = (0, 10**6)


def statement(code: str, *, required: bool = False) -> StrictField:
    """The field for one statement of the catalogue: a count is whole, a number within what is plausible."""
    fact = catalogue().fact(code)
    match fact.kind:
        case "yes_no":
            return StrictBoolean(fact.label, required=required)
        case "choice":
            return Choice(fact.choices, fact.label, required=required)
        case _:
            kind = StrictInteger if fact.unit in COUNTED_IN else StrictNumber
            low, high = (int(limit) for limit in fact.plausible or UNLIMITED)
            return kind(f"{fact.label} ({fact.unit})", low, high, required=required)


def statements_under(path: str) -> dict[str, Field[Any]]:
    """The fields of one object of the summary, by their names there."""
    return {
        fact.path.removeprefix(path): statement(fact.code)
        for fact in catalogue().groups["statements"].values()
        if fact.path.startswith(path)
    }


JointsSchema = StrictSchema.from_dict(statements_under("joints."), name="JointsSchema")
