"""Which unknown facts could, each by itself, make what is undecided hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from rules.evaluation import Evaluation
from rules.model import Finding, When


class Settling:
    """For one patient, the facts that could settle a rule or a finding without any other; each looked up once."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._found: dict[tuple[int, bool], frozenset[str]] = {}

    def one_answer_from(self, when: When) -> frozenset[str]:
        """The facts of which one answer alone could make an undecided rule fire."""
        evaluation = self._evaluation
        lacking = when.needed - (when.any_marks & evaluation.true).bit_count()
        alone = [self._settling(finding, holding=True) for finding in self._open(when.all)]
        alone += [self._settling(finding, holding=False) for finding in self._open(when.none)]
        if lacking > 0:
            alone.append(self._enough(when.any, lacking, holding=True))
        return frozenset.intersection(*alone) if alone else frozenset()

    def _settling(self, finding: Finding, *, holding: bool) -> frozenset[str]:
        key = (finding.mark, holding)
        if key not in self._found:
            self._found[key] = self._settle(finding, holding)
        return self._found[key]

    def _settle(self, finding: Finding, holding: bool) -> frozenset[str]:
        if finding.line is not None:
            return frozenset(self._evaluation.unknown_facts(finding))
        _, members, needed = finding.weighed_by
        there = (members & self._evaluation.true).bit_count()
        perhaps = (members & self._evaluation.possible).bit_count()
        if finding.group == "none":
            return self._enough(finding.members, perhaps if holding else 1, holding=not holding)
        return self._enough(finding.members, needed - there if holding else perhaps - needed + 1, holding=holding)

    def _enough(self, findings: Iterable[Finding], lacking: int, *, holding: bool) -> frozenset[str]:
        """The facts that could settle so many of the unknown findings at once."""
        each = (self._settling(finding, holding=holding) for finding in self._open(findings))
        counted = Counter(chain.from_iterable(each))
        return frozenset(fact for fact, settled in counted.items() if settled >= lacking)

    def _open(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        unknown = self._evaluation.unknown
        return (finding for finding in findings if finding.mark & unknown)
