"""Cards: short advice beside the work of a clinician, as CDS Hooks 2.0.1 defines them."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from rules.model import LEVELS, Citation, Manifest, Source
from schemas.cds_hooks.case import INDICATORS, CardOptions, Case
from schemas.cds_hooks.markdown import LONGEST_SUMMARY, link, plain, summary
from schemas.cds_hooks.sections import Line, Section, sections
from schemas.cds_hooks.suggestions import suggestions

Part = dict[str, Any]

FLAGGED = LEVELS[LEVELS.index("possible") :]
MOST_LINKS = 5
MOST_WANTED = 3
MOST_NOTES = 8
HOW_VERIFIED = {
    "primary": "read at its source",
    "secondary": "read where it is restated",
    "consumer": "read in a text for the public",
    "knowledge": "not read",
}

# Codes and displays of HL7's code system for reasons not to follow advice (CDS Hooks 3.0.0-ballot, trial use).
REASON_SYSTEM = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
OVERRIDE_REASONS = {
    "patient-ineligible": "Patient does not meet eligibility for recommended action",
    "indication-order-exists": "Patient has indication/order for intended action",
    "action-completed": "Recommended action was already completed",
    "action-not-priority": "Recommended action is not relevant or a priority in current state of health",
    "need-more-info": (
        "Could not address recommended action due to need for more information/pending results/pending consult"
    ),
    "recipient-does-not-trust": "Recipient does not agree with or trust the recommended action",
    "patient-contraindication": "Patient has contraindication to recommended action",
    "prefers-alternative": "Patient prefers an alternative approach or treatment",
}


def render_cards(case: Case, options: CardOptions) -> Part:
    """The answer to one call: at most so many cards as the operator wants, none when there is nothing to say."""
    mildest = INDICATORS.index(options.mildest)
    found = [section for section in sections(case) if INDICATORS.index(section.indicator) >= mildest]
    alone, together = found[: options.most - 1], found[options.most - 1 :]
    grouped = [*([section] for section in alone), *([together] if together else [])]
    return {"cards": [_card(case, group, options) for group in grouped]}


def _card(case: Case, group: list[Section], options: CardOptions) -> Part:
    offered = suggestions(case, chain.from_iterable(section.advice for section in group))
    cited = _sources(chain.from_iterable(section.lines for section in group))
    links = [{"label": source.title, "url": source.url, "type": "absolute"} for source in cited if source.url]
    return {
        "uuid": case.uuid("card", *chain.from_iterable(section.names for section in group)),
        "summary": summary(_head(group)),
        "detail": _detail(case, group, cited),
        "indicator": group[0].indicator,
        "source": _source(case.assessment.rule_set.manifest, options),
        **({"suggestions": offered, "selectionBehavior": "any"} if offered else {}),
        "overrideReasons": [
            {"system": REASON_SYSTEM, "code": code, "display": display} for code, display in OVERRIDE_REASONS.items()
        ],
        **({"links": links[:MOST_LINKS]} if links else {}),
    }


def _head(group: list[Section]) -> str:
    """The gravest subject, and a likelihood worth saying when that is another, as fully as there is room for."""
    first, *others = group
    likelihood = next((section for section in others if section.level in FLAGGED), None)
    if likelihood is None:
        return first.summary
    both = (f"{first.summary}. {words}" for words in (likelihood.summary, *likelihood.shorter))
    return next((head for head in both if len(head) <= LONGEST_SUMMARY), first.summary)


def _source(manifest: Manifest, options: CardOptions) -> Part:
    label = f"Vitamin B12 decision support, rule set {manifest.version} ({manifest.review})"
    url = f"{options.public_url}/v1/rule-sets/{manifest.version}" if options.public_url else None
    return {"label": label, **({"url": url} if url else {})}


def _detail(case: Case, group: list[Section], cited: list[Source]) -> str:
    numbers = {source.id: place for place, source in enumerate(cited, 1)}
    blocks = (
        *(_block(section, numbers) for section in group),
        _bullets("About the record", [f"Note: {plain(note)}" for note in case.notes[:MOST_NOTES]]),
        _bullets("Not known, and could make deficiency more likely", _wanted(case)),
        _references(group, cited),
        f"*{plain(case.assessment.rule_set.manifest.notice)}*",
    )
    return "\n\n".join(filter(None, blocks))


def _wanted(case: Case) -> list[str]:
    """The unknown facts that could raise the level; with an order the order is the subject."""
    level = LEVELS.index(case.assessment.likelihood.level)
    missing = case.assessment.missing if case.order is None else ()
    return [plain(one.label) for one in missing if LEVELS.index(one.could_reach) > level][:MOST_WANTED]


def _block(section: Section, numbers: dict[str, int]) -> str:
    head, *rest = section.lines
    return "\n".join(
        [_numbered(head, numbers), *([""] if rest else []), *(f"- {_numbered(one, numbers)}" for one in rest)]
    )


def _numbered(line: Line, numbers: dict[str, int]) -> str:
    used = sorted({numbers[citation.source.id] for citation in line.citations})
    return line.text + "".join(f" \\[{number}\\]" for number in used)


def _bullets(head: str, lines: list[str]) -> str:
    return _listed(head, [f"- {line}" for line in lines])


def _listed(head: str, entries: list[str]) -> str:
    """A list under its head; the empty text when nothing is in it."""
    return "\n".join([f"**{head}**", "", *entries]) if entries else ""


def _sources(lines: Iterable[Line]) -> list[Source]:
    cited = chain.from_iterable(line.citations for line in lines)
    return list({citation.source.id: citation.source for citation in cited}.values())


def _references(group: list[Section], cited: list[Source]) -> str:
    used = list(chain.from_iterable(line.citations for section in group for line in section.lines))
    entries = [f"{place}. {_reference(source, used)}" for place, source in enumerate(cited, 1)]
    return _listed("Sources", entries)


def _reference(source: Source, used: list[Citation]) -> str:
    ways = dict.fromkeys(HOW_VERIFIED[one.passage.verified] for one in used if one.source.id == source.id)
    title = link(source.title, source.url) if source.url else plain(source.title)
    force = "" if source.status == "current" else f"{source.status}; "
    return f"{title} ({force}{', '.join(ways)})"
