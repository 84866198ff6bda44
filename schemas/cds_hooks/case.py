"""Everything that the cards of one call are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from rules.assessment import Assessment
from rules.facts import Result

INDICATORS = ("info", "warning", "critical")


@dataclass(frozen=True, slots=True)
class CardOptions:
    """How an operator wants cards: at most so many, none milder than so much, and where the service is known."""

    most: int = 1
    mildest: str = "info"
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What is being ordered, medicines and tests by the catalogue's codes.

    `before` is the assessment without the order; `resulted` are results that the ordered tests already have.
    """

    before: Assessment
    medicines: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    resulted: Mapping[str, Result] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """An assessment with the call it answers.

    `ordered` are tests on their way, `lost` results that had to be left out, `notes` what else a reader should know.
    With `unverified_codes` a draft names what has no verified code by one that nobody has read anywhere.
    """

    assessment: Assessment
    instance: UUID
    service: str
    patient_id: str
    encounter_id: str | None = None
    ordered: frozenset[str] = frozenset()
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: Order | None = None
    unverified_codes: bool = False

    def uuid(self, *names: str) -> str:
        """The same for the same call, rule set and names, so that feedback can be joined although nothing is kept."""
        rule_set = self.assessment.rule_set
        return str(uuid5(self.instance, "/".join((rule_set.manifest.version, rule_set.profile, self.service, *names))))
