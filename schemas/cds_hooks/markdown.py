"""Plain text for a card's GitHub Flavored Markdown: no text can become HTML, a link, a heading or emphasis."""

import re

SPECIAL = re.compile(r"[\\`*_\[\]<>&|~@]")
LINK = re.compile(r"(?<=\bwww)\.|:(?=//)", re.IGNORECASE)
LONGEST_SUMMARY = 139


def plain(text: str) -> str:
    """A text as it reads, on one line; written after words of ours, never at the start of a line."""
    return LINK.sub(lambda found: f"\\{found[0]}", SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split())))


def link(label: str, url: str) -> str:
    """A link, for addresses of ours only."""
    return f"[{plain(label)}](<{url}>)"


def summary(text: str) -> str:
    """A text short enough for the head of a card, cut between words."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_SUMMARY:
        return line
    return f"{line[: LONGEST_SUMMARY - 1].rpartition(' ')[0].rstrip(' ,;:')}…"
