"""How a command names a rule set: by its directory, its version and its profile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rules import Library, RuleSet, RuleSetError
from rules.library import SETS
from service.choice import choose
from service.refusal import Refusal, require

DIRECTORY = click.option(
    "--sets",
    "path",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SETS,
    help="The directory of rule sets; the shipped one when left out.",
)
VERSION = click.option("--rule-set", "version", help="The version of the rule set; the active one when left out.")
PROFILE = click.option("--profile", help="The profile of the rule set; its default one when left out.")


@contextmanager
def usable() -> Iterator[None]:
    """What rule sets are read in: the command ends with all that is wrong with them."""
    try:
        yield
    except RuleSetError as error:
        raise click.ClickException(str(error)) from None


def open_library(path: Path = SETS) -> Library:
    """The rule sets of a directory; the command ends with all that is wrong with them."""
    with usable():
        return Library.open(path)


def check_versions(library: Library, versions: tuple[str, ...], option: str) -> None:
    """End the command with the versions that exist when one of these does not."""
    try:
        for version in versions:
            require(version, library.versions, option, "rule set")
    except Refusal as refusal:
        raise _bad_parameter(refusal) from None


def chosen_rule_set(version: str | None, profile: str | None = None) -> RuleSet:
    """The rule set and profile that a command asks for; it ends with those that exist where they are others."""
    try:
        with usable():
            return choose(Library.open_as_needed(), version, profile, ("--rule-set", "--profile"))
    except Refusal as refusal:
        raise _bad_parameter(refusal) from None


def _bad_parameter(refusal: Refusal) -> click.ClickException:
    problem = next(iter(refusal.problems), None)
    if problem is None:
        return click.ClickException("there is no rule set")
    return click.BadParameter(f"there is {', '.join(problem.accepted)}", param_hint=problem.path)
