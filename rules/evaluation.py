"""Which findings hold for one patient, each judged once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, zip_longest

from rules.catalogue import FactType, catalogue
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.facts import Facts
from rules.judgement import (
    UNKNOWN,
    Comparison,
    Judgement,
    judge_number,
    judge_range,
    judge_result,
    number_truth,
    result_truth,
)
from rules.model import Finding, Line
from rules.quantities import Interval
from rules.truth import Truth, known

WORDS: Mapping[Truth, str] = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "not known"}
COMPLAINTS = ("symptoms", "signs")


class Evaluation:
    """The findings of one patient, judged when first asked for.

    They are kept as three numbers with a bit for each finding: `judged` those that were looked at, `true` those that
    hold, `possible` those that hold or may.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.judged = self.true = self.possible = 0
        self._judged: dict[str, Judgement] = {}
        self._unknown: dict[str, tuple[str, ...]] = {}

    def truth(self, finding: Finding) -> Truth:
        """Whether a finding holds."""
        if not finding.mark & self.judged:
            self._weigh(finding)
        if finding.mark & self.true:
            return Truth.TRUE
        return Truth.UNKNOWN if finding.mark & self.possible else Truth.FALSE

    def look_at(self, findings: Iterable[Finding]) -> None:
        """Judge those findings that were not judged yet."""
        for finding in findings:
            if not finding.mark & self.judged:
                self._weigh(finding)

    def _weigh(self, finding: Finding) -> None:
        if finding.line is not None:
            truth = line_truth(finding.line, self.facts)
            holds, may_hold = truth is Truth.TRUE, truth is not Truth.FALSE
        else:
            self.look_at(finding.members)
            holds = finding.holds(self.true, self.possible)
            may_hold = finding.holds(self.possible, self.true)
        self.judged |= finding.mark
        if may_hold:
            self.possible |= finding.mark
        if holds:
            self.true |= finding.mark

    def judge(self, finding: Finding) -> Judgement:
        """Whether a finding holds, with the value and the limit it rests on."""
        if finding.line is None:
            return Judgement(self.truth(finding))
        judged = self._judged.get(finding.id)
        if judged is None:
            judged = self._judged[finding.id] = judge_line(finding.line, self.facts)
        return judged

    def has_complaint(self) -> bool:
        """Whether any symptom or sign is present."""
        items = (item for listed in self.facts.items.values() for item in listed)
        return any(
            item.holds(self.facts.as_of) is Truth.TRUE and catalogue().fact(item.code).group in COMPLAINTS
            for item in items
        )

    def open_facts(self, fact: FactType) -> Iterator[str]:
        """The fact to ask for when one is unknown: itself, or the first unknown one that it is computed from."""
        if not fact.derived_from:
            yield fact.code
        unknown = (code for code in fact.derived_from if not is_known(code, self.facts))
        yield from islice(unknown, 1)

    def unknown_facts(self, finding: Finding) -> tuple[str, ...]:
        """The facts that would settle an unknown finding, one of each member of a group before the second of any."""
        found = self._unknown.get(finding.id)
        if found is None:
            found = self._unknown[finding.id] = tuple(dict.fromkeys(self._open(finding)))
        return found

    def _open(self, finding: Finding) -> Iterator[str]:
        if self.truth(finding) is not Truth.UNKNOWN:
            return
        if finding.line is not None:
            yield from self.open_facts(finding.line.fact)
        rows = zip_longest(*(self.unknown_facts(member) for member in finding.members))
        yield from (fact for row in rows for fact in row if fact is not None)

    def describe(self, code: str) -> str:
        """A fact's label, and what was reported when that leaves it open."""
        result = self.facts.result(code)
        label = catalogue().fact(code).label
        return label if result is None else f"{label} (reported as {result.reported()})"


def line_truth(line: Line, facts: Facts) -> Truth:
    """Whether a finding line holds; the same as its judgement says, without the words for a reader."""
    match line.form:
        case "compare":
            return min(_compare_truth(line, comparison, facts) for comparison in line.comparisons)
        case "present":
            return presence(line.fact, facts)
        case _:
            return judge_line(line, facts).truth


def judge_line(line: Line, facts: Facts) -> Judgement:
    """Judge one finding line."""
    match line.form:
        case "compare":
            return _judge_comparisons(line, facts)
        case "range":
            return judge_range(facts.result(line.fact.code), line.word or "")
        case "is":
            return _judge_word(line, facts)
        case "known":
            return Judgement(known(is_known(line.fact.code, facts)))
        case "measured":
            result = facts.result(line.fact.code)
            return Judgement(known(result is not None and result.quantity is not None))
        case _:
            truth = presence(line.fact, facts)
            return Judgement(truth, _results_behind(line.fact, facts) or WORDS[truth])


def _results_behind(fact: FactType, facts: Facts) -> str:
    found = (facts.result(code) for code in fact.derived_from)
    return ", ".join(f"{catalogue().fact(result.test).label} {result.reported()}" for result in found if result)


def presence(fact: FactType, facts: Facts) -> Truth:
    """Whether a yes/no fact is there: said, listed, or computed."""
    match fact.group:
        case "derived":
            return DERIVED[fact.code](facts)
        case "medications":
            return facts.medicine(fact.code)
        case "statements":
            return facts.yes_no(fact.code)
        case "diet":
            diet = facts.choice("diet")
            return Truth.UNKNOWN if diet is None else known(diet == fact.code)
        case _:
            return facts.presence(fact.code)


def is_known(code: str, facts: Facts) -> bool:
    """Whether anything was said about a fact; age and sex always are."""
    if code in ("age", "sex"):
        return True
    return facts.result(code) is not None or facts.item(code) is not None or code in facts.statements


def _judge_comparisons(line: Line, facts: Facts) -> Judgement:
    judged = [_judge_one(line, comparison, facts) for comparison in line.comparisons]
    return min(judged, key=lambda judgement: judgement.truth)


def _judge_one(line: Line, comparison: Comparison, facts: Facts) -> Judgement:
    if line.fact.group == "labs":
        return judge_result(line.fact, comparison, facts.result(line.fact.code))
    return judge_number(comparison, _number(line.fact, facts), line.fact.unit)


def _compare_truth(line: Line, comparison: Comparison, facts: Facts) -> Truth:
    if line.fact.group == "labs":
        return result_truth(line.fact, comparison, facts.result(line.fact.code))
    return number_truth(comparison, _number(line.fact, facts))


def _number(fact: FactType, facts: Facts) -> Interval | None:
    return DERIVED_NUMBERS[fact.code](facts) if fact.group == "derived" else facts.number(fact.code)


def _judge_word(line: Line, facts: Facts) -> Judgement:
    if line.fact.group != "labs":
        choice = facts.choice(line.fact.code)
        return UNKNOWN if choice in (None, "unknown") else Judgement(known(choice == line.word), choice)
    result = facts.result(line.fact.code)
    category = _category(result.category, judge_range(result, "high")) if result else None
    if result is None or category is None:
        return UNKNOWN
    return Judgement(known(category == line.word), result.reported())


def _category(category: str | None, high: Judgement) -> str | None:
    """A quantitative antibody is positive above the laboratory's own upper limit, and only by that."""
    if category is not None:
        return category
    return {Truth.TRUE: "positive", Truth.FALSE: "negative", Truth.UNKNOWN: None}[high.truth]
