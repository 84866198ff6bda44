"""What gets worse never makes the answer milder: a lower B12 the likelihood, a new symptom or a worse result a flag."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from typing import Any

import z3

from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Result as LabResult
from rules.model import LEVELS, SEVERITIES, AnyRule, Finding, Flag, Rule, RuleSet
from rules.quantities import Interval, Quantity
from rules.truth import Truth
from tests.proofs.cells import values
from tests.proofs.clusters import Cluster, Row, all_lines
from tests.proofs.functions import who_limits
from tests.proofs.patients import Fragment, facts_of
from tests.proofs.reach import fires
from tests.proofs.result import Result
from tests.proofs.search import Patients, is_row
from tests.proofs.worlds import World, symbolic

DANGER = {
    **dict.fromkeys(("hemoglobin", "platelets", "wbc", "neutrophils", "potassium"), "lower"),
    **dict.fromkeys(("b12_total", "b12_active"), "lower"),
    **dict.fromkeys(("mma", "homocysteine"), "higher"),
}
GRAVE = ("emergency", "urgent")
ALSO_GUARDED = ("folate_before_b12", "low_despite_treatment", "potassium_on_treatment")
COMPLAINTS = ("symptoms", "signs")
Step = tuple[Row, Row]
STEPS: dict[object, list[Step]] = {}


def lower_b12(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """All else equal, a lower total or active B12 never gives a lower level."""
    for test in ("b12_total", "b12_active") if rule_set.likelihood else ():
        cluster = _cluster_of(test, patients)
        steps = _steps(cluster, test, "lower")
        about = [finding for rule in rule_set.likelihood for finding in rule.named_findings()]
        for level in range(1, len(LEVELS)):
            reached = [rule for rule in rule_set.likelihood if LEVELS.index(rule.then.level) >= level]
            lost = _lost(reached, cluster, steps, [*about, rule_set.scope], rule_set, patients)
            wrong = f"a lower {test} can lower the level from {LEVELS[level]}" if lost else None
            yield Result("lower-b12-lowers-level", f"{test}, {LEVELS[level]}", "solver", wrong)


def worse_input(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """A symptom or sign that appears, or a result that gets worse, never weakens or removes a guarded flag."""
    for flag in dict.fromkeys(rule.then.id for rule in rule_set.flags):
        rules = [rule for rule in rule_set.flags if rule.then.id == flag]
        if flag in ALSO_GUARDED or any(rule.then.severity in GRAVE for rule in rules):
            for subject, cluster, steps in _worsenings(rules, patients):
                yield _guarded(rules, subject, cluster, steps, rule_set, patients)


def _worsenings(rules: Iterable[AnyRule], patients: Patients) -> Iterator[tuple[str, Cluster, list[Step]]]:
    lines = all_lines(finding for rule in rules for finding in rule.named_findings()).values()
    facts = {line.line.fact.code: line.line.fact for line in lines if line.line}
    if "anemia" in facts:
        facts.setdefault("hemoglobin", catalogue().fact("hemoglobin"))
    for code, fact in facts.items():
        cluster = _cluster_of(code, patients)
        if fact.group in COMPLAINTS:
            yield code, cluster, list(_appearing(cluster, code))
        elif code in DANGER:
            yield code, cluster, _steps(cluster, code, DANGER[code])


def _guarded(
    rules: list[Rule[Flag]], subject: str, cluster: Cluster, steps: list[Step], rule_set: RuleSet, patients: Patients
) -> Result:
    flag = rules[0].then.id
    about = [*(finding for rule in rules for finding in rule.named_findings()), rule_set.scope]
    lost = False
    for rank in range(len(SEVERITIES)):
        as_grave = [rule for rule in rules if SEVERITIES.index(rule.then.severity) <= rank]
        lost = lost or (bool(as_grave) and _lost(as_grave, cluster, steps, about, rule_set, patients))
    wrong = f"a worse {subject} can weaken or remove the flag '{flag}'" if lost else None
    return Result("worse-input-weakens-flag", f"{flag}, {subject}", "solver", wrong)


def _cluster_of(code: str, patients: Patients) -> Cluster:
    for cluster in patients.clusters:
        if any(line.line and (line.line.fact.code == code) for line in cluster.lines):
            return cluster
    return next(cluster for cluster in patients.clusters if any(line.id == "anemia" for line in cluster.lines))


def _appearing(cluster: Cluster, code: str) -> Iterator[Step]:
    """From not known or absent to present; all else that is said stays, what is computed may only rise."""
    own = next(index for index, line in enumerate(cluster.lines) if line.id == code)
    computed = {index for index, line in enumerate(cluster.lines) if line.line and line.line.fact.group == "derived"}
    said = set(range(len(cluster.lines))) - computed - {own}
    for before, after in product(cluster.rows, cluster.rows):
        appears = before[own] is not Truth.TRUE and after[own] is Truth.TRUE
        if appears and all(before[i] == after[i] for i in said) and all(before[i] <= after[i] for i in computed):
            yield before, after


def _steps(cluster: Cluster, code: str, direction: str) -> list[Step]:
    """How the lines about a test move when its result moves one cell, with the same unit, limits and patient."""
    key = (code, *((line.id, line.text, line.line.comparisons if line.line else ()) for line in cluster.lines))
    if key not in STEPS:
        STEPS[key] = list(dict.fromkeys(_moves(cluster, code, direction)))
    return STEPS[key]


def _moves(cluster: Cluster, code: str, direction: str) -> Iterator[Step]:
    fact = catalogue().fact(code)
    read = [line for line in cluster.lines if line.line and line.line.fact.code == code]
    for unit in fact.units:
        cells = values(fact, [*read, *_more_lines(code)], unit)
        ordered = [Interval.exactly(cell) for cell in (cells if direction == "higher" else reversed(cells))]
        for limits, statements in product(_limits(code, cells), _people(cluster)):
            rows = [_row(cluster, LabResult(code, "", Quantity(one, unit), **limits), statements) for one in ordered]
            yield from ((before, after) for before, after in pairwise(rows) if before != after)


def _limits(code: str, cells: list[Any]) -> Iterator[Mapping[str, Any]]:
    yield {}
    name = {"lower": "low", "higher": "high"}[DANGER[code]]
    yield from ({name: cell} for cell in cells)
    if code in ("b12_total", "b12_active"):
        options = [None, *cells]
        for lower, upper in product(options, options):
            if lower is None or upper is None or lower <= upper:
                yield {"deficient_below": lower, "unlikely_above": upper}


def _people(cluster: Cluster) -> list[Fragment]:
    if not any(line.id == "pregnant" for line in cluster.lines):
        return [Fragment()]
    return [Fragment(), *(Fragment(statements=(("pregnant", said),)) for said in (False, True))]


def _more_lines(code: str) -> list[Finding]:
    return list(who_limits()) if code == "hemoglobin" else []


def _row(cluster: Cluster, result: LabResult, person: Fragment) -> Row:
    evaluation = Evaluation(facts_of([person, Fragment((result,))]))
    return tuple(evaluation.truth(line) for line in cluster.lines)


def _lost(
    rules: list[Any], cluster: Cluster, steps: list[Step], about: list[Finding], rule_set: RuleSet, patients: Patients
) -> bool:
    """Whether some of the rules can fire and, one step on, none does."""
    first, second, solver = symbolic(), symbolic("then "), z3.Solver()
    wanted = frozenset(all_lines(about))
    for other in patients.clusters:
        if other is not cluster and any(line.id in wanted for line in other.lines):
            part = other.onto(wanted)
            solver.add(z3.Or(*(is_row(first, part, row) for row in part.rows)))
            solver.add(*(_same(first, second, line) for line in part.lines))
    solver.add(z3.Or(*(z3.And(is_row(first, cluster, one), is_row(second, cluster, two)) for one, two in steps)))
    solver.add(z3.Or(*(fires(rule, rule_set, first) for rule in rules)))
    solver.add(z3.Not(z3.Or(*(fires(rule, rule_set, second) for rule in rules))))
    return bool(solver.check() != z3.unsat)


def _same(first: World, second: World, line: Finding) -> Any:
    one, other = first.truth(line), second.truth(line)
    return z3.And(one.true == other.true, one.false == other.false)
