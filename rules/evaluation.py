"""Which findings hold for one patient, each judged once."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, zip_longest

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
    range_truth,
    result_truth,
)
from rules.model import Finding, Ground, Line, Reason
from rules.model.grounds import ABSENT, PRESENT
from rules.quantities import Interval
from rules.truth import Truth, known

WORDS: Mapping[Truth, str] = {Truth.TRUE: PRESENT, Truth.FALSE: ABSENT, Truth.UNKNOWN: "not known"}
COMPLAINTS = ("symptoms", "signs")


class Evaluation:
    """The findings of one patient, judged when first asked for.

    They are kept as three numbers with a bit for each finding: `judged` those that were looked at, `true` those that
    hold, `possible` those that hold or may. What was judged of another patient who is the same but for the bits
    `anew` can be taken over.
    """

    def __init__(self, facts: Facts, other: "Evaluation | None" = None, anew: int = 0) -> None:
        self.facts = facts
        self._other = other
        self._taken: int = other.judged & ~anew if other else 0
        self.judged: int = self._taken
        self.true: int = other.true & self._taken if other else 0
        self.possible: int = other.possible & self._taken if other else 0
        self._judged: dict[str, Judgement] = {}
        self._unknown: dict[str, tuple[str, ...]] = {}
        self._reasons: dict[Ground, Reason] = {}

    def truth(self, finding: Finding) -> Truth:
        """Whether a finding holds."""
        if not finding.mark & self.judged:
            self._weigh(finding)
        if finding.mark & self.true:
            return Truth.TRUE
        return Truth.UNKNOWN if finding.mark & self.possible else Truth.FALSE

    @property
    def unknown(self) -> int:
        """The bits of what was looked at and cannot be said."""
        return self.possible ^ self.true

    def look_at(self, findings: Iterable[Finding]) -> None:
        """Judge those findings that were not judged yet."""
        for finding in findings:
            if not finding.mark & self.judged:
                self._weigh(finding)

    def need(self, marks: int, findings: Iterable[Finding]) -> None:
        """The same for findings whose bits together are `marks`: nothing is left to do where all were judged."""
        if marks | self.judged != self.judged:
            self.look_at(findings)

    def _weigh(self, finding: Finding) -> None:
        if finding.line is not None:
            truth = line_truth(finding.line, self.facts)
            self.judged |= finding.mark
            if truth is not Truth.FALSE:
                self.possible |= finding.mark
            if truth is Truth.TRUE:
                self.true |= finding.mark
        else:
            self.need(finding.member_marks, finding.members)
            self.weigh_groups((finding,))

    def weigh_groups(self, groups: Iterable[Finding]) -> None:
        """Judge groups whose members were all judged, or come before them."""
        judged, true, possible = self.judged, self.true, self.possible
        for group in groups:
            judged |= group.mark
            if group.holds(possible, true):
                if group.holds(true, possible):
                    true |= group.mark
                possible |= group.mark
        self.judged, self.true, self.possible = judged, true, possible

    def judge(self, finding: Finding) -> Judgement:
        """Whether a finding holds, with the value and the limit it rests on."""
        if finding.line is None:
            return Judgement(self.truth(finding))
        judged = self._judged.get(finding.id)
        if judged is None:
            judged = self._judged[finding.id] = _worded(finding.line, self.facts, self.truth(finding))
        return judged

    def reasons(self, findings: Iterable[Finding]) -> dict[str, Reason]:
        """Why those of the findings that hold do so, by name: themselves, or the members that make a group hold."""
        findings = tuple(findings)
        self.look_at(findings)
        true = self.true
        grounds = chain.from_iterable([finding.grounds for finding in findings if finding.mark & true])
        return {ground.reason.finding: self.reason(ground) for ground in grounds if ground.path & true == ground.path}

    def reason(self, ground: Ground) -> Reason:
        """What a ground that holds says of this patient."""
        if not ground.varies:
            return ground.reason
        found = self._reasons.get(ground)
        if found is None:
            judged = self.judge(ground.finding)
            value = judged.value or ground.reason.value
            found = self._reasons[ground] = ground.reason._replace(value=value, limit=judged.limit)
        return found

    def has_complaint(self) -> bool:
        """Whether any symptom or sign is present."""
        items = (item for listed in self.facts.items.values() for item in listed)
        return any(
            item.holds(self.facts.as_of) is Truth.TRUE and catalogue().fact(item.code).group in COMPLAINTS
            for item in items
        )

    def open_facts(self, fact: FactType) -> Iterator[str]:
        """The fact to ask for when one is unknown: itself, or the first unknown one that it is computed from.

        Where all of those are known, more has to be said of one that is there, such as since when a medicine is taken.
        """
        if not fact.derived_from:
            yield fact.code
        unknown = (code for code in fact.derived_from if not self._is_settled(code))
        present = (code for code in fact.derived_from if self._is_present(code))
        yield from islice(chain(unknown, present), 1)

    def _is_settled(self, code: str) -> bool:
        """Whether a fact was said, or is absent since it is not on a whole list of medicines."""
        listed = self.facts.medications_listed and catalogue().fact(code).group == "medications"
        return listed or is_known(code, self.facts)

    def _is_present(self, code: str) -> bool:
        item = self.facts.item(code)
        return item is not None and item.present

    def unknown_facts(self, finding: Finding) -> tuple[str, ...]:
        """The facts that would settle an unknown finding, one of each member of a group before the second of any."""
        if self._other and finding.mark & self._taken:
            return self._other.unknown_facts(finding)
        found = self._unknown.get(finding.id)
        if found is None:
            unknown = self.truth(finding) is Truth.UNKNOWN
            found = self._unknown[finding.id] = self._open(finding) if unknown else ()
        return found

    def _open(self, finding: Finding) -> tuple[str, ...]:
        if finding.line is not None:
            return tuple(self.open_facts(finding.line.fact))
        unknown = self.unknown
        open_ones = (self.unknown_facts(member) for member in finding.members if member.mark & unknown)
        rows: Iterator[tuple[str | None, ...]] = zip_longest(*open_ones)
        facts = dict.fromkeys(chain.from_iterable(rows))
        return tuple(fact for fact in facts if fact is not None)

    def describe(self, code: str) -> str:
        """A fact's label, and what was reported when that leaves it open."""
        result = self.facts.result(code)
        label = catalogue().fact(code).label
        if result is not None:
            return f"{label} (reported as {result.reported()})"
        return f"{label} (since when, or other details)" if self._is_present(code) else label


