"""What gets worse never makes the answer milder: a lower B12 the likelihood, a new symptom or a worse result a flag."""

from collections.abc import Iterable, Iterator
from typing import Any

import z3

from rules.catalogue import catalogue
from rules.model import LEVELS, SEVERITIES, AnyRule, Finding, Flag, Rule, RuleSet
from tests.proofs.bonds import holding
from tests.proofs.clusters import Cluster, all_lines
from tests.proofs.reach import fires
from tests.proofs.result import Result
from tests.proofs.search import Patients, is_possible, is_row
from tests.proofs.steps import DANGER, Step, appearing, steps_of
from tests.proofs.worlds import World, symbolic

GRAVE = ("emergency", "urgent")
ALSO_GUARDED = ("folate_before_b12", "low_despite_treatment", "potassium_on_treatment")
COMPLAINTS = ("symptoms", "signs")


def lower_b12(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """All else equal, a lower total or active B12 never gives a lower level."""
    for test in ("b12_total", "b12_active") if rule_set.likelihood else ():
        cluster = _cluster_of(test, patients)
        steps = steps_of(cluster, test, "lower")
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
            yield code, cluster, list(appearing(cluster, code))
        elif code in DANGER:
            yield code, cluster, steps_of(cluster, code, DANGER[code])


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


def _lost(
    rules: list[Any], cluster: Cluster, steps: list[Step], about: list[Finding], rule_set: RuleSet, patients: Patients
) -> bool:
    """Whether some of the rules can fire and, one step on, none does."""
    first, second, solver = symbolic(), symbolic("then "), z3.Solver()
    wanted = frozenset(all_lines(about))
    for other in patients.clusters:
        if other is not cluster and any(line.id in wanted for line in other.lines):
            part = other.onto(wanted)
            solver.add(is_possible(first, part))
            solver.add(*(_same(first, second, line) for line in part.lines))
    solver.add(z3.Or(*(z3.And(is_row(first, cluster, one), is_row(second, cluster, two)) for one, two in steps)))
    solver.add(*(bond for world in (first, second) for bond in holding(world, all_lines(about).values())))
    solver.add(z3.Or(*(fires(rule, rule_set, first) for rule in rules)))
    solver.add(z3.Not(z3.Or(*(fires(rule, rule_set, second) for rule in rules))))
    return bool(solver.check() != z3.unsat)


def _same(first: World, second: World, line: Finding) -> Any:
    one, other = first.truth(line), second.truth(line)
    return z3.And(one.true == other.true, one.false == other.false)
