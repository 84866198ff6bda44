"""Partial dates are the days they cover."""

from datetime import date
from decimal import Decimal

import pytest

from rules.dates import Period
from rules.derived.timing import months_since, within
from rules.quantities import Interval
from rules.truth import Truth

READ = [
    ("2019", date(2019, 1, 1), date(2019, 12, 31), "2019"),
    ("2019-05", date(2019, 5, 1), date(2019, 5, 31), "2019-05"),
    ("2019-04", date(2019, 4, 1), date(2019, 4, 30), "2019-04"),
    ("2019-02", date(2019, 2, 1), date(2019, 2, 28), "2019-02"),
    ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "2020-02"),
    ("2000-02", date(2000, 2, 1), date(2000, 2, 29), "2000-02"),
    ("1900-02", date(1900, 2, 1), date(1900, 2, 28), "1900-02"),
    ("9999-12", date(9999, 12, 1), date(9999, 12, 31), "9999-12"),
    ("0001", date(1, 1, 1), date(1, 12, 31), "0001"),
    ("2019-05-20", date(2019, 5, 20), date(2019, 5, 20), "2019-05-20"),
    ("2020-02-29", date(2020, 2, 29), date(2020, 2, 29), "2020-02-29"),
    ("2019-05-20T23:59:59Z", date(2019, 5, 20), date(2019, 5, 20), "2019-05-20"),
    ("2019-05-20T00:00:00.123456789+14:00", date(2019, 5, 20), date(2019, 5, 20), "2019-05-20"),
    ("2019-05-20T00:00:00-05:00", date(2019, 5, 20), date(2019, 5, 20), "2019-05-20"),
]
REFUSED = [
    *("", "yesterday", "19", "02019", "2019-5", "2019-05-2", "2019/05/20", "20190520", "2019-W01", " 2019"),
    *("2019\n", "2019-05-20\n", "２０１９", "+2019", "-2019", "2019-", "2019-05-"),
    *("0000", "0000-01", "0000-01-01", "0000-01-01T00:00:00Z"),
    *("2019-00", "2019-13", "2019-00-10", "2019-04-31", "2019-02-29", "1900-02-29", "2019-05-00", "2019-05-32"),
    *("2019-05-20T10:00:00", "2019-05-20T10:00Z", "2019-05-20 10:00:00Z", "2019-05-20T25:00:00Z"),
    *("2019-05-20T10:60:00Z", "2019-05-20T10:00:61Z", "2019-02-30T10:00:00Z", "2019-05-20T10:00:00+25:00"),
    *("2019-05T10:00:00Z", "2019-05-20T10:00:00Z ", "2019-05-20T10:00:00.Z"),
]
AS_OF = date(2026, 1, 15)


@pytest.mark.parametrize(("text", "first", "last", "shown"), READ)
def test_a_date_covers_the_days_it_may_mean(text: str, first: date, last: date, shown: str) -> None:
    period = Period.parse(text)
    assert period == Period(first, last)
    assert str(period) == shown


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_date_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "shortest", "longest"),
    [
        ("2026-01-15", 0, 0),
        ("2026-01-14", 1, 1),
        ("2026-01", 0, 14),
        ("2025-12", 15, 45),
        ("2025", 15, 379),
        ("2026", 0, 14),
        ("2024-02", 686, 714),
        ("2026-02", 0, 0),
    ],
)
def test_days_before(text: str, shortest: int, longest: int) -> None:
    assert Period.parse(text).days_before(AS_OF) == Interval(Decimal(shortest), Decimal(longest))


@pytest.mark.parametrize(
    ("text", "after"),
    [("2026-01-16", True), ("2026-01-15", False), ("2026-01", False), ("2026-02", True), ("2027", True)],
)
def test_a_period_starts_after_a_day_when_none_of_its_days_is_on_or_before_it(text: str, after: bool) -> None:
    assert Period.parse(text).starts_after(AS_OF) is after


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("2026-01-01", Truth.TRUE),
        ("2025-12-31", Truth.FALSE),
        ("2026-01", Truth.TRUE),
        ("2025", Truth.FALSE),
        ("2025-12", Truth.FALSE),
    ],
)
def test_within_fourteen_days(text: str, truth: Truth) -> None:
    assert within(Decimal(14), Period.parse(text), AS_OF) is truth


def test_within_is_open_when_a_partial_date_straddles_the_limit() -> None:
    assert within(Decimal(30), Period.parse("2025-12"), AS_OF) is Truth.UNKNOWN


def test_months_since() -> None:
    assert months_since(None, AS_OF) is None
    months = months_since(Period.parse("2022-01"), AS_OF)
    assert months is not None
    assert Decimal(47) < months.low < months.high < Decimal(49)
