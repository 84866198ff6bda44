"""Kleene's tables, whole."""

from itertools import product

import pytest

from rules.truth import Truth, all_of, any_of, at_least, known, negate

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

AND = {(F, F): F, (F, U): F, (F, T): F, (U, F): F, (U, U): U, (U, T): U, (T, F): F, (T, U): U, (T, T): T}
OR = {(F, F): F, (F, U): U, (F, T): T, (U, F): U, (U, U): U, (U, T): T, (T, F): T, (T, U): T, (T, T): T}
NOT = {F: T, U: U, T: F}
AT_LEAST = [
    (0, [], T),
    (0, [F], T),
    (-1, [F, F], T),
    (1, [], F),
    (1, [U], U),
    (2, [T], F),
    (2, [T, T], T),
    (2, [T, U], U),
    (2, [F, T, F], F),
    (2, [F, T, U], U),
    (2, [T, F, T], T),
    (2, [U, U, F], U),
    (3, [T, T, U], U),
    (3, [T, T, F], F),
    (3, [T, U, F], F),
]


@pytest.mark.parametrize(("pair", "expected"), list(AND.items()))
def test_and(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert all_of(pair) is expected


@pytest.mark.parametrize(("pair", "expected"), list(OR.items()))
def test_or(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert any_of(pair) is expected


@pytest.mark.parametrize(("truth", "expected"), list(NOT.items()))
def test_not(truth: Truth, expected: Truth) -> None:
    assert negate(truth) is expected


def test_the_tables_are_whole() -> None:
    assert set(AND) == set(OR) == set(product(Truth, repeat=2))
    assert set(NOT) == set(Truth)


def test_and_or_of_nothing() -> None:
    assert all_of([]) is T
    assert any_of([]) is F


@pytest.mark.parametrize(("count", "truths", "expected"), AT_LEAST)
def test_at_least(count: int, truths: list[Truth], expected: Truth) -> None:
    assert at_least(count, iter(truths)) is expected


@pytest.mark.parametrize("truths", list(product(Truth, repeat=3)))
def test_at_least_one_is_or_and_at_least_all_is_and(truths: tuple[Truth, ...]) -> None:
    assert at_least(1, truths) is any_of(truths)
    assert at_least(3, truths) is all_of(truths)


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_is_never_taken_for_a_yes_or_no(truth: Truth) -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(truth)


def test_what_was_said_is_known() -> None:
    assert known(True) is T
    assert known(False) is F
