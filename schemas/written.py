"""An answer as the bytes that are sent: what a rule set says word for word becomes JSON once, not each time."""

from collections.abc import Iterator
from typing import Any

import orjson

from rules.assessment import Assessment
from rules.model import Citation, Ground, Reason, RuleSet
from schemas.grounds import Wording, render_citations
from schemas.intake import Intake
from schemas.render import render


class Written(Wording):
    """The words of one rule set as JSON: its citations, and the reasons that are the same for every patient.

    They are found by what they are, not by what they say: `rule_set` keeps them all alive.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        every = tuple(_citations(rule_set))
        self._citations = {id(some): _json(render_citations(some)) for some in every}
        self._citation = {id(one): _json(*render_citations([one])) for some in every for one in some}
        self._reasons: dict[int, orjson.Fragment] = {}
        for ground in _grounds(rule_set):
            if not ground.varies:
                self._reasons[id(ground.reason)] = _json(super().reason(ground.reason))

    def reason(self, reason: Reason) -> Any:
        return self._reasons.get(id(reason)) or super().reason(reason)

    def citations(self, citations: tuple[Citation, ...]) -> Any:
        return self._citations.get(id(citations)) or [self._citation[id(one)] for one in citations]


def write(assessment: Assessment, intake: Intake, *, trace: bool = False) -> bytes:
    """The answer to one patient summary as JSON: the very bytes of what `render` gives."""
    return orjson.dumps(render(assessment, intake, trace=trace, wording=assessment.rule_set.once(Written)))


def _json(part: Any) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(part))


def _grounds(rule_set: RuleSet) -> Iterator[Ground]:
    for finding in rule_set.findings.values():
        for _, grounds in finding.grounds:
            yield from grounds
    for rule in rule_set.rules.values():
        yield from rule.when.absences


def _citations(rule_set: RuleSet) -> Iterator[tuple[Citation, ...]]:
    yield from (finding.citations for finding in rule_set.findings.values())
    yield from (rule.citations for rule in rule_set.rules.values())
    yield from (one.citations for one in (*rule_set.differential.values(), *rule_set.causes.values()))
