"""What an answer in FHIR is made from: the assessment, how the document was read, and by which names it was sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from rules.assessment import Assessment
from rules.model import Reason, RuleSet
from schemas.fhir_answer.parts import Part, reference
from schemas.fhir_answer.terms import OWN
from schemas.inputs import is_used
from schemas.intake import Intake

OURS = uuid5(NAMESPACE_URL, OWN)


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one part of the document: `severity` is `information` or `warning`, `place` its FHIRPath."""

    severity: str
    text: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A resource that was sent: its place in the document, and what the client calls it, if anything."""

    place: str
    name: str | None

    def reference(self) -> Part:
        """A reference as the client would write it; to a resource without a name, by its place."""
        return reference(self.name) if self.name else {"display": self.place}


@dataclass(frozen=True, slots=True)
class Received:
    """What a client sent, a `Bundle` or `Parameters`.

    `patient` is where the patient stands and `sources` the resource behind each place of the summary. `remarks` say
    what became of each resource. The same `request` gets the same answer to the byte.
    """

    document: str
    patient: Source
    sources: Mapping[str, Source]
    remarks: Sequence[Remark]
    request: str

    def place(self, path: str) -> str:
        """Where in the document a place of the summary, or of the document, is."""
        return self.sources[path].place if path in self.sources else f"{self.document}.{path}"


@dataclass(frozen=True, slots=True)
class Answered:
    """One patient's assessment, and the document it came from."""

    assessment: Assessment
    intake: Intake
    received: Received

    @property
    def rule_set(self) -> RuleSet:
        """The rule set that answered."""
        return self.assessment.rule_set

    @property
    def day(self) -> str:
        """The day the assessment is about."""
        return self.intake.inputs.as_of.isoformat()

    @property
    def subject(self) -> Part:
        """The reference to the patient."""
        return self.received.patient.reference()

    def urn(self, name: str) -> str:
        """The full address of a part of this answer: another one for another document, rule set, profile or day."""
        made_of = (self.received.request, self.rule_set.digest, self.rule_set.profile, self.day, name)
        return uuid5(OURS, "|".join(made_of)).urn

    def basis(self) -> list[Part]:
        """Every resource, besides the patient's own, that a rule of the set reads and whose value counts."""
        reads = self.rule_set.reads
        used = (sent.path for sent in self.intake.inputs.sent if is_used(sent, reads))
        return self._references(used)

    def evidence(self, because: Iterable[Reason]) -> list[Part]:
        """The resources behind some findings."""
        return self._references(self._paths(because))

    def _paths(self, because: Iterable[Reason]) -> Iterator[str]:
        counting = [sent for sent in self.intake.inputs.sent if sent.set_aside is None]
        for reason in because:
            finding = self.rule_set.findings.get(reason.finding)
            facts = finding.reads if finding else frozenset({reason.finding})
            yield from (sent.path for sent in counting if sent.fact in facts)

    def _references(self, paths: Iterable[str]) -> list[Part]:
        sources = self.received.sources
        behind = dict.fromkeys(sources[path] for path in paths if path in sources)
        return [source.reference() for source in behind if source != self.received.patient]
