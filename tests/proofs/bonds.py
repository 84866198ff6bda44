"""What a computed fact is bound to, where its whole function is too large to try: true of every patient.

Where it is settled one way or the other, something it is computed from is there. Without this a proof would grant
that somebody had been on metformin for years who does not take it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.derived.joints import COMPLAINTS
from rules.derived.treatment import ACID_SUPPRESSANTS
from rules.model import Finding
from tests.proofs.worlds import Bool, World


@dataclass(frozen=True)
class Bond:
    """Where `fact` is settled, one of `present` is there or one of `stated` was said."""

    fact: str
    present: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()


BONDS = (
    Bond("metformin_months", present=("metformin",)),
    Bond("acid_suppressant_months", present=tuple(ACID_SUPPRESSANTS)),
    Bond("joint_complaint_months", present=COMPLAINTS, stated=("duration_weeks",)),
    Bond("acr_eular_score", present=("joint_swelling_known",)),
)


def holding(world: World, lines: Iterable[Finding]) -> Iterator[Bool]:
    """Each bond whose facts are all among these lines, said of a world."""
    about: dict[str, list[Finding]] = {}
    for line in lines:
        about.setdefault(line.line.fact.code if line.line else "", []).append(line)
    for bond in BONDS:
        if {bond.fact, *bond.present, *bond.stated} <= about.keys():
            there = [world.truth(line).true for code in bond.present for line in about[code]]
            said = [_settled(world, line) for code in bond.stated for line in about[code]]
            loose = world.negation(world.some(_settled(world, line) for line in about[bond.fact]))
            yield world.some([loose, *there, *said])


def _settled(world: World, line: Finding) -> Bool:
    pair = world.truth(line)
    return world.some([pair.true, pair.false])
