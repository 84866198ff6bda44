"""What a service was given and cannot be used: it does not start with it, and a reload goes on without it."""

from environs import EnvError

from rules import RuleSetError


class Unfit(Exception):
    """A setting, or a file that one names, is not fit to serve with; the message says which and why."""


def reason(error: RuleSetError | Unfit | EnvError) -> str:
    """What an operator reads."""
    if isinstance(error, RuleSetError):
        return f"the rule sets are not fit to serve:\n{error}"
    return str(error)


UNFIT = (RuleSetError, Unfit, EnvError)
