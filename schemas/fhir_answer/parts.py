"""The small parts that our resources are made of."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from rules.assessment import Assumption
from rules.model import UNREVIEWED, Citation, Reason, RuleSet
from schemas.fhir_answer.terms import own

Part = dict[str, Any]


def resource(kind: str, /, **elements: Any) -> Part:
    """A resource of its elements in their order; an element with nothing in it is left out, as FHIR asks."""
    kept = {name: element for name, element in elements.items() if element is not None and element not in ({}, [], "")}
    return {"resourceType": kind, **kept}


def reference(to: str) -> Part:
    """A reference to another resource."""
    return {"reference": to}


def narrative(lines: Iterable[str]) -> Part:
    """The resource in words for a reader, one paragraph a line."""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>'}


def tagged(rule_set: RuleSet, *tags: Part) -> Part:
    """What a system can filter by: that nobody signed the rule set, and the given tags."""
    unreviewed = [own("review", UNREVIEWED)] if rule_set.manifest.is_unreviewed else []
    return {"tag": [*tags, *unreviewed]} if tags or unreviewed else {}


def provenance(rule_set: RuleSet) -> str:
    """Which knowledge an answer rests on, and who signed it."""
    manifest = rule_set.manifest
    return (
        f"Rule set {manifest.version}, profile {rule_set.profile}, {rule_set.digest}; "
        f"review: {manifest.review}; next review {manifest.next_review.isoformat()}."
    )


def notes(rule_set: RuleSet, *lines: str) -> list[Part]:
    """Comments for a reader; what the answer is and is not, and what it rests on, come last."""
    return [{"text": line} for line in (*lines, rule_set.manifest.notice, provenance(rule_set)) if line]


def artifacts(citations: Iterable[Citation]) -> list[Part]:
    """Each passage with its source, how it was verified and, where it was really read, its words."""
    return [_artifact(citation) for citation in citations]


def _artifact(citation: Citation) -> Part:
    source = citation.source
    return {
        "type": "citation",
        "label": f"{source.id}/{citation.passage.id}",
        "display": source.title,
        "citation": cited(citation),
        **({"url": source.url} if source.url else {}),
    }


def cited(citation: Citation) -> str:
    """One source with the place in it, how it was verified and the words that were really read."""
    source, passage = citation.source, citation.passage
    words = f" “{passage.quotation}”" if passage.quotation else ""
    address = f" {source.url}" if source.url else ""
    force = "" if source.status == "current" else f", {source.status}"
    return f"{source.title}{force}, {passage.locator} (verified: {passage.verified}).{words}{address}"


def reasons(because: Iterable[Reason]) -> Iterator[str]:
    """Each finding with the value and the limit it rests on."""
    for reason in because:
        beside = [f"reported {reason.value}"] if reason.value else []
        beside += [f"limit {reason.limit}"] if reason.limit else []
        yield f"{reason.label} ({', '.join(beside)})" if beside else reason.label


def assumed(assumes: Iterable[Assumption]) -> str:
    """What was taken as absent since nobody said that it is there; empty when nothing was."""
    labels = "; ".join(assumption.label for assumption in assumes)
    return f"Taken as absent since nobody said otherwise: {labels}." if labels else ""
