"""Examples inside rules and whole-patient vignettes beside them: what a rule set promises, run against it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules.assessment import Assessment, ExplanationNote
from rules.boundaries import explanation_outcome, rule_outcome
from rules.engine import assess
from rules.evaluation import Evaluation
from rules.facts import Facts
from rules.loading.formats import VIGNETTES
from rules.model import AnyRule, Example, Explanation, RuleSet
from rules.source import Problems, read_yaml

EXPECTED_OF = {"fired": "fires", "silent": "silent"}

ReadSummary = Callable[[Mapping[str, Any]], Facts]


@dataclass(frozen=True, slots=True)
class Vignette:
    """One patient with a story, the summary that is sent and what a good answer holds."""

    id: str
    story: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    where: str


def failed_examples(rule_set: RuleSet, read_summary: ReadSummary) -> Iterator[str]:
    """One sentence for every example of a rule or an explanation that does not hold."""
    for rule in rule_set.rules.values():
        for example in rule.examples:
            yield from _failed_rule_example(rule, example, rule_set, read_summary)
    for explanations in (rule_set.differential, rule_set.causes):
        for explanation in explanations.values():
            yield from _failed_explanation_examples(explanation, rule_set, read_summary)


def _failed_rule_example(
    rule: AnyRule, example: Example, rule_set: RuleSet, read_summary: ReadSummary
) -> Iterator[str]:
    facts = read_summary(example.given)
    outcome = EXPECTED_OF.get(rule_outcome(rule, rule_set, facts), "undecided")
    if outcome != example.expected:
        yield f"{example.where}: '{rule.id}' is {outcome}, not {example.expected}"
    evaluation = Evaluation(facts)
    asked = {fact for finding in rule.when.findings for fact in evaluation.unknown_facts(finding)}
    for fact in example.undecided:
        if fact not in asked:
            yield f"{example.where}: '{rule.id}' does not depend on the unknown '{fact}'"


def _failed_explanation_examples(
    explanation: Explanation, rule_set: RuleSet, read_summary: ReadSummary
) -> Iterator[str]:
    for example in explanation.examples:
        found = explanation_outcome(explanation, rule_set, read_summary(example.given))
        if found != example.expected:
            yield f"{example.where}: '{explanation.id}' is {found}, not {example.expected}"


def read_vignettes(directory: Path, problems: Problems) -> list[Vignette]:
    """The whole-patient vignettes of a rule set's directory."""
    return [vignette for path in vignette_files(directory) for vignette in read_file(path, directory, problems)]


def vignette_files(directory: Path) -> list[Path]:
    """The files of vignettes, one a subject."""
    return sorted((directory / "vignettes").glob("*.yaml"))


def read_file(path: Path, directory: Path, problems: Problems) -> list[Vignette]:
    """The vignettes of one file of a rule set's directory."""
    entries = VIGNETTES.inside(read_yaml(path, directory, problems), problems)
    return [
        Vignette(id_, entry["story"], entry["given"], entry["expect"], entry.where()) for id_, entry in entries.items()
    ]


def failed_vignettes(rule_set: RuleSet, vignettes: list[Vignette], read_summary: ReadSummary) -> Iterator[str]:
    """One sentence for everything a vignette expects and does not get."""
    for vignette in vignettes:
        assessment = assess(rule_set, read_summary(vignette.given))
        for message in differences(vignette.expect, assessment):
            yield f"{vignette.where}: '{vignette.id}' {message}"


def differences(expect: Mapping[str, Any], assessment: Assessment) -> Iterator[str]:
    """How an assessment differs from what is expected of it.

    `flags`, `recommends_only` and `missing_only` are all that may be given; `differential`, `causes`, `recommends`,
    `assumes` and `missing` must be among what is given; `never` lists recommendations that must not be.
    """
    yield from _exact_differences(expect, assessment)
    yield from _listed_differences(expect, _given(assessment))
    yield from _stance_differences(expect.get("differential", {}), assessment.differential)
    yield from _stance_differences(expect.get("causes", {}), assessment.causes)


def _listed_differences(expect: Mapping[str, Any], given: Mapping[str, list[str]]) -> Iterator[str]:
    for key in ("recommends", "assumes", "missing"):
        for name in expect.get(key, []):
            if name not in given[key]:
                yield f"lacks '{name}' among {key}: {', '.join(given[key]) or 'none'}"
    for name in expect.get("never", []):
        if name in given["recommends"]:
            yield f"must not recommend '{name}'"


def _stance_differences(expected: Mapping[str, str], notes: tuple[ExplanationNote, ...]) -> Iterator[str]:
    stances = {note.explanation.id: note.stance for note in notes}
    for id_, stance in expected.items():
        if stances.get(id_, "absent") != stance:
            yield f"has {id_} {stances.get(id_, 'absent')}, not {stance}"


def _exact_differences(expect: Mapping[str, Any], assessment: Assessment) -> Iterator[str]:
    likelihood = assessment.likelihood
    for key in ("level", "lowest", "highest", "basis", "reason"):
        if key in expect and getattr(likelihood, key) != expect[key]:
            yield f"has {key} {getattr(likelihood, key)}, not {expect[key]}"
    given = _given(assessment)
    for key in ("flags", "recommends_only", "missing_only"):
        found = given[key.removesuffix("_only")]
        if key in expect and sorted(found) != sorted(expect[key]):
            yield f"has {key} {', '.join(found) or 'none'}, not {', '.join(expect[key]) or 'none'}"


def _given(assessment: Assessment) -> Mapping[str, list[str]]:
    return {
        "flags": [raised.flag.id for raised in assessment.flags],
        "recommends": [advice.recommendation.id for advice in assessment.recommendations],
        "assumes": [assumption.finding for assumption in assessment.likelihood.assumes],
        "missing": [missing.fact for missing in assessment.missing],
    }
