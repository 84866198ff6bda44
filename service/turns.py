"""Long documents are read one at a time: side by side they would be done no sooner, and each fills much memory."""

from contextlib import AbstractContextManager, nullcontext
from threading import Lock

LONG = 1024 * 1024

_turn = Lock()


def turn(size: int) -> AbstractContextManager[object]:
    """The turn of a document of so many bytes among those of this process; a short one need not wait for any."""
    return _turn if size > LONG else nullcontext()
