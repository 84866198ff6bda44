"""What to be careful with in what was sent, in a reader's words."""

from collections.abc import Iterator, Mapping
from typing import Any


def cautions(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Each warning with the name of what it is about, where the rules read that: `Total B12: is over a year old`."""
    labels = {used["path"]: used["label"] for used in inputs["used"]}
    for warning in inputs["warnings"]:
        yield f"{labels.get(warning['path'], warning['path'])}: {warning['message']}"
