"""Data of the core as JSON has it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def plain_data(value: Any) -> Any:
    """Data without decimals and tuples, as JSON has it."""
    match value:
        case Mapping():
            return {key: plain_data(member) for key, member in value.items()}
        case list() | tuple():
            return [plain_data(entry) for entry in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
    return value
