"""Intervals with open and closed ends against limits, and how they read."""

from decimal import Decimal

import pytest

from rules.quantities import INFINITY, Interval, Quantity
from rules.truth import Truth
from tests.core_helpers import interval

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
SIGNS = ("<", "<=", ">", ">=")

# reported, limit, then whether it is <, <=, > and >= the limit
COMPARED = [
    ("179.9", "180", (T, T, F, F)),
    ("180", "180", (F, T, F, T)),
    ("180.1", "180", (F, F, T, T)),
    ("0", "0", (F, T, F, T)),
    ("<150", "180", (T, T, F, F)),
    ("<180", "180", (T, T, F, F)),
    ("<=180", "180", (U, T, F, U)),
    ("<180.1", "180", (U, U, U, U)),
    ("<=180.1", "180", (U, U, U, U)),
    ("<200", "180", (U, U, U, U)),
    ("<200", "0", (F, U, U, T)),
    (">2000", "180", (F, F, T, T)),
    (">180", "180", (F, F, T, T)),
    (">=180", "180", (F, U, U, T)),
    (">179", "180", (U, U, U, U)),
    (">100", "180", (U, U, U, U)),
]


@pytest.mark.parametrize(("reported", "limit", "expected"), COMPARED)
@pytest.mark.parametrize("sign", SIGNS)
def test_compare(reported: str, limit: str, expected: tuple[Truth, ...], sign: str) -> None:
    assert interval(reported).compare(sign, Decimal(limit)) is expected[SIGNS.index(sign)]


def test_a_range_is_beyond_a_limit_only_as_a_whole() -> None:
    months = Interval(Decimal(3), Decimal(15))
    assert [months.compare(">=", Decimal(limit)) for limit in (3, 12, 16)] == [T, U, F]
    assert [months.compare("<", Decimal(limit)) for limit in (3, 12, 16)] == [F, U, T]


@pytest.mark.parametrize(
    ("sign", "low", "high", "low_open", "high_open"),
    [
        ("<", "0", "150", False, True),
        ("<=", "0", "150", False, False),
        (">", "150", "Infinity", True, True),
        (">=", "150", "Infinity", False, True),
    ],
)
def test_a_censored_result_is_a_range(sign: str, low: str, high: str, low_open: bool, high_open: bool) -> None:
    expected = Interval(Decimal(low), Decimal(high), low_open, high_open)
    assert Interval.censored(sign, Decimal(150)) == expected
    assert not expected.is_exact


def test_scaling_keeps_open_ends_and_infinity() -> None:
    assert interval(">2").scaled(Decimal(1000)) == Interval(Decimal(2000), INFINITY, low_open=True, high_open=True)
    assert interval("48").scaled(Decimal("0.1"), Decimal(2)) == interval("6.8")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (interval("142"), "142 ng/L"),
        (interval("1E+3"), "1000 ng/L"),
        (interval("0.10"), "0.10 ng/L"),
        (interval("<150"), "<150 ng/L"),
        (interval("<=150"), "<=150 ng/L"),
        (interval(">2000"), ">2000 ng/L"),
        (interval(">=2000"), ">=2000 ng/L"),
        (Interval(Decimal(3), Decimal(15)), "3 to 15 ng/L"),
    ],
)
def test_a_quantity_reads_as_it_was_reported(given: Interval, text: str) -> None:
    assert str(Quantity(given, "ng/L")) == text


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Interval.exactly(Decimal("101.7494")), "101.7"),
        (Interval.exactly(Decimal("23.99")), "23.9"),
        (Interval.exactly(Decimal(24)), "24"),
        (Interval(Decimal("11.96"), Decimal("23.91")), "11.9 to 23.9"),
        (Interval.censored(">", Decimal("1.25")), ">1.2"),
    ],
)
def test_a_computed_number_is_shown_in_tenths_and_never_above_what_it_is(exact: Interval, shown: str) -> None:
    assert str(exact.in_tenths()) == shown
