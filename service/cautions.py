"""What a reader of an answer must not pass over, however it is shown."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def is_emergency(flags: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a flag of an answer is one that comes before everything else."""
    return any(flag["severity"] == "emergency" for flag in flags)


def cautions(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Each warning with the name of what it is about, where the rules read that: `Total B12: is over a year old`."""
    labels = {used["path"]: used["label"] for used in inputs["used"]}
    for warning in inputs["warnings"]:
        yield f"{labels.get(warning['path'], warning['path'])}: {warning['message']}"
