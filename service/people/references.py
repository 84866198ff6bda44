"""The sources of a page, numbered in the order they are cited."""

from collections.abc import Iterable, Mapping
from typing import Any

Part = Mapping[str, Any]


class References:
    """Gives every cited passage its number, the same one wherever it is cited again."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self.cited: list[Part] = []

    def number(self, citation: Part) -> int:
        """The number of a passage."""
        key = (citation["source"], citation["passage"])
        if key not in self._numbers:
            self.cited.append(citation)
            self._numbers[key] = len(self.cited)
        return self._numbers[key]

    def by_source(self) -> list[list[tuple[int, Part]]]:
        """The cited passages under their sources, in the order the sources were first cited."""
        found: dict[str, list[tuple[int, Part]]] = {}
        for number, citation in enumerate(self.cited, 1):
            found.setdefault(citation["source"], []).append((number, citation))
        return list(found.values())

    def numbered(self, citations: Iterable[Part]) -> list[tuple[int, Part]]:
        """Passages with their numbers."""
        return [(self.number(citation), citation) for citation in citations]
