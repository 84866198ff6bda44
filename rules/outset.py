"""What holds of a patient of whom nothing was said, so that only what looks at a sent fact is judged anew.

Judging is deterministic: a finding that, with nothing said, looked only at facts that were not sent of this patient
either goes the same way for this patient, whatever else was sent.
"""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Facts, Result
from rules.marks import marks
from rules.model import Finding, RuleSet
from rules.nobody import ALWAYS_KNOWN, Nobody
from rules.scales import Scale, Standing, scale_of, stand


class Outset:
    """The findings of a rule set with nothing said, and by which facts they can come out otherwise.

    `listed` says that the prescribed medicines were sent as a whole list, here an empty one.
    """

    def __init__(self, rule_set: RuleSet, listed: bool) -> None:
        self.evaluation = Evaluation(Nobody(set(), listed))
        self.readers: dict[str, int] = {}
        self.lines: dict[str, list[Finding]] = {}
        self.groups: list[tuple[int, int, int]] = []
        self._ages: dict[int, Standing] = {}
        self._scales: dict[tuple[str, str], Scale] = {}
        for finding in _members_first((*rule_set.findings.values(), rule_set.scope, rule_set.uninterpretable)):
            self.evaluation.truth(finding)
            self._register(finding, _looked_at(finding, listed))
        self._about_age = marks(self._about("age"))

    def _register(self, finding: Finding, names: set[str]) -> None:
        for name in names:
            self.readers[name] = self.readers.get(name, 0) | finding.mark
        if finding.line is None:
            self.groups.append(finding.weighed_by)
        else:
            for name in names:
                self.lines.setdefault(name, []).append(finding)

    def evaluate(self, facts: Facts) -> Evaluation:
        """The findings of one patient, all judged: first the lines about what was sent, then the groups of them."""
        sent = (*ALWAYS_KNOWN, *facts.results, *facts.items, *facts.statements)
        anew = 0
        for name in sent:
            anew |= self.readers.get(name, 0)
        evaluation = Evaluation(facts, self.evaluation, anew)
        evaluation.take(self._about_age, *self._at_age(facts.age))
        for results in facts.results.values():
            self._place(results[0], evaluation)
        for name in sent:
            evaluation.look_at(self.lines.get(name, ()))
        evaluation.weigh_groups(self.groups)
        return evaluation

    def _at_age(self, age: int) -> Standing:
        """How the lines about the age stand at that age."""
        standing = self._ages.get(age)
        if standing is None:
            standing = self._ages[age] = stand(self._about("age"), Facts(date.min, age, "unknown"))
        return standing

    def _about(self, code: str) -> list[Finding]:
        """The lines about one fact itself."""
        return [finding for finding in self.lines.get(code, ()) if finding.line and finding.line.fact.code == code]

    def _place(self, result: Result, evaluation: Evaluation) -> None:
        """Judge all lines about one exact result at once; what is left is judged line by line."""
        if result.quantity is None or not result.quantity.interval.is_exact:
            return
        scale = self._scale(result.test, result.quantity.unit)
        standing = scale.standing(result.quantity.interval.low)
        if standing is not None:
            evaluation.take(scale.marks if result.is_bare else scale.unmoved, standing.true, standing.possible)

    def _scale(self, test: str, unit: str) -> Scale:
        scale = self._scales.get((test, unit))
        if scale is None:
            scale = self._scales[test, unit] = scale_of(catalogue().fact(test), unit, self._about(test))
        return scale


def evaluate(rule_set: RuleSet, facts: Facts) -> Evaluation:
    """The findings of a rule set for one patient, all judged."""
    return rule_set.once(_with_whole_list if facts.medications_listed else _without_list).evaluate(facts)


def _with_whole_list(rule_set: RuleSet) -> Outset:
    return Outset(rule_set, listed=True)


def _without_list(rule_set: RuleSet) -> Outset:
    return Outset(rule_set, listed=False)


def _looked_at(finding: Finding, listed: bool) -> set[str]:
    """The facts looked for in judging a finding and in asking what would settle it."""
    seen: set[str] = set()
    evaluation = Evaluation(Nobody(seen, listed))
    evaluation.truth(finding)
    evaluation.unknown_facts(finding)
    return seen


def _members_first(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    found: set[str] = set()

    def walk(finding: Finding) -> Iterator[Finding]:
        for member in finding.members:
            yield from walk(member)
        if finding.id not in found:
            found.add(finding.id)
            yield finding

    return chain.from_iterable(walk(finding) for finding in findings)
