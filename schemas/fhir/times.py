"""When something was: the many ways in which FHIR gives a time, as the days that it may mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rules.dates import Period
from schemas.fhir.elements import Element, part, text

DAY = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ]\d{2}.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """The days that a time may mean as they were written, and the instant itself where it was given."""

    written: str
    period: Period
    instant: datetime | None = None

    def is_after(self, day: date) -> bool:
        """Whether it lies after that day, wherever on the earth the clock was that wrote it."""
        if self.instant is not None and self.instant.date() <= day:
            return False
        return self.period.starts_after(day)

    def shown(self, today: date) -> str:
        """The date for a summary: as it was written, or the universal one where the clock was a day ahead."""
        ahead = self.instant is not None and self.period.starts_after(today)
        return self.instant.date().isoformat() if ahead and self.instant else self.written


def moment(sent: str) -> Moment | None:
    """A FHIR date, date and time or instant; None when it is none."""
    parts = DAY.fullmatch(sent)
    if parts is None:
        return None
    try:
        return Moment(parts[1], Period.parse(parts[1]), _instant(sent))
    except ValueError:
        return None


def _instant(sent: str) -> datetime | None:
    """The instant in universal time; a time without a zone is taken as universal, one that cannot be read as none."""
    try:
        read = datetime.fromisoformat(sent.replace(" ", "T", 1)) if len(sent) > len("2026-01-01") else None
        return None if read is None else read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def when(resource: Element, *names: str) -> Moment | None:
    """The first of these elements that gives a time: a date, an instant, or the end (else the start) of a period."""
    return next((found for found in _moments(resource, names) if found is not None), None)


def _moments(resource: Element, names: Iterable[str]) -> Iterable[Moment | None]:
    for name in names:
        yield moment(text(resource, name))
        period = part(resource, name)
        yield moment(text(period, "end"))
        yield moment(text(period, "start"))


def start(resource: Element, *names: str) -> Moment | None:
    """When something began: the first of these that is a date or a period with a start."""
    begun = (moment(text(resource, name)) or moment(text(part(resource, name), "start")) for name in names)
    return next((found for found in begun if found is not None), None)


def end(resource: Element, *names: str) -> Moment | None:
    """When something ended: the first of these that is a date or a period with an end."""
    ended = (moment(text(resource, name)) or moment(text(part(resource, name), "end")) for name in names)
    return next((found for found in ended if found is not None), None)
