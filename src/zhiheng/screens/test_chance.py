"""Chances told exactly: known values, and what must hold for all."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.screens.chance import binomial_tail, fewest_beyond_luck, hypergeometric_tail

HALF = Fraction(1, 2)


def test_two_heads_or_more_out_of_three_are_even() -> None:
    assert binomial_tail(2, 3, HALF) == HALF


@given(st.integers(0, 40), st.fractions(0, 1))
def test_no_success_or_more_is_certain(n: int, chance: Fraction) -> None:
    assert binomial_tail(0, n, chance) == 1
    assert binomial_tail(n, n, chance) == chance**n


def test_the_lady_who_tasted_tea() -> None:
    # Fisher's example: eight cups, four with milk first, all four found.
    assert hypergeometric_tail(4, 4, 4, 8) == Fraction(1, 70)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_the_tail_is_the_share_of_draws(marked: int, rest: int, drawn: int) -> None:
    n = marked + rest
    drawn = min(drawn, n)
    for at_least in range(marked + 1):
        ways = sum(comb(marked, k) * comb(rest, drawn - k)
                   for k in range(at_least, drawn + 1))  # fmt: skip
        assert hypergeometric_tail(at_least, marked, drawn, n) == Fraction(ways, comb(n, drawn))


@pytest.mark.parametrize(
    ("percent", "one_in", "needed"),
    [(90, 20, 29), (95, 20, 59), (50, 20, 5)],
)
def test_so_many_out_of_as_many_rule_out_luck(percent: int, one_in: int, needed: int) -> None:
    level, error = Fraction(percent, 100), Fraction(1, one_in)
    assert fewest_beyond_luck(level, error) == needed
    assert level**needed <= error < level ** (needed - 1)
