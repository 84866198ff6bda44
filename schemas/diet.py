"""The diet: a plain pattern, or an object that says more."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema

from schemas.fields import PartialDate
from schemas.names import Code
from schemas.reading import Entry, Unrecognized
from schemas.shapes import EntrySchema
from schemas.statements import statement

STATED = ("fortified_foods", "b12_supplement")


class DietSchema(EntrySchema):
    """What the patient eats, fortified foods and B12 by mouth among it."""

    naming: ClassVar[str] = "pattern"

    pattern = Code("diet")
    since = PartialDate("Since when")
    fortified_foods = statement("fortified_foods")
    b12_supplement = statement("b12_supplement")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _check_pattern(self, _said: Mapping[str, Any], sent: Mapping[str, Any], **_: Any) -> None:
        if "since" in sent and "pattern" not in sent:
            raise ValidationError("needs a pattern", "since")

    def entry(self, said: Mapping[str, Any], place: str = "") -> Entry[Mapping[str, bool | str]]:
        """The statements a diet makes."""
        stated: dict[str, bool | str] = {name: said[name] for name in STATED if name in said}
        pattern = said.get("pattern")
        if isinstance(pattern, Unrecognized):
            return Entry(stated, (pattern.at(place),))
        return Entry(stated if pattern is None else {"diet": pattern.code, **stated})
