"""What becomes of one patient's answer under another version: its level, its flags and its recommendations."""

from collections.abc import Iterator
from dataclasses import dataclass

from rules.assessment import Advice, Assessment, LikelihoodOutcome
from rules.differences.changes import Aspect, became, weakened
from rules.model import LEVELS, SEVERITIES, URGENCIES
from rules.versions import MAJOR, MINOR


@dataclass(frozen=True, slots=True)
class Shift:
    """One difference between two answers; `loses` when the level drops or a flag or recommendation is gone."""

    about: str
    says: str
    needs: str
    loses: bool = False


def shifts_between(before: Assessment, after: Assessment) -> tuple[Shift, ...]:
    """How the answer of one version differs from that of another; wording and citations are no difference."""
    return (
        *_level(before.likelihood, after.likelihood),
        *_flags(before, after),
        *_recommendations(before, after),
    )


def _level(before: LikelihoodOutcome, after: LikelihoodOutcome) -> Iterator[Shift]:
    """An answer that lacked data and is now decided is an addition; any other change of the level is not."""
    needs = MINOR if before.reason == "insufficient_data" else MAJOR
    for says, step in became("level", before.level, after.level, needs):
        yield Shift("level", says, step, LEVELS.index(after.level) < LEVELS.index(before.level))


def _flags(before: Assessment, after: Assessment) -> Iterator[Shift]:
    old = {raised.flag.id: raised.flag for raised in before.flags}
    new = {raised.flag.id: raised.flag for raised in after.flags}
    yield from _gone_and_come("flag", list(old), list(new))
    for id_ in (id_ for id_ in old if id_ in new):
        for says, needs in weakened("severity", old[id_].severity, new[id_].severity, SEVERITIES):
            yield Shift("flag", f"flag {id_}: {says}", needs)


def _recommendations(before: Assessment, after: Assessment) -> Iterator[Shift]:
    old = {advice.recommendation.id: advice for advice in before.recommendations}
    new = {advice.recommendation.id: advice for advice in after.recommendations}
    yield from _gone_and_come("recommendation", list(old), list(new))
    for id_ in (id_ for id_ in old if id_ in new):
        for says, needs in _altered(old[id_], new[id_]):
            yield Shift("recommendation", f"recommendation {id_}: {says}", needs)


def _gone_and_come(about: str, old: list[str], new: list[str]) -> Iterator[Shift]:
    for id_ in (id_ for id_ in old if id_ not in new):
        yield Shift(about, f"{about} {id_} is lost", MAJOR, loses=True)
    for id_ in (id_ for id_ in new if id_ not in old):
        yield Shift(about, f"{about} {id_} is new", MINOR)


def _altered(old: Advice, new: Advice) -> Iterator[Aspect]:
    for name in ("action", "tests", "strength"):
        yield from became(name, getattr(old.recommendation, name), getattr(new.recommendation, name), MAJOR)
    yield from weakened("urgency", old.urgency, new.urgency, URGENCIES)
