"""One thing proved of a rule set, or found to be wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What was asked, of what, how it was proved, and in one plain sentence what is wrong, if anything is."""

    check: str
    subject: str
    method: str
    failure: str | None = None
