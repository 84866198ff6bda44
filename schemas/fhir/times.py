"""When something was: the many ways in which FHIR gives a time, as the days that it may mean."""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from rules.dates import Period
from schemas.fhir.elements import Element, part, text

DAY = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ]\d{2}.*)?", re.ASCII)


class Moment(NamedTuple):
    """The days that a time may mean, as they were written, and all that was `sent`, perhaps with hours and a zone."""

    written: str
    period: Period
    sent: str = ""

    @property
    def instant(self) -> datetime | None:
        """The instant in universal time, where one was given; without a zone it is taken as universal."""
        return _instant(self.sent)

    def is_after(self, day: date) -> bool:
        """Whether it lies after that day, wherever on the earth the clock was that wrote it."""
        if not self.period.starts_after(day):
            return False
        instant = self.instant
        return instant is None or instant.date() > day

    def shown(self, today: date) -> str:
        """The date for a summary: as it was written, or the universal one where the clock was a day ahead."""
        instant = self.instant if self.period.starts_after(today) else None
        return self.written if instant is None else instant.date().isoformat()


def moment(sent: str) -> Moment | None:
    """A FHIR date, date and time or instant; None when it is none."""
    parts = DAY.fullmatch(sent)
    if parts is None:
        return None
    try:
        return Moment(parts[1], _period(parts[1]), sent)
    except ValueError:
        return None


def _period(written: str) -> Period:
    """The days of a year, a month or, as nearly always, of a day."""
    if len(written) < len("2026-01-01"):
        return Period.parse(written)
    day = date.fromisoformat(written)
    return Period(day, day)


def _instant(sent: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(sent.replace(" ", "T", 1)) if len(sent) > len("2026-01-01") else None
        return None if read is None else read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def when(resource: Element, *names: str) -> Moment | None:
    """The first of these elements that gives a time: a date, an instant, or the end (else the start) of a period."""
    for name in names:
        period = part(resource, name)
        found = moment(text(resource, name)) or moment(text(period, "end")) or moment(text(period, "start"))
        if found is not None:
            return found
    return None


def start(resource: Element, *names: str) -> Moment | None:
    """When something began: the first of these that is a date or a period with a start."""
    begun = (moment(text(resource, name)) or moment(text(part(resource, name), "start")) for name in names)
    return next((found for found in begun if found is not None), None)


def end(resource: Element, *names: str) -> Moment | None:
    """When something ended: the first of these that is a date or a period with an end."""
    ended = (moment(text(resource, name)) or moment(text(part(resource, name), "end")) for name in names)
    return next((found for found in ended if found is not None), None)
