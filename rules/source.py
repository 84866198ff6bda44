"""YAML files read so that every mistake can be named by file and line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

SCALARS: Mapping[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": Decimal,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:null": lambda _: None,
}


class RuleSetError(Exception):
    """All that is wrong with a rule set or the catalogue of facts, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Section(dict[str, Any]):
    """A YAML mapping that remembers the line of each of its keys."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: dict[str, int] = {}

    def where(self, key: str | None = None) -> str:
        """`findings/laboratory.yaml:12`, the place of a key or of the mapping itself."""
        return f"{self.file}:{self.lines.get(key, self.line) if key else self.line}"


@dataclass
class Problems:
    """Mistakes found while reading, kept so that all are reported at once."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Note one mistake."""
        self.found.append(f"{where}: {message}")

    def unknown(self, where: str, what: str, name: str, existing: list[str]) -> None:
        """Note a name that does not exist, with the nearest that does."""
        near = get_close_matches(name, existing, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        self.add(where, f"unknown {what} '{name}'{hint}")

    def check_keys(self, section: Section, allowed: tuple[str, ...], required: tuple[str, ...] = ()) -> None:
        """Note keys that mean nothing here and keys that are missing."""
        for key in section:
            if key not in allowed:
                self.unknown(section.where(key), "key", key, list(allowed))
        for key in required:
            if key not in section:
                self.add(section.where(), f"'{key}' is missing")

    def raise_if_any(self) -> None:
        """End the reading when something was wrong."""
        if self.found:
            raise RuleSetError(self.found)


def read_yaml(path: Path, root: Path, problems: Problems) -> Section:
    """The mapping a YAML 1.2 file holds; duplicate keys and broken syntax are noted as problems."""
    name = path.relative_to(root).as_posix()
    if not path.is_file():
        problems.add(f"{name}:1", "the file is missing")
        return Section(name, 1)
    try:
        node = YAML(typ="safe", pure=True).compose(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(f"{name}:{line}", f"not YAML: {error.problem}")
        return Section(name, line)
    if not isinstance(node, MappingNode):
        problems.add(f"{name}:1", "a mapping of names is expected")
        return Section(name, 1)
    return _mapping(node, name, problems)


def _value(node: Node, file: str, problems: Problems) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, file, problems)
    if isinstance(node, SequenceNode):
        return [_value(child, file, problems) for child in node.value]
    return SCALARS.get(str(node.tag), str)(node.value)


def _mapping(node: MappingNode, file: str, problems: Problems) -> Section:
    section = Section(file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in section:
            problems.add(f"{file}:{line}", f"'{key}' stands here twice")
        section.lines[key] = line
        section[key] = _value(value_node, file, problems)
    return section