def line_truth(line: Line, facts: Facts) -> Truth:
    """Whether a finding line holds; the same as its judgement says, without the words for a reader."""
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


def judge_line(line: Line, facts: Facts) -> Judgement:
    """Whether a finding line holds, with the value and the limit it rests on."""
    return _worded(line, facts, line_truth(line, facts))


def _worded(line: Line, facts: Facts, truth: Truth) -> Judgement:
    match line.form:
        case "compare":
            return _judge_comparisons(line, facts)
        case "range":
            return judge_range(facts.result(line.fact.code), line.word or "")
        case "is":
            return _judge_word(line, facts)
        case "present":
            return Judgement(truth, _results_behind(line.fact, facts) or WORDS[truth])
        case _:
            return Judgement(truth)


def _results_behind(fact: FactType, facts: Facts) -> str:
    if not fact.derived_from:
        return ""
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


def _compare_truth(line: Line, facts: Facts) -> Truth:
    if line.fact.group == "labs":
        result = facts.result(line.fact.code)
        return min([result_truth(line.fact, comparison, result) for comparison in line.comparisons])
    number = _number(line.fact, facts)
    return min([number_truth(comparison, number) for comparison in line.comparisons])


def _number(fact: FactType, facts: Facts) -> Interval | None:
    return DERIVED_NUMBERS[fact.code](facts) if fact.group == "derived" else facts.number(fact.code)


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
