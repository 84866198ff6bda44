"""What a finding rests on: itself, or those members of a group that make it hold, each with a source."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rules.model.sources import Citation

if TYPE_CHECKING:
    from rules.model.findings import Finding

PRESENT, ABSENT = "present", "absent"


class Reason(NamedTuple):
    """A finding that holds, with the value and the limit it rests on."""

    finding: str
    label: str
    value: str | None
    limit: str | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A finding that a group, or the finding itself, can rest on.

    It is one where every finding on the way to it holds: `path` are their bits. `reason` is what it then says of any
    patient; where it `varies`, the patient's value and limit take the place of what stands there.
    """

    path: int
    finding: "Finding"
    reason: Reason
    varies: bool

    def within(self, group: "Finding") -> "Ground":
        """The same as part of a group, which lends its source to what has none of its own."""
        lent = not self.reason.citations and bool(group.citations)
        reason = self.reason._replace(citations=group.citations) if lent else self.reason
        return replace(self, path=self.path | group.mark, reason=reason)


def presence(finding: "Finding") -> Ground:
    """The finding as its own ground."""
    word = PRESENT if _form(finding) == "present" else None
    reason = Reason(finding.id, finding.label, word, None, finding.citations)
    return Ground(finding.mark, finding, reason, _varies(finding))


def absence(finding: "Finding") -> Ground:
    """What it says that a finding does not hold."""
    reason = Reason(finding.id, f"Not: {finding.label}", ABSENT, None, finding.citations)
    return Ground(0, finding, reason, _varies(finding))


def _form(finding: "Finding") -> str | None:
    return finding.line.form if finding.line else None


def _varies(finding: "Finding") -> bool:
    """Whether the value or limit shown is the patient's: not for what is only there, known or a group."""
    if finding.line is None or finding.line.form in ("known", "measured"):
        return False
    return finding.line.form != "present" or bool(finding.line.fact.derived_from)
