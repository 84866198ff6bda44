"""Kleene's tables, whole."""

from itertools import product

import pytest

from rules.truth import TRUTHS, Truth, all_of, any_of, known, negate

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

AND = {(F, F): F, (F, U): F, (F, T): F, (U, F): F, (U, U): U, (U, T): U, (T, F): F, (T, U): U, (T, T): T}
OR = {(F, F): F, (F, U): U, (F, T): T, (U, F): U, (U, U): U, (U, T): T, (T, F): T, (T, U): T, (T, T): T}
NOT = {F: T, U: U, T: F}


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


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_is_never_taken_for_a_yes_or_no(truth: Truth) -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(truth)


def test_what_was_said_is_known() -> None:
    assert known(True) is T
    assert known(False) is F


def test_answers_have_a_word_for_each() -> None:
    assert TRUTHS == ("false", "unknown", "true")
    assert [truth.word for truth in (F, U, T)] == list(TRUTHS)
