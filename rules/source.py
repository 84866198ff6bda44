"""YAML files read so that every mistake can be named by file and line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver

SCALARS: Mapping[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": Decimal,
    "tag:yaml.org,2002:bool": lambda text: text.lower() == "true",
    "tag:yaml.org,2002:null": lambda _: None,
}
UNREADABLE = (OSError, YAMLError, ValueError, OverflowError, RecursionError)


class RuleSetError(Exception):
    """All that is wrong with a rule set or the catalogue of facts, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Section(dict[str, Any]):
    """A YAML mapping that remembers the line of each of its keys."""

    def __init__(self, file: str, line: int, lines: Mapping[str, int] | None = None) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines = dict(lines or {})

    def where(self, key: str | None = None) -> str:
        """`findings/laboratory.yaml:12`, the place of a key or of the mapping itself."""
        return f"{self.file}:{self.lines.get(key, self.line) if key is not None else self.line}"


@dataclass
class Problems:
    """Mistakes found while reading, kept so that all are reported at once."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, message: str) -> None:
        """Note one mistake on one line, once however often it is met."""
        problem = f"{where}: {' '.join(message.split())}"
        if problem not in self.found:
            self.found.append(problem)

    def unknown(self, where: str, what: str, name: str, existing: list[str]) -> None:
        """Note a name that does not exist, with the nearest that does."""
        near = get_close_matches(name, existing, n=1)
        self.add(where, f"unknown {what} '{name}'" + (f"; did you mean '{near[0]}'?" if near else ""))

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
    """The mapping a YAML 1.2 file holds; whatever cannot be read is noted as a problem."""
    name = path.relative_to(root).as_posix()
    try:
        node = compose(_text(path))
        if isinstance(node, MappingNode):
            return _Nodes(name, problems).mapping(node)
        problems.add(f"{name}:1", "a mapping of names is expected")
    except UNREADABLE as error:
        line, reason = _complaint(error, path)
        problems.add(f"{name}:{line}", reason)
    return Section(name, 1)


def compose(text: str) -> Node | None:
    """The nodes of a YAML 1.2 document, each with its line; none of an empty one.

    libyaml reads the same nodes in a fraction of the time. What it refuses is read again in Python, whose complaint is
    the one that is told.
    """
    try:
        return _compose(text, pure=False)
    except UNREADABLE:
        return _compose(text, pure=True)


def _compose(text: str, *, pure: bool) -> Node | None:
    yaml = YAML(typ="safe", pure=pure)
    yaml.Resolver = _Resolver
    return cast(Node | None, yaml.compose(text))


class _Resolver(VersionedResolver):
    """What a plain word is in YAML 1.2, which our files are written in; not worked out anew for every word."""

    processing_version = (1, 2)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="surrogateescape")


def _complaint(error: Exception, path: Path) -> tuple[int, str]:
    """The line that cannot be read, as far as it is known, and why."""
    match error:
        case OSError():
            return 1, "the file is missing"
        case MarkedYAMLError(problem_mark=mark, problem=problem):
            return mark.line + 1 if mark else 1, f"not YAML: {problem}"
        case ReaderError(position=position, reason=reason):
            return _text(path)[:position].count("\n") + 1, f"not YAML: {reason}"
        case _:
            return 1, "not YAML: nested too deeply or holds an impossible character"


@dataclass(slots=True)
class _Nodes:
    """The nodes of one file, turned into values; `seen` keeps an alias from being followed."""

    file: str
    problems: Problems
    seen: set[int] = field(default_factory=set)

    def mapping(self, node: MappingNode) -> Section:
        section = Section(self.file, node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = self._key(key_node, section)
            section.lines[key] = key_node.start_mark.line + 1
            section[key] = self._value(value_node)
        return section

    def _value(self, node: Node) -> Any:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if id(node) in self.seen:
            self._note(node, "a list or mapping that stands elsewhere (*) is written out here")
            return None
        self.seen.add(id(node))
        return self.mapping(node) if isinstance(node, MappingNode) else [self._value(child) for child in node.value]

    def _scalar(self, node: ScalarNode) -> object:
        try:
            return SCALARS.get(str(node.tag), str)(node.value)
        except (ValueError, ArithmeticError):
            self._note(node, f"'{node.value}' is not a number in digits; put it in quotes if it is text")
            return node.value

    def _key(self, node: Node, section: Section) -> str:
        key = node.value if isinstance(node, ScalarNode) else ""
        if not key:
            self._note(node, "a name is expected before the colon")
        if key in section:
            self._note(node, f"'{key}' stands here twice")
        return key

    def _note(self, node: Node, message: str) -> None:
        self.problems.add(f"{self.file}:{node.start_mark.line + 1}", message)
