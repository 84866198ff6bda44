"""What a statement of an answer rests on: the findings behind it, what it takes as absent, the passages it cites."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema

from rules.assessment import Assumption
from rules.model import SOURCE_STATUSES, VERIFICATIONS, Citation, Reason
from schemas import wire

Part = dict[str, Any]


class CitationSchema(Schema):
    """The passage of a source that a statement rests on."""

    source = wire.text("The source, as `/v1/rule-sets/{version}/evidence/{id}` names it")
    passage = wire.text("The passage of the source")
    locator = wire.text("Where the passage stands")
    title = wire.text("Title of the source")
    url = wire.text("Address of the source", nullable=True)
    status = wire.word(SOURCE_STATUSES, "Whether the source is still in force")
    verified = wire.word(VERIFICATIONS, "Read in the source itself, in one that restates it, or not at all")
    quotation = wire.text("Words of the source, where they were really read", nullable=True)


class ReasonSchema(Schema):
    """A finding that holds."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")
    value = wire.text("The value it rests on, as it was reported", nullable=True)
    limit = wire.text("The limit it was judged by", nullable=True)
    citations = wire.many(CitationSchema, "Where the finding comes from")


class AssumptionSchema(Schema):
    """A finding taken as absent since nobody said that it is there."""

    finding = wire.text("Name of the finding")
    label = wire.text("The finding in plain words")


class Wording:
    """How reasons and citations stand in an answer: in full, unless a subclass has a shorter way to the same."""

    def reason(self, reason: Reason) -> Any:
        """A finding that holds, with the value and the limit it rests on."""
        return {
            "finding": reason.finding,
            "label": reason.label,
            "value": reason.value,
            "limit": reason.limit,
            "citations": self.citations(reason.citations),
        }

    def citations(self, citations: tuple[Citation, ...]) -> Any:
        """Each passage with its source, how it was verified and, where it was really read, its words."""
        return render_citations(citations)


IN_FULL = Wording()


def render_citations(citations: Iterable[Citation]) -> list[Part]:
    """Each passage with its source, how it was verified and, where it was really read, its words."""
    return [
        {
            "source": citation.source.id,
            "passage": citation.passage.id,
            "locator": citation.passage.locator,
            "title": citation.source.title,
            "url": citation.source.url,
            "status": citation.source.status,
            "verified": citation.passage.verified,
            "quotation": citation.passage.quotation,
        }
        for citation in citations
    ]


def render_reasons(reasons: Iterable[Reason], wording: Wording) -> list[Any]:
    """The findings that hold."""
    return [wording.reason(reason) for reason in reasons]


def render_assumptions(assumptions: Iterable[Assumption]) -> list[Part]:
    """The findings taken as absent."""
    return [{"finding": assumption.finding, "label": assumption.label} for assumption in assumptions]
