"""A page of plain text: sections, wrapped paragraphs, and sources numbered in the order they are cited."""

import textwrap
from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any

WIDEST = 100
VERIFIED = {
    "primary": "source read",
    "secondary": "read in a secondary source",
    "consumer": "read in a text for patients",
    "knowledge": "from knowledge, not read",
}

Part = Mapping[str, Any]


class Page:
    """Lines of text for a reader, none wider than the page, which is the terminal when nothing else is said."""

    def __init__(self, width: int | None = None) -> None:
        self.width = width or min(get_terminal_size().columns, WIDEST)
        self.lines: list[str] = []
        self.sources: dict[str, list[Part]] = {}

    def heading(self, text: str, entries: Sequence[object]) -> None:
        """The title of a section, unless the section would be empty."""
        if entries:
            self.lines += [*([""] if self.lines else []), text.upper()]

    def write(self, text: str, indent: str = "", first: str | None = None) -> None:
        """A paragraph; `first` is the margin of its first line."""
        margin = indent if first is None else first
        wrap = textwrap.TextWrapper(self.width, margin, indent, break_long_words=False, break_on_hyphens=False)
        self.lines += wrap.wrap(text)

    def item(self, text: str, citations: Sequence[Part] = ()) -> None:
        """One entry of a section, with the numbers of its sources."""
        self.write(f"{text} {self._numbers(citations)}".rstrip(), "    ", "  - ")

    def detail(self, text: str) -> None:
        """More about the entry above, if there is any."""
        self.write(text, "    ")

    def note(self, title: str, entries: Sequence[Part]) -> None:
        """The labels of some entries in one paragraph, if there are any."""
        if entries:
            self.detail(f"{title}: {'; '.join(entry['label'] for entry in entries)}.")

    def list_sources(self) -> None:
        """Every source that was cited, with where in it and how that was verified."""
        self.heading("Sources", list(self.sources))
        for number, passages in enumerate(self.sources.values(), 1):
            force = "" if passages[0]["status"] == "current" else f" ({passages[0]['status']})"
            self.write(f"{passages[0]['title']}{force} {passages[0]['url'] or ''}", "      ", f"  [{number}] ")
            for place, passage in enumerate(passages, 1):
                read = f"{passage['locator']} ({VERIFIED[passage['verified']]})"
                self.write(read, "          ", f"      {number}.{place} ")

    def text(self) -> str:
        """The whole page."""
        return "\n".join(self.lines)

    def _numbers(self, citations: Sequence[Part]) -> str:
        return "".join(f"[{self._number(citation)}]" for citation in citations)

    def _number(self, citation: Part) -> str:
        """The number of the source and of the passage in it, both given when first cited."""
        passages = self.sources.setdefault(citation["source"], [])
        if citation not in passages:
            passages.append(citation)
        return f"{list(self.sources).index(citation['source']) + 1}.{passages.index(citation) + 1}"


def plain(word: str) -> str:
    """A word of the contract as a reader would write it."""
    return word.replace("_", " ")
