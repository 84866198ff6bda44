"""Saying no: the one exception that becomes a problem document over HTTP and a message on the command line."""

from schemas import Problem


class Refusal(Exception):  # an answer to the client, not an error of ours
    """A request that is not answered, with the HTTP status that says whose move it is.

    Problems name fields and what would be accepted, never a value or a name that the client made up.
    """

    def __init__(self, status: int, *problems: Problem) -> None:
        super().__init__(status)
        self.status = status
        self.problems = problems
