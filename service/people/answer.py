"""What the page shows of one answer: the same answer as over HTTP, arranged for reading."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import rules
import schemas
from rules import Assessment, RuleSet
from rules.model import URGENCIES
from schemas import Intake, Problem, Refused
from service.answers import today
from service.assessments import PATIENT
from service.cautions import cautions, is_emergency
from service.observing.observation import note
from service.people.charts import Chart, charts
from service.people.form import Form
from service.people.references import References
from service.people.summary import Sent, write_summary
from service.reader import refuse_faults
from service.refusal import Refusal

COMPARED = ("osteoarthritis", "rheumatoid_arthritis")
REQUIRED = ("age", "sex")

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """What speaks for and against one explanation of the picture, and what was not asked."""

    label: str
    stance: str
    speaks_for: list[Part]
    against: list[Part]
    missing: list[Part]
    note: str = ""
    criteria: Part | None = None


@dataclass(frozen=True)
class Outcome:
    """A form with what became of it: the answer, or what is wrong with it by field."""

    form: Form
    sent: Sent
    rule_set: RuleSet
    answer: Part | None = None
    intake: Intake | None = None
    assessment: Assessment | None = None
    problems: tuple[Problem, ...] = ()
    references: References = field(default_factory=References)

    @property
    def is_begun(self) -> bool:
        """Whether anything was entered at all."""
        return bool(self.sent.document.keys() - {"as_of"}) or bool(self.sent.problems)

    @property
    def cautions(self) -> list[str]:
        """What to be careful with, such as an old result."""
        return list(cautions(self.answer["inputs"])) if self.answer else []

    @property
    def is_emergency(self) -> bool:
        """Whether a flag is one that comes before everything else."""
        return is_emergency(self._flags())

    @property
    def warnings(self) -> int:
        """How many flags are more than something to know."""
        return sum(flag["severity"] != "info" for flag in self._flags())

    @property
    def waits_for(self) -> list[str]:
        """What is still needed before anything can be said; empty when something else is wrong too."""
        wrong = {problem.path for problem in self.problems}
        return [name for name in REQUIRED if name in wrong] if wrong <= set(REQUIRED) and self._lacks(wrong) else []

    def _lacks(self, names: Iterable[str]) -> bool:
        return not any(name in self.sent.document for name in names)

    def problems_by_field(self) -> dict[str, list[Problem]]:
        """What is wrong, by the name of the field it was entered in."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(self.sent.field_at(problem.path), []).append(problem)
        return found

    def advice_by_urgency(self) -> dict[str, list[Part]]:
        """The recommendations, the most urgent first."""
        given = self.answer["recommendations"] if self.answer else []
        grouped = {word: [advice for advice in given if advice["urgency"] == word] for word in URGENCIES}
        return {word: advice for word, advice in grouped.items() if advice}

    def lowered(self) -> list[Part]:
        """What speaks against deficiency or held a rule back, by the trace of the rules on likelihood."""
        return list(_lowering(self.answer, self.rule_set)) if self.answer else []

    def comparison(self) -> list[Column]:
        """B12 deficiency beside osteoarthritis and rheumatoid arthritis, where a joint complaint brings these up."""
        diseases = [_column(entry) for entry in self._differential() if entry["condition"] in COMPARED]
        return [self._deficiency(), *diseases] if diseases else []

    def others(self) -> list[Part]:
        """The other diseases, apart from those compared."""
        return [entry for entry in self._differential() if entry["condition"] not in COMPARED]

    def charts(self) -> list[Chart]:
        """Every result with a figure on the bands it is judged by; none for whom the bands are not."""
        if self.intake is None or self.answer is None or self.answer["likelihood"]["reason"] == "out_of_scope":
            return []
        return charts(self.intake.facts, self.rule_set)

    def _flags(self) -> list[Part]:
        return list(self.answer["flags"]) if self.answer else []

    def _differential(self) -> list[Part]:
        return list(self.answer["differential"]) if self.answer else []

    def _deficiency(self) -> Column:
        answer = self.answer or {}
        likelihood = answer["likelihood"]
        return Column("", likelihood["level"], likelihood["because"], self.lowered(), answer["missing"])


def _column(entry: Part) -> Column:
    return Column(
        entry["label"],
        entry["stance"],
        entry["for"],
        entry["against"],
        entry["missing"],
        entry["note"],
        entry["criteria"],
    )


def assess_form(form: Form, rule_set: RuleSet) -> Outcome:
    """Read the form through the door of every patient summary, and answer it or say what is wrong with it."""
    sent = write_summary(form)
    try:
        refuse_faults(sent.document, PATIENT)
        intake = schemas.load_patient(sent.document, today=today())
    except (Refused, Refusal) as refused:
        wrong = refused.problems if sent.document.keys() - {"as_of"} else ()
        return Outcome(form, sent, rule_set, problems=(*sent.problems, *wrong))
    if sent.problems:
        return Outcome(form, sent, rule_set, problems=sent.problems)
    assessment = rules.assess(rule_set, intake.facts, trace=True)
    note(assessment)
    answer = schemas.render(assessment, intake, trace=True)
    return Outcome(form, sent, rule_set, answer=answer, intake=intake, assessment=assessment)


def _lowering(answer: Part, rule_set: RuleSet) -> Iterator[Part]:
    """Each finding once, and none that the level itself rests on, nor another one on the same value."""
    levels = {rule.id: rule.then.level for rule in rule_set.likelihood}
    because = answer["likelihood"]["because"]
    shown, values = {reason["finding"] for reason in because}, {reason["value"] for reason in because}
    judged = (traced for traced in answer["trace"] if traced["rule"] in levels)
    for finding in chain.from_iterable(_against(traced, levels[traced["rule"]]) for traced in judged):
        if finding["finding"] not in shown and finding["value"] not in values:
            shown.add(finding["finding"])
            yield finding


def _against(traced: Part, level: str) -> Iterator[Part]:
    """The findings of one rule that speak against deficiency: those of `unlikely`, failed lines, what stopped it."""
    findings = traced["findings"]
    if level == "unlikely":
        holding = [finding for finding in findings if finding["word"] != "unless"]
        yield from ({**finding, "kind": "holds"} for finding in holding if traced["outcome"] == "fired")
        return
    needed = [finding for finding in findings if finding["word"] == "all"]
    yield from ({**one, "kind": "fails"} for one in needed if one["truth"] == "false" and one["value"])
    if all(finding["truth"] == "true" for finding in needed):
        stopping = (finding for finding in findings if finding["word"] == "unless" and finding["truth"] == "true")
        yield from ({**finding, "kind": "stops"} for finding in stopping)
