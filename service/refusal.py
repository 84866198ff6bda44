"""Saying no: the one exception that becomes a problem document over HTTP and a message on the command line."""

from collections.abc import Collection

from schemas import Problem


class Refusal(Exception):  # an answer to the client, not an error of ours
    """A request that is not answered, with the HTTP status that says whose move it is.

    Problems name fields and what would be accepted, never a value or a name that the client made up.
    """

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status)
        self.status = status
        self.problems = problems


def require(name: str, existing: Collection[str], where: str, kind: str) -> None:
    """Refuse, with what exists, a name that does not."""
    if name not in existing:
        article = "an" if kind[0] in "aeio" else "a"
        raise Refusal(404, Problem(where, f"is not {article} {kind}", tuple(existing)))
