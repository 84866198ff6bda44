"""Which findings hold for one patient, each judged once."""

from collections.abc import Iterator, Mapping
from itertools import islice

from rules.catalogue import FactType, catalogue
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.facts import Facts
from rules.judgement import UNKNOWN, Judgement, judge_number, judge_range, judge_result
from rules.model import Finding, Line
from rules.truth import Truth, all_of, any_of, at_least, known, negate

WORDS: Mapping[Truth, str] = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "not known"}
COMPLAINTS = ("symptoms", "signs")


class Evaluation:
    """The findings of one patient, judged when first asked for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._judged: dict[str, Judgement] = {}

    def truth(self, finding: Finding) -> Truth:
        """Whether a finding holds."""
        return self.judge(finding).truth

    def judge(self, finding: Finding) -> Judgement:
        """Whether a finding holds, with the value and the limit it rests on."""
        judged = self._judged.get(finding.id)
        if judged is None:
            judged = self._judged[finding.id] = self._judge(finding)
        return judged

    def _judge(self, finding: Finding) -> Judgement:
        if finding.line is not None:
            return judge_line(finding.line, self.facts)
        truths = [self.truth(member) for member in finding.members]
        match finding.group:
            case "all":
                return Judgement(all_of(truths))
            case "none":
                return Judgement(negate(any_of(truths)))
            case _:
                return Judgement(at_least(finding.at_least, truths))

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

    def describe(self, code: str) -> str:
        """A fact's label, and what was reported when that leaves it open."""
        result = self.facts.result(code)
        label = catalogue().fact(code).label
        return label if result is None else f"{label} (reported as {result.reported()})"


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
        case _:
            truth = presence(line, facts)
            return Judgement(truth, _results_behind(line.fact, facts) or WORDS[truth])


def _results_behind(fact: FactType, facts: Facts) -> str:
    found = (facts.result(code) for code in fact.derived_from)
    return ", ".join(f"{catalogue().fact(result.test).label} {result.reported()}" for result in found if result)


def presence(line: Line, facts: Facts) -> Truth:
    """Whether a yes/no fact is there: said, listed, or computed."""
    code = line.fact.code
    match line.fact.group:
        case "derived":
            return DERIVED[code](facts)
        case "statements":
            return facts.yes_no(code)
        case "medications":
            return facts.medicine(code)
        case "diet":
            diet = facts.choice("diet")
            return Truth.UNKNOWN if diet is None else known(diet == code)
        case _:
            return facts.presence(code)


def is_known(code: str, facts: Facts) -> bool:
    """Whether anything was said about a fact; age and sex always are."""
    if code in ("age", "sex"):
        return True
    return facts.result(code) is not None or facts.item(code) is not None or code in facts.statements


def _judge_comparisons(line: Line, facts: Facts) -> Judgement:
    judged = [_judge_one(line, index, facts) for index in range(len(line.comparisons))]
    return min(judged, key=lambda judgement: judgement.truth)


def _judge_one(line: Line, index: int, facts: Facts) -> Judgement:
    code, comparison = line.fact.code, line.comparisons[index]
    if line.fact.group == "labs":
        return judge_result(line.fact, comparison, facts.result(code))
    number = DERIVED_NUMBERS[code](facts) if line.fact.group == "derived" else facts.number(code)
    return judge_number(comparison, number, line.fact.unit)


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
