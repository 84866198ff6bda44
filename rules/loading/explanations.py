"""Reading the other diseases that could explain the picture, and the causes of deficiency."""

from typing import Any

from rules.derived import DERIVED_NUMBERS
from rules.loading.evidence import read_citations
from rules.loading.rules import RuleReader, check_examples, read_example
from rules.model import Explanation, Finding, When
from rules.source import Section

REQUIRED = ("label", "appears", "note", "cite", "examples", "coexists")
LISTS = ("appears", "for", "against", "ask")
BLOCKS = ("supported", "possible", "opposed")
KEYS = (*REQUIRED, *LISTS[1:], *BLOCKS, "known", "criteria", "settled_by")
CRITERIA_KEYS = ("name", "score", "needs")


def read_explanation(id_: str, entry: Section, reader: RuleReader) -> Explanation | None:
    """One disease or cause, or None when its parts are missing."""
    problems = reader.problems
    problems.check_keys(entry, KEYS, REQUIRED)
    if any(key not in entry for key in REQUIRED):
        return None
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
        criteria=_criteria(entry, reader),
        coexists=entry["coexists"],
        settled_by=reader.tests(entry, "settled_by"),
        note=entry["note"],
        citations=read_citations(entry["cite"], entry.where("cite"), reader.sources, problems),
        examples=tuple(read_example(example) for example in entry["examples"]),
    )
    check_examples(id_, explanation.examples, ("absent",), entry, problems)
    return explanation


def _known(entry: Section, reader: RuleReader) -> Finding | None:
    return reader.findings.get(entry["known"], entry.where("known")) if "known" in entry else None


def _blocks(entry: Section, reader: RuleReader) -> dict[str, When | None]:
    return {name: reader.when(entry[name]) if name in entry else None for name in BLOCKS}


def _criteria(entry: Section, reader: RuleReader) -> dict[str, Any] | None:
    criteria: Section | None = entry.get("criteria")
    if criteria is None:
        return None
    reader.problems.check_keys(criteria, CRITERIA_KEYS, CRITERIA_KEYS)
    if criteria.get("score") not in DERIVED_NUMBERS:
        reader.problems.unknown(criteria.where("score"), "score", str(criteria.get("score")), list(DERIVED_NUMBERS))
    return dict(criteria)
