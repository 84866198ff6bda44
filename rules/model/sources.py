"""Where knowledge comes from: sources, the passages that were read in them, and citations of those."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SOURCE_STATUSES = ("current", "superseded", "withdrawn")
# The best first.
VERIFICATIONS = ("primary", "secondary", "consumer", "knowledge")
READ = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Passage:
    """What one place of a source says, in our words, and how that was verified."""

    id: str
    locator: str
    says: str
    verified: str
    quotation: str | None = None
    read_at: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline, study or label, with the passages that rules cite."""

    id: str
    title: str
    publisher: str
    published: str | None
    status: str
    url: str | None
    doi: str | None
    pmid: str | None
    passages: Mapping[str, Passage]


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage of a source, as a statement cites it."""

    source: Source
    passage: Passage

    @property
    def was_read(self) -> bool:
        """Whether the passage was read, in the source itself or in one that restates it."""
        return self.passage.verified in READ


def best_verification(ways: Iterable[str]) -> str:
    """The best of the ways in which some passages were verified; of none at all it is the least."""
    return min(ways, key=VERIFICATIONS.index, default=VERIFICATIONS[-1])
