"""One patient under every profile of a rule set, and the facts that make the profiles differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.assessment import Assessment
from rules.engine import assess
from rules.evaluation import Evaluation
from rules.facts import Facts
from rules.judgement import Judgement
from rules.model import LEVELS, Finding, RuleSet


@dataclass(frozen=True, slots=True)
class ProfileJudgement:
    """How one profile judges a finding."""

    profile: str
    finding: Finding
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact that profiles judge differently, with the limit each of them uses."""

    fact: str
    label: str
    judgements: tuple[ProfileJudgement, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What every profile of a rule set says about one patient."""

    rule_set: RuleSet
    assessments: Mapping[str, Assessment]
    disagreements: tuple[Disagreement, ...]

    @property
    def levels(self) -> list[str]:
        """The levels the profiles come to, each once, the lowest first."""
        return sorted({assessment.likelihood.level for assessment in self.assessments.values()}, key=LEVELS.index)

    @property
    def agree(self) -> bool:
        """Whether all profiles come to one level."""
        return len(self.levels) == 1


def compare_profiles(rule_set: RuleSet, facts: Facts) -> Comparison:
    """Assess a patient under each profile; disagreements are named when the levels differ."""
    assessments = {profile: assess(variant, facts) for profile, variant in rule_set.by_profile.items()}
    comparison = Comparison(rule_set, assessments, ())
    if comparison.agree:
        return comparison
    return Comparison(rule_set, assessments, tuple(_disagreements(rule_set, facts)))


def _disagreements(rule_set: RuleSet, facts: Facts) -> Iterator[Disagreement]:
    evaluations = {profile: Evaluation(facts) for profile in rule_set.by_profile}
    for id_, finding in rule_set.findings.items():
        if finding.line is None or finding.line.form != "compare":
            continue
        variants = {profile: variant.findings[id_] for profile, variant in rule_set.by_profile.items()}
        judged = tuple(
            ProfileJudgement(profile, variant, evaluations[profile].judge(variant))
            for profile, variant in variants.items()
        )
        if len({one.judgement.truth for one in judged}) > 1:
            yield Disagreement(finding.line.fact.code, finding.label, judged)
