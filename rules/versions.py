"""Version numbers: their order, and how large a step one is from another."""

from collections.abc import Iterable

NONE, PATCH, MINOR, MAJOR = STEPS = ("none", "patch", "minor", "major")


def greatest(steps: Iterable[str]) -> str:
    """The largest of some steps; none when there is nothing to take one for."""
    return max(steps, key=STEPS.index, default=NONE)


def step_between(before: str, after: str) -> str:
    """The step from one version to another; none when the other does not come after it."""
    old, new = version_key(before), version_key(after)
    if new <= old:
        return NONE
    first_raised = next(place for place, (was, now) in enumerate(zip(old, new, strict=True)) if was != now)
    return (MAJOR, MINOR, PATCH)[first_raised]


def is_enough(taken: str, required: str) -> bool:
    """Whether a step is at least as large as the one that is required."""
    return STEPS.index(taken) >= STEPS.index(required)


def version_key(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10.0 comes after 1.9.0."""
    return tuple(int(part) for part in version.split("."))
