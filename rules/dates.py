"""Dates as patients and records give them: often only a year or a month."""

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Self

from rules.quantities import Interval

PARTIAL = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{2})(-(?P<day>\d{2}))?)?", re.ASCII)
DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


class Period(NamedTuple):
    """The days a date may mean: `2019-05` is any day of that May."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2019`, `2019-05`, `2019-05-20` or an RFC 3339 date and time, whose written day counts.

        Raises ValueError for anything else, impossible days included.
        """
        if DATE_TIME.fullmatch(text):
            datetime.fromisoformat(text)
            text = text[:10]
        parts = PARTIAL.fullmatch(text)
        if parts is None:
            raise ValueError("not a date")
        year, month, day = (int(part) if part else None for part in parts.group("year", "month", "day"))
        return cls._covering(year or 0, month, day)

    @classmethod
    def _covering(cls, year: int, month: int | None, day: int | None) -> Self:
        if day is not None and month is not None:
            return cls(date(year, month, day), date(year, month, day))
        if month is not None:
            first = date(year, month, 1)
            return cls(first, first.replace(day=monthrange(year, month)[1]))
        return cls(date(year, 1, 1), date(year, 12, 31))

    def starts_after(self, day: date) -> bool:
        """Whether no day of this period is on or before `day`."""
        return self.first > day

    def days_before(self, as_of: date) -> Interval:
        """How many days ago it was, seen from `as_of`: a range when the date is partial."""
        shortest = max((as_of - self.last).days, 0)
        longest = max((as_of - self.first).days, 0)
        return Interval(Decimal(shortest), Decimal(longest))

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        return self.first.isoformat()[: 7 if same_month else 4]
