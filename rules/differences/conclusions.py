"""What changed in a rule: whom it is for, what it asks and what it concludes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from rules.differences.changes import (
    Aspect,
    became,
    names,
    other_examples,
    recited,
    relisted,
    reworded,
    weakened,
)
from rules.model import SEVERITIES, URGENCIES, WHEN_WORDS, AnyRule, Likelihood, RuleSet, When
from rules.versions import MAJOR, MINOR

WORDING = ("title", "text")
SCALES = {"severity": SEVERITIES, "urgency": URGENCIES}
# A level, a kind of step, a test or a strength is what others act on; the rest is how sure or on what basis.
STEPS_OF: Mapping[str, str] = {"basis": MINOR, "certainty": MINOR}


def describe_rule(old: AnyRule, new: AnyRule) -> Iterator[Aspect]:
    """Each property of a rule that is not as it was."""
    yield from reworded("title", old.title, new.title)
    yield from became("scope", old.scope, new.scope, MINOR)
    yield from describe_when(old.when, new.when)
    yield from _conclusions(old.then, new.then)
    yield from reworded("wrong_when", old.wrong_when, new.wrong_when)
    yield from recited(old.citations, new.citations)
    yield from other_examples(old.examples, new.examples)


def describe_when(old: When, new: When, block: str = "") -> Iterator[Aspect]:
    """Each of the four words that names other findings."""
    for word in WHEN_WORDS:
        yield from relisted(f"{block}{word}", names(getattr(old, word)), names(getattr(new, word)), MINOR)
    yield from became(f"{block}at_least", old.at_least, new.at_least, MINOR)


def step_of_removal(rule: AnyRule, new: RuleSet) -> str:
    """A removed rule takes its conclusion with it, unless another rule of the new set still draws the same."""
    return MINOR if _outcome(rule) in map(_outcome, new.rules.values()) else MAJOR


def _outcome(rule: AnyRule) -> tuple[type, str]:
    then = rule.then
    return type(then), then.level if isinstance(then, Likelihood) else then.id


def _conclusions(old: Any, new: Any) -> Iterator[Aspect]:
    if type(old) is not type(new):
        yield "it concludes something of another kind", MAJOR
        return
    for name in (field.name for field in fields(old)):
        yield from _property(name, getattr(old, name), getattr(new, name))


def _property(name: str, before: Any, after: Any) -> Iterator[Aspect]:
    if name in WORDING:
        yield from reworded(f"its {name}", before, after)
    elif name in SCALES:
        yield from weakened(name, before, after, SCALES[name])
    else:
        yield from became(name, before, after, STEPS_OF.get(name, MAJOR))
