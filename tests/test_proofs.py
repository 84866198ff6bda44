"""What is proved of the shipped rule sets holds, and every planted defect is found with nothing else."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import z3
from ruamel.yaml import YAML

from rules.evaluation import Evaluation
from rules.facts import Facts
from rules.library import SETS, Library
from rules.model import Finding, RuleSet
from rules.truth import Truth
from rules.verdicts import weigh
from service.checking import read_summary, with_all_examples
from tests.core_helpers import published_set
from tests.proofs.bonds import BONDS, Bond, holding
from tests.proofs.clusters import all_lines, clusters
from tests.proofs.patients import facts_of, summary_of
from tests.proofs.reach import fires
from tests.proofs.search import Patients
from tests.proofs.worlds import plain, symbolic

pytestmark = pytest.mark.proof
PLANTED = YAML(typ="safe", pure=True).load(Path(__file__).parent / "data" / "planted_defects.yaml")


def every_given(rule_set: RuleSet) -> list[Facts]:
    """Every patient of an example."""
    parts = (*rule_set.rules.values(), *rule_set.differential.values(), *rule_set.causes.values())
    return [read_summary(example.given) for part in parts for example in part.examples]


def failures(sets: Path) -> list[str]:
    """What the proofs find wrong, found in a process of its own: coverage would slow the solver for nothing."""
    command = [sys.executable, "-m", "tests.proofs", str(sets), "--retired", "--today", "2026-12-01"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    found = [line.partition(" | FAILED ")[2] for line in run.stderr.splitlines()]
    assert all(found), run.stderr
    assert run.returncode == bool(found)
    return found


def test_nothing_is_wrong_with_the_shipped_sets() -> None:
    assert failures(SETS) == []


@pytest.mark.parametrize("copy", PLANTED)
def test_every_planted_defect_is_found_and_nothing_else(tmp_path: Path, copy: str) -> None:
    directory = copytree(SETS / "1.0.0", tmp_path / "1.0.0")
    for defect in PLANTED[copy].values():
        plant(directory, defect)
    found = failures(tmp_path)
    expected = [message for defect in PLANTED[copy].values() for message in defect["expect"]]
    assert len(found) == len(expected), found
    for message in expected:
        assert sum(message in failure for failure in found) == 1, (message, found)


def plant(directory: Path, defect: dict[str, Any]) -> None:
    path = directory / defect["file"]
    text = path.read_text(encoding="utf-8")
    if "append" in defect:
        path.write_text(f"{text}\n{defect['append']}", encoding="utf-8")
    else:
        assert text.count(defect["find"]) == 1
        path.write_text(text.replace(defect["find"], defect["put"]), encoding="utf-8")


def test_the_cells_hold_every_patient_of_the_examples() -> None:
    rule_set = published_set()
    known = clusters(rule_set)
    for facts in every_given(rule_set)[::3]:
        evaluation = Evaluation(facts)
        for cluster in known:
            assert tuple(evaluation.truth(line) for line in cluster.lines) in cluster.rows


def test_what_computed_facts_are_bound_to_holds_for_every_patient_of_the_examples() -> None:
    library, settled = Library.open(SETS), 0
    rule_set = with_all_examples(library, library.active.manifest.version)
    lines = all_lines(rule_set.named_findings())
    for facts in every_given(rule_set):
        evaluation = Evaluation(facts)
        bonds = list(holding(plain({name: evaluation.truth(line) for name, line in lines.items()}), lines.values()))
        assert len(bonds) == len(BONDS)
        assert all(bonds)
        settled += any(evaluation.truth(line) is not Truth.UNKNOWN for line in lines.values() if is_bound(line))
    assert settled > 20


@pytest.mark.parametrize("bond", BONDS, ids=lambda bond: bond.fact)
def test_a_computed_fact_with_nothing_behind_it_breaks_its_bond(bond: Bond) -> None:
    lines = all_lines(published_set().named_findings())
    truths = {
        name: Truth.TRUE if line.line and line.line.fact.code == bond.fact else Truth.UNKNOWN
        for name, line in lines.items()
    }
    assert list(holding(plain(truths), lines.values())).count(False) == 1


def is_bound(line: Finding) -> bool:
    return line.line is not None and line.line.fact.code in {bond.fact for bond in BONDS}


def test_proofs_weigh_rules_as_the_engine_does() -> None:
    rule_set = published_set()
    lines = all_lines((*rule_set.named_findings(), rule_set.scope))
    for facts in every_given(rule_set)[::7]:
        evaluation = Evaluation(facts)
        world = plain({name: evaluation.truth(line) for name, line in lines.items()})
        for rule in rule_set.rules.values():
            truth, assumed = weigh(rule.when, evaluation)
            assert world.fires(rule.when) is (truth is Truth.TRUE)
            assert world.can_fire(rule.when) is (truth is not Truth.FALSE)
            assert world.fires_surely(rule.when) is (truth is Truth.TRUE and not assumed)


def test_the_solver_weighs_rules_as_the_engine_does() -> None:
    rule_set = published_set()
    for facts in every_given(rule_set)[::60]:
        world, solver, evaluation = symbolic(), z3.Solver(), Evaluation(facts)
        for line in all_lines((*rule_set.named_findings(), rule_set.scope)).values():
            pair, truth = world.truth(line), evaluation.truth(line)
            solver.add(pair.true == (truth is Truth.TRUE), pair.false == (truth is Truth.FALSE))
        assert solver.check() == z3.sat
        for rule in rule_set.rules.values():
            fired = z3.is_true(solver.model().eval(world.fires(rule.when), model_completion=True))
            assert fired is (weigh(rule.when, evaluation)[0] is Truth.TRUE)


def test_a_patient_found_by_the_proofs_is_one_that_the_service_reads_so() -> None:
    rule_set, confirmed = published_set(), 0
    patients = Patients(rule_set)
    for rule in rule_set.rules.values():
        about = (*rule.named_findings(), rule_set.scope)
        found = patients.search(lambda world, rule=rule: fires(rule, rule_set, world), about)
        assert found.patient is not None
        summary = summary_of(found.patient)
        assert read_summary(summary).age == facts_of(found.patient).age
        confirmed += weigh(rule.when, Evaluation(read_summary(summary)))[0] is Truth.TRUE
    assert confirmed > len(rule_set.rules) * 0.9
