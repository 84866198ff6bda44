"""One finding line for one patient: whether it holds, and the value and limit it rests on."""

from collections.abc import Mapping

from rules.catalogue import catalogue
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.fact_types import FactType
from rules.facts import Facts
from rules.judgement import UNKNOWN, Judgement, judge_number, judge_range, judge_result, number_truth, result_truth
from rules.laboratory import range_truth
from rules.limits import Comparison
from rules.model import Line
from rules.model.grounds import ABSENT, PRESENT
from rules.quantities import Interval
from rules.truth import Truth, known

WORDS: Mapping[Truth, str] = {Truth.TRUE: PRESENT, Truth.FALSE: ABSENT, Truth.UNKNOWN: "not known"}


def line_truth(line: Line, facts: Facts) -> Truth:
    """Whether a finding line holds."""
    match line.form:
        case "compare":
            return _compare_truth(line, facts)
        case "present":
            return presence(line.fact, facts)
        case "range":
            return range_truth(facts.result(line.fact.code), line.word or "")
        case "is":
            return _judge_word(line, facts).truth
        case "known":
            return known(is_known(line.fact.code, facts))
        case _:
            result = facts.result(line.fact.code)
            return known(result is not None and result.quantity is not None)


def worded(line: Line, facts: Facts, truth: Truth) -> Judgement:
    """The truth of a line with the value and the limit it rests on, for a reader."""
    match line.form:
        case "compare":
            return _judge_comparisons(line, facts)
        case "range":
            return judge_range(facts.result(line.fact.code), line.word or "")
        case "is":
            return _judge_word(line, facts)
        case "present":
            return Judgement(truth, _behind(line.fact, facts, truth) or WORDS[truth])
        case _:
            return Judgement(truth)


def _behind(fact: FactType, facts: Facts, truth: Truth) -> str:
    """What a computed fact rests on: what is there of it when it holds, and the results that it looked at."""
    known = catalogue()
    there = (code for code in fact.derived_from if truth is Truth.TRUE and facts.presence(code) is Truth.TRUE)
    results = (result for code in fact.derived_from if (result := facts.result(code)) is not None)
    words = [known.fact(code).label for code in there]
    return ", ".join([*words, *(f"{known.fact(result.test).label} {result.reported()}" for result in results)])


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


def _compare_truth(line: Line, facts: Facts) -> Truth:
    if line.fact.group == "labs":
        result = facts.result(line.fact.code)
        return min([result_truth(line.fact, comparison, result) for comparison in line.comparisons])
    number = _number(line.fact, facts)
    return min([number_truth(comparison, number) for comparison in line.comparisons])


def _number(fact: FactType, facts: Facts) -> Interval | None:
    return facts.once(DERIVED_NUMBERS[fact.code]) if fact.group == "derived" else facts.number(fact.code)


def _judge_word(line: Line, facts: Facts) -> Judgement:
    if line.fact.group != "labs":
        choice = facts.choice(line.fact.code)
        return UNKNOWN if choice in (None, "unknown") else Judgement(known(choice == line.word), choice)
    result = facts.result(line.fact.code)
    category = _category(result.category, range_truth(result, "high")) if result else None
    if result is None or category is None:
        return UNKNOWN
    return Judgement(known(category == line.word), result.reported())


def _category(category: str | None, high: Truth) -> str | None:
    """A quantitative antibody is positive above the laboratory's own upper limit, and only by that."""
    if category is not None:
        return category
    return {Truth.TRUE: "positive", Truth.FALSE: "negative", Truth.UNKNOWN: None}[high]
