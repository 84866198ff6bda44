"""Which findings hold for one patient, each judged once."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest

from rules.catalogue import catalogue
from rules.fact_types import FactType
from rules.facts import Facts
from rules.judgement import Judgement
from rules.judging import is_known, line_truth, worded
from rules.model import Finding, Ground, Reason
from rules.truth import Truth

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
        self._reasons: dict[int, dict[str, Reason]] = {}

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

    def take(self, judged: int, true: int, possible: int) -> None:
        """Take over how those findings stand whose bits are `judged`."""
        self.judged |= judged
        self.true |= true & judged
        self.possible |= possible & judged

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
            self.weigh_groups((finding.weighed_by,))

    def weigh_groups(self, groups: Iterable[tuple[int, int, int]]) -> None:
        """Judge groups, given as what they are weighed by, whose members were all judged or come before them."""
        judged, true, possible = self.judged, self.true, self.possible
        for mark, members, needed in groups:
            if mark & judged:
                continue
            judged |= mark
            if not needed:
                possible |= 0 if true & members else mark
                true |= 0 if possible & members else mark
            elif (possible & members).bit_count() >= needed:
                possible |= mark
                true |= mark if (true & members).bit_count() >= needed else 0
        self.judged, self.true, self.possible = judged, true, possible

    def judge(self, finding: Finding) -> Judgement:
        """Whether a finding holds, with the value and the limit it rests on."""
        if finding.line is None:
            return Judgement(self.truth(finding))
        judged = self._judged.get(finding.id)
        if judged is None:
            judged = self._judged[finding.id] = worded(finding.line, self.facts, self.truth(finding))
        return judged

    def reasons(self, findings: Iterable[Finding]) -> dict[str, Reason]:
        """Why those of the findings that hold do so, by name: themselves, or the members that make a group hold."""
        true, found = self.true, dict[str, Reason]()
        for finding in findings:
            if finding.mark & true:
                found |= self._reasons.get(finding.mark) or self._behind(finding)
        return found

    def _behind(self, finding: Finding) -> dict[str, Reason]:
        true = self.true
        grounds = chain.from_iterable([some for mark, some in finding.grounds if mark & true])
        reasons = {one.reason.finding: self.reason(one) for one in grounds if one.path & true == one.path}
        self._reasons[finding.mark] = reasons
        return reasons

    def reason(self, ground: Ground) -> Reason:
        """What a ground that holds says of this patient."""
        if not ground.varies:
            return ground.reason
        judged = self.judge(ground.finding)
        return ground.reason._replace(value=judged.value or ground.reason.value, limit=judged.limit)

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
