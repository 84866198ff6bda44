"""The tables of the review sheet: counts, the index of findings, the evidence and the vignettes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from rules.assessment import Assessment
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.engine import assess
from rules.fact_types import FactType
from rules.model import Citation, Finding, Passage, RuleSet, Source, best_verification
from rules.vignettes import Vignette, differences
from service.checking import read_summary

PARTS = ("likelihood", "flags", "recommendations", "differential", "causes")
NAMES = ("Likelihood", "Flags", "Recommendations", "Other diseases", "Causes")


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts of one kind there are, and what the best-read source of each is."""

    name: str
    total: int
    best: Mapping[str, int]
    strong: int


def counts(rule_set: RuleSet) -> list[Count]:
    """What the rules of each kind rest on, and all together."""
    by_name = {name: _parts(rule_set, part) for name, part in zip(NAMES, PARTS, strict=True)}
    everything = [part for parts in by_name.values() for part in parts]
    return [_count(name, parts) for name, parts in {**by_name, "All": everything}.items() if parts]


def _parts(rule_set: RuleSet, name: str) -> Sequence[Any]:
    parts = getattr(rule_set, name)
    return list(parts.values()) if isinstance(parts, Mapping) else parts


def _count(name: str, parts: Sequence[Any]) -> Count:
    best = Counter(best_verification(citation.passage.verified for citation in part.citations) for part in parts)
    strong = sum(getattr(getattr(part, "then", None), "strength", "") == "strong" for part in parts)
    return Count(name, len(parts), best, strong)


def by_source(citations: Iterable[Citation]) -> list[tuple[Source, list[Passage]]]:
    """The passages that are cited of each source, each source once, in the order cited."""
    found: dict[str, tuple[Source, list[Passage]]] = {}
    for citation in citations:
        found.setdefault(citation.source.id, (citation.source, []))[1].append(citation.passage)
    return list(found.values())


def passages_by_verification(rule_set: RuleSet) -> Mapping[str, int]:
    """How many passages were verified in each way."""
    passages = (passage for source in rule_set.sources.values() for passage in source.passages.values())
    return Counter(passage.verified for passage in passages)


def citing(rule_set: RuleSet) -> Mapping[tuple[str, str], int]:
    """How many rules, diseases, causes and findings cite each passage."""
    parts = [part for name in PARTS for part in _parts(rule_set, name)]
    cited = (citation for part in (*parts, *used_findings(rule_set)) for citation in part.citations)
    return Counter((citation.source.id, citation.passage.id) for citation in cited)


def used_findings(rule_set: RuleSet) -> list[Finding]:
    """Every finding that something uses, in the order of the set."""
    used = {finding.id for finding in _with_members((*rule_set.named_findings(), rule_set.scope))}
    used |= {finding.id for finding in _with_members([rule_set.uninterpretable])}
    return [finding for finding in rule_set.findings.values() if finding.id in used]


def _with_members(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        yield from _with_members(finding.members)


def promise(fact: FactType) -> str:
    """How a fact is computed, in the words of the function that computes it."""
    return " ".join((getdoc({**DERIVED, **DERIVED_NUMBERS}[fact.code]) or "").split()).replace("`", "")


@dataclass(frozen=True, slots=True)
class Told:
    """A vignette with the computed answer, and how that differs from what is expected."""

    vignette: Vignette
    assessment: Assessment
    wrong: list[str]


def told(rule_set: RuleSet, vignettes: Iterable[Vignette]) -> list[Told]:
    """Every vignette as it is answered now."""
    answered = ((vignette, assess(rule_set, read_summary(vignette.given))) for vignette in vignettes)
    return [Told(vignette, answer, list(differences(vignette.expect, answer))) for vignette, answer in answered]
