"""Which truths of single lines can stand together: the lines about one fact, or about a few that are bound together.

Functions of their inputs, every combination tried: anemia (hemoglobin, sex, age, pregnancy, gestation, hematocrit and
the words for it), nitrous oxide, B12 treatment and injections, joint swelling, painful joints.
Bound to what they are computed from, their figure free (`bonds`): time on metformin and acid suppressants, duration of
the joint complaint, the ACR/EULAR score.
Free, whatever the facts behind them: symmetric joints, long-standing sphincter symptoms, B12 treatment before or after
a sample, biotin, injections, and the bond between age and pregnancy.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.evaluation import Evaluation
from rules.facts import Item
from rules.model import Finding, RuleSet
from rules.truth import Truth
from tests.proofs import free
from tests.proofs.cells import numbers
from tests.proofs.functions import FUNCTIONS
from tests.proofs.labs import results
from tests.proofs.patients import NOTHING, Fragment, facts_of

Row = tuple[Truth, ...]
JUDGED: dict[object, dict[Row, Fragment]] = {}


@dataclass(frozen=True)
class Cluster:
    """Lines that are bound together, each possible row of their truths with a piece of a patient that has it."""

    lines: tuple[Finding, ...]
    rows: Mapping[Row, Fragment]

    def named(self, row: Row) -> Iterator[tuple[Finding, Truth]]:
        """Each line with its truth in a row."""
        return zip(self.lines, row, strict=True)

    def onto(self, wanted: frozenset[str]) -> "Cluster":
        """The same cluster seen from some of its lines only."""
        kept = [index for index, line in enumerate(self.lines) if line.id in wanted]
        rows: dict[Row, Fragment] = {}
        for row, fragment in self.rows.items():
            rows.setdefault(tuple(row[index] for index in kept), fragment)
        return Cluster(tuple(self.lines[index] for index in kept), rows)


def all_lines(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The single lines behind findings, by name."""
    found: dict[str, Finding] = {}
    for finding in findings:
        found |= {finding.id: finding} if finding.line else all_lines(finding.members)
    return found


def clusters(rule_set: RuleSet) -> list[Cluster]:
    """Every line of a rule set, in clusters that are independent of each other."""
    lines = all_lines((*rule_set.named_findings(), rule_set.scope, rule_set.uninterpretable)).values()
    bound: dict[str, list[Finding]] = {}
    for line in lines:
        bound.setdefault(_cluster_name(line), []).append(line)
    return [_cluster(name, tuple(members)) for name, members in bound.items()]


def _cluster(name: str, lines: tuple[Finding, ...]) -> Cluster:
    """The cluster of these lines; the same lines in another set or profile are not judged again."""
    key = (name, *((line.id, line.text, line.line.comparisons if line.line else ()) for line in lines))
    if key not in JUDGED:
        JUDGED[key] = _rows(name, lines)
    return Cluster(lines, JUDGED[key])


def _cluster_name(finding: Finding) -> str:
    assert finding.line is not None
    fact = finding.line.fact
    named = (name for name, function in FUNCTIONS.items() if fact.code in function.facts)
    return next(named, "diet" if fact.group == "diet" else fact.code)


def _rows(name: str, lines: tuple[Finding, ...]) -> dict[Row, Fragment]:
    if name not in FUNCTIONS and lines[0].line and lines[0].line.fact.group == "derived":
        return free.rows(lines)
    rows: dict[Row, Fragment] = {}
    for fragment in _fragments(name, lines):
        evaluation = Evaluation(facts_of([fragment]))
        rows.setdefault(tuple(evaluation.truth(line) for line in lines), fragment)
    return rows


def _fragments(name: str, lines: tuple[Finding, ...]) -> Iterator[Fragment]:
    assert lines[0].line is not None
    fact = lines[0].line.fact
    if name in FUNCTIONS:
        yield from FUNCTIONS[name].fragments(lines)
    elif fact.group == "diet":
        yield from (NOTHING, Fragment(statements=(("diet", "omnivore"),)))
        yield from (Fragment(statements=(("diet", line.line.fact.code),)) for line in lines if line.line)
    elif fact.group == "labs":
        yield from (NOTHING, *(Fragment((result,)) for result in results(fact, lines)))
    elif fact.kind == "number":
        yield from (() if fact.code == "age" else (NOTHING,))
        yield from (_number(fact.code, number) for number in numbers(fact, lines))
    elif fact.group == "statements":
        yield from (NOTHING, *_choices(fact.code, fact.choices))
    else:
        yield from (NOTHING, *(Fragment(items=(Item(fact.code, "", present),)) for present in (False, True)))


def _number(code: str, number: int) -> Fragment:
    return Fragment(age=number) if code == "age" else Fragment(statements=((code, number),))


def _choices(code: str, choices: tuple[str, ...]) -> Iterator[Fragment]:
    if code == "sex":
        yield from (Fragment(sex=choice) for choice in choices)
    else:
        yield from (Fragment(statements=((code, choice),)) for choice in choices or (False, True))
