"""Reading the sources that statements cite."""

from collections.abc import Mapping

from rules.model import READ, Citation, Passage, Source
from rules.source import Problems, Section


def read_sources(section: Section, problems: Problems) -> dict[str, Source]:
    """All sources by id; mistakes are noted."""
    return {id_: _source(id_, entry, problems) for id_, entry in section.items()}


def _source(id_: str, entry: Section, problems: Problems) -> Source:
    passages = {name: _passage(name, passage, problems) for name, passage in entry["passages"].items()}
    if "url" not in entry.lines and any(passage.verified in READ for passage in passages.values()):
        problems.add(entry.where(), f"'{id_}' was read, so its url is needed")
    return Source(
        id=id_,
        title=entry["title"],
        publisher=entry["publisher"],
        published=_printed(entry, "published"),
        status=entry["status"],
        url=entry.get("url"),
        doi=_printed(entry, "doi"),
        pmid=_printed(entry, "pmid"),
        passages=passages,
    )


def _passage(name: str, entry: Section, problems: Problems) -> Passage:
    if "quotation" in entry and entry["verified"] == "knowledge":
        problems.add(entry.where("quotation"), "words that were not read cannot be quoted")
    return Passage(
        id=name,
        locator=entry["locator"],
        says=entry["says"],
        verified=entry["verified"],
        quotation=entry.get("quotation"),
        read_at=entry.get("read_at"),
    )


def _printed(entry: Section, key: str) -> str | None:
    return str(entry[key]) if key in entry else None


def read_citations(
    names: list[str], where: str, sources: Mapping[str, Source], problems: Problems
) -> tuple[Citation, ...]:
    """The passages that `source/passage` names stand for; unknown ones are noted."""
    found = []
    for name in names:
        source_id, _, passage_id = name.partition("/")
        source = sources.get(source_id)
        if source is not None and passage_id in source.passages:
            found.append(Citation(source, source.passages[passage_id]))
        else:
            problems.unknown(where, "citation", name, _every_passage(sources))
    return tuple(found)


def _every_passage(sources: Mapping[str, Source]) -> list[str]:
    return [f"{source.id}/{passage}" for source in sources.values() for passage in source.passages]
