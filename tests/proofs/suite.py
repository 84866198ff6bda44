"""All proofs of one rule set, under each of its profiles."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from rules.catalogue import catalogue
from rules.loading import load_rule_set
from rules.model import AnyRule, RuleSet
from rules.source import RuleSetError
from tests.proofs.bands import each_band
from tests.proofs.reach import each_pair, each_rule, each_stance
from tests.proofs.references import each_reference, each_source, unreadable
from tests.proofs.result import Result
from tests.proofs.search import Patients
from tests.proofs.worse import lower_b12, worse_input

WORKERS = 2
ACCEPTED = Path(__file__).parent.parent / "data" / "unused_on_purpose.yaml"


def prove(directory: Path, today: date) -> list[Result]:
    """Everything that is proved of the rule set in a directory, and everything found wrong with it."""
    try:
        rule_set = load_rule_set(directory, catalogue())
    except RuleSetError as error:
        return list(unreadable(error.problems))
    found = [*each_reference(rule_set, accepted_unused(rule_set.manifest.version)), *each_source(rule_set, today)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as pool:
        for results in pool.map(_of_profile, [directory] * len(rule_set.by_profile), rule_set.by_profile):
            found += results
    return found


def _of_profile(directory: Path, profile: str) -> list[Result]:
    rule_set = load_rule_set(directory, catalogue())
    return list(_under_profile(rule_set.by_profile[profile], rule_set))


def accepted_unused(version: str) -> frozenset[str]:
    """The facts and passages that are known to be there without a rule."""
    listed: dict[str, Any] = YAML(typ="safe", pure=True).load(ACCEPTED)
    return frozenset((*listed["facts"], *listed["later"].get(version, ()), *listed["passages"].get(version, ())))


def _under_profile(profile: RuleSet, default: RuleSet) -> Iterator[Result]:
    """Under another profile only what reads a finding that it replaces is proved again."""
    patients = Patients(profile)
    part = profile if profile.profile == default.profile else _changed(profile, default)
    rules = (each_rule(part, patients), each_pair(part, patients), each_stance(part, patients))
    for results in (*rules, each_band(profile), lower_b12(part, patients), worse_input(part, patients)):
        yield from (replace(result, subject=f"{result.subject} ({profile.profile})") for result in results)


def _changed(profile: RuleSet, default: RuleSet) -> RuleSet:
    """The set without the conclusions that no rule reaches differently under this profile."""

    def rules(name: str) -> tuple[Any, ...]:
        before = {rule.id: rule.when for rule in getattr(default, name)}
        moved = {_concluded(rule) for rule in getattr(profile, name) if rule.when != before[rule.id]}
        return tuple(rule for rule in getattr(profile, name) if _concluded(rule) in moved)

    def explanations(name: str) -> dict[str, Any]:
        before, now = getattr(default, name), getattr(profile, name)
        return {id_: one for id_, one in now.items() if one.named_findings() != before[id_].named_findings()}

    parts: dict[str, Any] = {name: rules(name) for name in ("likelihood", "flags", "recommendations")}
    return replace(profile, **parts, **{name: explanations(name) for name in ("differential", "causes")})


def _concluded(rule: AnyRule) -> str:
    return getattr(rule.then, "id", "likelihood")
