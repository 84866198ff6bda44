"""The shape of every object of CDS Hooks, whose clients may know of later versions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load

from schemas.fields import WORDING

INVALID = {fields.String: {"invalid": "must be a text"}, fields.List: {"invalid": "must be a list"}}


class TolerantSchema(Schema):
    """An object of a protocol that grows: what is not known to us is left alone, and null is as good as left out."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["type"] = "must be an object"

    def on_bind_field(self, _name: str, field: fields.Field[Any]) -> None:
        """Say what is wrong in the words of every other document; what is optional may be null."""
        field.allow_none = not field.required
        field.error_messages.update(required=WORDING["required"], **INVALID.get(type(field), {}))

    @pre_load
    def _without_nulls(self, sent: object, **_: Any) -> object:
        if not isinstance(sent, Mapping):  # which is then refused for what it is
            return sent
        return {name: value for name, value in sent.items() if value is not None}
