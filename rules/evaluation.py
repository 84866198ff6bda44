"""Which findings hold for one patient, each judged once."""

from collections.abc import Iterable
from itertools import chain

from rules.facts import Facts
from rules.judgement import Judgement
from rules.judging import line_truth, worded
from rules.model import Finding, Ground, Reason
from rules.questions import in_turn, open_facts
from rules.truth import Truth


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
            return tuple(open_facts(finding.line.fact, self.facts))
        unknown = self.unknown
        return tuple(in_turn(self.unknown_facts(member) for member in finding.members if member.mark & unknown))
