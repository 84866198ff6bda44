"""Canaries: a few whole patients of the active rule set whose answers are known, asked again and again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from rules import Library, RuleSet, RuleSetError
from rules.model import LEVELS
from rules.vignettes import Vignette, failed_vignettes
from service.checking import read_summary, vignettes_of

SELF_TEST = "b12cds.self_test"
SECONDS_GOOD = 5.0


@dataclass
class SelfTest:
    """Asks the canaries; what they said holds for some seconds, so that probes cost nothing."""

    rule_set: RuleSet
    canaries: list[Vignette]
    _failures: list[str] = field(default_factory=list)
    _asked: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, library: Library) -> "SelfTest | None":
        """The canaries of the active rule set; RuleSetError when one of them fails, none without a rule set."""
        if not library.versions:
            return None
        test = cls(library.active, list(choose_canaries(library)))
        if failures := test.failures():
            raise RuleSetError([f"self-test: {failure}" for failure in failures])
        return test

    def failures(self) -> list[str]:
        """One sentence for every canary whose answer is not the expected one."""
        with self._lock:
            if monotonic() - self._asked > SECONDS_GOOD:
                self._failures = list(failed_vignettes(self.rule_set, self.canaries, read_summary))
                self._asked = monotonic()
            return self._failures


def choose_canaries(library: Library) -> Iterator[Vignette]:
    """For each level and for the gravest flags, the first patient of the active set who has it."""
    vignettes = vignettes_of(library, library.active.manifest.version)
    emergencies = {rule.then.id for rule in library.active.flags if rule.then.severity == "emergency"}
    for level in LEVELS:
        yield from [vignette for vignette in vignettes if vignette.expect["level"] == level][:1]
    yield from [vignette for vignette in vignettes if emergencies & set(vignette.expect.get("flags", ()))][:1]
