"""The answers to OWASP ASVS: how many of each kind, what would be needed for the rest, and each with its evidence."""

from collections import Counter
from collections.abc import Mapping

from tests.papers.reading import Entry

ANSWERS = ("met", "partly", "not met", "left to deployment", "not applicable")
SOURCE = """\
Every requirement of level 1 of the [OWASP Application Security Verification Standard 5.0.0](https://github.com/OWASP/ASVS)
(copyright 2008-2025 The OWASP Foundation, CC BY-SA 4.0), and those of level 2 in the chapters that a service without
state has most to do with. What each asks is in our own few words, which do not replace it: read it there by its number.
This is the project's own answer, which nobody else has verified.
"""


def asvs_answers(paper: Entry) -> str:
    """All that the page says below its head."""
    entries = paper["requirements"]
    chapters = (_chapter(number, title, entries) for number, title in paper["chapters"].items())
    return "\n".join([SOURCE, _counts(entries), _lacking(entries), *chapters])


def _counts(entries: Mapping[str, Entry]) -> str:
    counted = Counter((entry["answer"], entry["level"]) for entry in entries.values())
    rows = (f"| {answer} | {counted[answer, 1]} | {counted[answer, 2]} |\n" for answer in ANSWERS)
    return f"| Answer | Level 1 | Level 2 |\n|---|---|---|\n{''.join(rows)}"


def _lacking(entries: Mapping[str, Entry]) -> str:
    lines = (
        f"- **{number}** (level {entry['level']}, {entry['answer']}): {entry['needed']}\n"
        for number, entry in entries.items()
        if "needed" in entry
    )
    return f"## What would be needed\n\n{''.join(lines)}"


def _chapter(chapter: str, title: str, entries: Mapping[str, Entry]) -> str:
    head = "| | Level | Asks | Answer | How | Shown by |\n|---|---|---|---|---|---|\n"
    rows = (_row(number, entry) for number, entry in entries.items() if f"V{number}".startswith(f"{chapter}."))
    return f"## {chapter} {title}\n\n{head}{''.join(rows)}"


def _row(number: str, entry: Entry) -> str:
    said = (number, entry["level"], entry["asks"], entry["answer"], entry["how"], _evidence(entry))
    return f"| {' | '.join(map(str, said))} |\n"


def _evidence(entry: Entry) -> str:
    tests = (f"`{name}`" for name in entry.get("tests", ()))
    files = (f"[{name}](../../{name})" for name in entry.get("read", ()))
    return "<br>".join([*tests, *files])
