"""Reading the sources that statements cite."""

from collections.abc import Mapping
from typing import Any

from rules.model import READ, VERIFICATIONS, Citation, Passage, Source
from rules.source import Problems, Section

SOURCE_REQUIRED = ("title", "publisher", "status", "passages")
SOURCE_OPTIONAL = ("published", "url", "doi", "pmid")
SOURCE_STATUSES = ("current", "superseded", "withdrawn")
PASSAGE_REQUIRED = ("locator", "says", "verified")
PASSAGE_OPTIONAL = ("quotation", "read_at")


def read_sources(section: Section, problems: Problems) -> dict[str, Source]:
    """All sources by id; mistakes are noted."""
    return {id_: _source(id_, entry, problems) for id_, entry in section.items() if _is_entry(id_, section, problems)}


def _is_entry(id_: str, section: Section, problems: Problems) -> bool:
    if isinstance(section[id_], Section):
        return True
    problems.add(section.where(id_), f"'{id_}' is not a mapping")
    return False


def _source(id_: str, entry: Section, problems: Problems) -> Source:
    problems.check_keys(entry, (*SOURCE_REQUIRED, *SOURCE_OPTIONAL), SOURCE_REQUIRED)
    if entry.get("status") not in SOURCE_STATUSES:
        problems.add(entry.where("status"), f"status is one of {', '.join(SOURCE_STATUSES)}")
    passages = {name: _passage(name, passage, problems) for name, passage in entry.get("passages", {}).items()}
    if entry.get("url") is None and any(passage.verified in READ for passage in passages.values()):
        problems.add(entry.where(), f"'{id_}' was read, so its url is needed")
    return Source(
        id=id_,
        title=entry.get("title", ""),
        publisher=entry.get("publisher") or "",
        published=_text(entry, "published"),
        status=entry.get("status", ""),
        url=entry.get("url"),
        doi=_text(entry, "doi"),
        pmid=_text(entry, "pmid"),
        passages=passages,
    )


def _passage(name: str, entry: Section, problems: Problems) -> Passage:
    problems.check_keys(entry, (*PASSAGE_REQUIRED, *PASSAGE_OPTIONAL), PASSAGE_REQUIRED)
    verified = entry.get("verified")
    if verified not in VERIFICATIONS:
        problems.add(entry.where("verified"), f"verified is one of {', '.join(VERIFICATIONS)}")
    if entry.get("quotation") and verified == "knowledge":
        problems.add(entry.where("quotation"), "words that were not read cannot be quoted")
    return Passage(
        id=name,
        locator=entry.get("locator", ""),
        says=entry.get("says", ""),
        verified=verified or "",
        quotation=entry.get("quotation"),
        read_at=entry.get("read_at"),
    )


def _text(entry: Section, key: str) -> str | None:
    value: Any = entry.get(key)
    return None if value is None else str(value)


def read_citations(
    names: list[str], where: str, sources: Mapping[str, Source], problems: Problems
) -> tuple[Citation, ...]:
    """The passages that `source/passage` names stand for; unknown ones are noted."""
    existing = [f"{source.id}/{passage}" for source in sources.values() for passage in source.passages]
    found = []
    for name in names:
        source_id, _, passage_id = name.partition("/")
        if name in existing:
            found.append(Citation(sources[source_id], sources[source_id].passages[passage_id]))
        else:
            problems.unknown(where, "citation", name, existing)
    return tuple(found)
