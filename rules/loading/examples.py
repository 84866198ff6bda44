"""The tables of examples beside the rules: read to check and to review a rule set, not to answer a patient."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rules.loading import formats
from rules.loading.rules import read_example
from rules.model import AnyRule, Explanation, RuleSet
from rules.source import Problems, Section, read_yaml

TABLES = {
    "likelihood": formats.RULE_EXAMPLES,
    "flags": formats.RULE_EXAMPLES,
    "recommendations": formats.RULE_EXAMPLES,
    "differential": formats.EXPLANATION_EXAMPLES,
    "causes": formats.EXPLANATION_EXAMPLES,
}


def with_tables(rule_set: RuleSet, directory: Path, problems: Problems) -> RuleSet:
    """The rule set with the examples of its `examples` folder behind those that stand in the rules themselves."""
    changed: dict[str, Any] = {}
    for kind in TABLES:
        table = _table(kind, directory, problems)
        parts = getattr(rule_set, kind)
        by_id = parts if isinstance(parts, Mapping) else {part.id: part for part in parts}
        for id_ in table.keys() - by_id.keys():
            problems.unknown(table.where(id_), "rule", id_, list(by_id))
        longer = {id_: _longer(part, table.get(id_, [])) for id_, part in by_id.items()}
        changed[kind] = longer if isinstance(parts, Mapping) else tuple(longer.values())
    return replace(rule_set, **changed)


def _table(kind: str, directory: Path, problems: Problems) -> Section:
    path = directory / "examples" / f"{kind}.yaml"
    if not path.exists():
        return Section(kind, 1)
    table: Section = TABLES[kind].inside(read_yaml(path, directory, problems), problems)
    return table


def _longer(part: AnyRule | Explanation, table: list[Section]) -> AnyRule | Explanation:
    return replace(part, examples=(*part.examples, *map(read_example, table))) if table else part
