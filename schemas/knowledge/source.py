"""One source: a guideline, study or label, with the passages that rules cite and how each was verified."""

from typing import Any

from marshmallow import Schema

from rules.model import VERIFICATIONS, Passage, RuleSet
from schemas import wire

Part = dict[str, Any]


class PassageSchema(Schema):
    """What one place of a source says."""

    id = wire.text("Name of the passage")
    locator = wire.text("Where it stands")
    says = wire.text("What it says, in our words")
    quotation = wire.text("Words of the source, where they were really read", nullable=True)
    verified = wire.word(VERIFICATIONS, "Read in the source itself, in one that restates it, or not at all")
    read_at = wire.text("The page that was read", nullable=True)


class SourceSchema(Schema):
    """A guideline, study or label."""

    id = wire.text("Name of the source")
    title = wire.text("Its title")
    publisher = wire.text("Who published it")
    published = wire.text("When", nullable=True)
    status = wire.text("Whether it still holds")
    url = wire.text("Its address", nullable=True)
    doi = wire.text("Its DOI", nullable=True)
    pmid = wire.text("Its PubMed number", nullable=True)
    passages = wire.many(PassageSchema, "The passages that rules cite")


def render_source(rule_set: RuleSet, source_id: str) -> Part:
    """One source of a set; KeyError when there is none of that name."""
    source = rule_set.sources[source_id]
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "status": source.status,
        "url": source.url,
        "doi": source.doi,
        "pmid": source.pmid,
        "passages": [_passage(passage) for passage in source.passages.values()],
    }


def _passage(passage: Passage) -> Part:
    return {
        "id": passage.id,
        "locator": passage.locator,
        "says": passage.says,
        "quotation": passage.quotation,
        "verified": passage.verified,
        "read_at": passage.read_at,
    }
