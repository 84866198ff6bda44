"""The shape of every object of CDS Hooks, whose clients may know of later versions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, pre_load


class TolerantSchema(Schema):
    """An object of a protocol that grows: what is not known to us is left alone, and null is as good as left out."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _without_nulls(self, sent: object, **_: Any) -> object:
        if not isinstance(sent, Mapping):  # which is then refused for what it is
            return sent
        return {name: value for name, value in sent.items() if value is not None}
