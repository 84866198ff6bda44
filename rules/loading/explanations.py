"""Reading the other diseases that could explain the picture, and the causes of deficiency."""

from rules.loading.evidence import read_citations
from rules.loading.rules import RuleReader, check_examples, read_example
from rules.model import BLOCKS, Explanation, Finding, When
from rules.source import Section

LISTS = ("appears", "for", "against", "ask")


def read_explanation(id_: str, entry: Section, reader: RuleReader) -> Explanation:
    """One disease or cause."""
    lists = {key: reader.findings.get_all(entry.get(key, []), entry.where(key)) for key in LISTS}
    explanation = Explanation(
        id=id_,
        label=entry["label"],
        appears=lists["appears"],
        known=_known(entry, reader),
        speaks_for=lists["for"],
        speaks_against=lists["against"],
        ask=lists["ask"],
        **_blocks(entry, reader),
        criteria=entry.get("criteria"),
        coexists=entry["coexists"],
        settled_by=reader.tests(entry, "settled_by"),
        note=entry["note"],
        citations=read_citations(entry["cite"], entry.where("cite"), reader.sources, reader.problems),
        examples=tuple(read_example(example) for example in entry["examples"]),
    )
    check_examples(id_, explanation.examples, ("absent",), entry, reader.problems)
    return explanation


def _known(entry: Section, reader: RuleReader) -> Finding | None:
    return reader.findings.get(entry["known"], entry.where("known")) if "known" in entry else None


def _blocks(entry: Section, reader: RuleReader) -> dict[str, When | None]:
    return {name: reader.when(entry[name]) if name in entry else None for name in BLOCKS}
