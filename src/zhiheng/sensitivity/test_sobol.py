"""Variance-based indices against functions whose indices are known."""

from __future__ import annotations

import numpy as np
import pytest

from zhiheng.errors import Message
from zhiheng.sensitivity.alone import change
from zhiheng.sensitivity.factors import Draws, Factor, Floats, chosen, draw, spread
from zhiheng.sensitivity.sobol import replays_of
from zhiheng.sensitivity.summary import mean_shift, ranks_by_replay, spread_of

NAN = float("nan")


def factor(name: str, width: int = 1) -> Factor:
    return Factor(name, Message(name, name), width)


def test_a_sum_shares_its_variance_as_squares_of_its_coefficients():
    weights = {"a": 1.0, "b": 2.0, "c": 4.0}

    def run(draws: Draws) -> Floats:
        return sum(w * draws[name] for name, w in weights.items())  # type: ignore[return-value]

    found = replays_of(run, [factor(name) for name in weights], lambda s: s.T, 4096, 1)
    expected = [w * w / 21 for w in weights.values()]
    assert found.first[0].tolist() == pytest.approx(expected, abs=0.03)
    assert found.total[0].tolist() == pytest.approx(expected, abs=0.03)


def test_ishigami_has_its_published_indices():
    """Ishigami and Homma (1990), a = 7, b = 0.1; as in Saltelli et al. (2000)."""

    def run(draws: Draws) -> Floats:
        x, y, z = (np.pi * (2 * draws[name] - 1) for name in "xyz")
        return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))

    found = replays_of(run, [factor(n) for n in "xyz"], lambda s: s.T, 1 << 14, 3)
    assert found.first[0].tolist() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total[0].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_a_factor_of_many_numbers_is_moved_as_one():
    def run(draws: Draws) -> Floats:
        return np.asarray(draws["many"].sum(axis=1, keepdims=True) + 5 * draws["one"])

    found = replays_of(run, [factor("many", 25), factor("one")], lambda s: s.T, 4096, 1)
    assert found.total[0].tolist() == pytest.approx([0.5, 0.5], abs=0.04)


def test_what_does_not_vary_has_no_index_and_no_error():
    found = replays_of(lambda d: np.ones((len(d["a"]), 2)), [factor("a")], lambda s: s.T, 64, 1)
    assert np.isnan(found.first).all()
    assert found.scores.shape == (128, 2)


def test_a_further_factor_leaves_the_numbers_of_the_others():
    one = draw([factor("a"), factor("b")], 5, (1, 0))
    two = draw([factor("b"), factor("c"), factor("a")], 5, (1, 0))
    assert np.array_equal(one["a"], two["a"])
    assert np.array_equal(one["b"], two["b"])
    assert not np.array_equal(one["a"], one["b"])


def test_choices_are_equally_likely_and_spreads_stay_within_theirs():
    numbers = draw([factor("a")], 30_000, (2,))["a"]
    counts = np.bincount(chosen(numbers, 3))
    assert counts.tolist() == pytest.approx([10_000] * 3, rel=0.03)
    assert chosen(np.array([[0.0], [1.0]]), 3).tolist() == [0, 2]
    assert spread(np.array([0.0, 0.5, 1.0]), 0.25).tolist() == [0.75, 1.0, 1.25]


def test_ranks_of_a_replay_are_those_of_a_plain_count():
    rng = np.random.Generator(np.random.PCG64(4))
    scores = rng.integers(0, 6, (40, 9)).astype(np.float64)
    scores[rng.random(scores.shape) < 0.2] = np.nan
    found = ranks_by_replay(scores)
    for row, ranks in zip(scores.tolist(), found.tolist(), strict=True):
        for value, rank in zip(row, ranks, strict=True):
            if value != value:
                assert rank != rank
            else:
                assert rank == 1 + sum(other > value for other in row)


def test_the_mean_shift_is_the_mean_of_absolute_shifts():
    in_force = np.array([90.0, 80.0, 70.0, NAN])
    scores = np.array([[90.0, 80.0, 70.0, NAN], [70.0, 80.0, 90.0, 1.0], [90.0, NAN, 95.0, NAN]])
    # In the third replay only the first (1 to 2) and the third (3 to 1) have a rank.
    assert mean_shift(scores, in_force).tolist() == pytest.approx([0.0, 4 / 3, 1.5])


def test_percentiles_of_ranks_are_ranks_that_occurred():
    scores = np.array([[float(n), 50.0] for n in range(1, 101)])
    found = spread_of(scores, np.array([60.0, 50.0]))
    assert (found.rank_low[0], found.rank_median[0], found.rank_high[0]) == (1.0, 1.0, 2.0)
    assert found.score_median[0] == 50.5
    assert found.shift.tolist() == pytest.approx([0.49, 0.5])


def test_one_change_says_whom_it_moves_and_who_loses_a_score():
    in_force = np.array([90.0, 80.0, 70.0, 60.0, NAN])
    found = change(
        "weights", Message("权重", "weights"), in_force, np.array([90, 65, 70, NAN, 5.0])
    )
    assert (found.mean_rank_shift, found.largest_rank_shift) == (pytest.approx(2 / 3), 1)
    assert found.mean_score_shift == pytest.approx(-5.0)
    assert (found.moved_most, found.lost, found.gained) == (1, 1, 1)


def test_a_change_that_leaves_nobody_a_score_says_so():
    found = change("x", Message("无", "none"), np.array([1.0]), np.array([NAN]))
    assert (found.mean_rank_shift, found.moved_most, found.lost) == (None, None, 1)
