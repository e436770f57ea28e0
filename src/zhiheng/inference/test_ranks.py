"""What may be said of ranks: pairs told apart, sets of ranks, bands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, studentized_range

from zhiheng.inference import told_apart
from zhiheng.inference.bands import bands_of
from zhiheng.inference.ranks import NONE, rank_sets, ranks_of
from zhiheng.inference.told_apart import tell_apart


def test_equal_errors_give_tukeys_studentized_range():
    for units in (2, 3, 10, 60):
        apart = tell_apart(np.zeros(units), np.eye(units), draws=200_000)
        tukey = studentized_range.ppf(0.95, units, np.inf) / np.sqrt(2)
        assert apart.critical == pytest.approx(tukey, abs=0.012)
        assert not apart.better.any()


def test_two_units_are_compared_like_any_two_means():
    edge = norm.ppf(0.975) * np.sqrt(2)
    below, above = (
        tell_apart(np.array([edge * factor, 0.0]), np.eye(2), draws=200_000)
        for factor in (0.98, 1.02)
    )
    assert not below.better.any()
    assert above.better.tolist() == [[False, True], [False, False]]


def test_one_unit_with_an_error_is_told_apart_from_none():
    apart = tell_apart(np.array([90.0]), np.array([[4.0]]))
    assert apart.better.tolist() == [[False]]
    assert rank_sets(np.array([90.0]), apart).worst.tolist() == [1]


def test_a_census_has_its_ranks_and_nothing_else():
    values = np.array([80.0, 95.0, 95.0, np.nan, 60.0])
    sets = rank_sets(values, tell_apart(values, np.zeros((5, 5))))
    assert sets.rank.tolist() == [3, 1, 1, NONE, 4]
    assert sets.best.tolist() == [3, 1, 1, NONE, 4]
    # Two that are equal share the first two ranks: either may be called second.
    assert sets.worst.tolist() == [3, 2, 2, NONE, 4]


def test_a_later_step_tells_apart_what_the_first_did_not():
    # Two far groups: within a group fewer pairs stay open, so the quantile shrinks.
    values = np.array([103.56, 100.0, 0.0, 0.2])
    errors = np.eye(4)
    one_step = tell_apart(values, errors).critical
    gap = (values[0] - values[1]) / np.sqrt(2)
    assert gap < one_step
    assert tell_apart(values, errors).better[0, 1]


def test_what_two_scores_share_does_not_keep_them_apart():
    shared = np.full((2, 2), 4.0)
    assert not tell_apart(np.array([90.0, 89.0]), np.diag([4.0, 4.0])).better.any()
    # The same files read for both: the difference has no error of its own.
    assert tell_apart(np.array([90.0, 89.0]), shared).better[0, 1]
    nearly = shared + np.diag([0.01, 0.01])
    assert tell_apart(np.array([90.0, 89.0]), nearly).better[0, 1]


def test_the_same_seed_gives_the_same_bytes():
    values, errors = np.linspace(80, 90, 30), np.diag(np.linspace(1, 3, 30))
    first, second = (tell_apart(values, errors, seed=7) for _ in range(2))
    assert first.critical == second.critical
    assert np.array_equal(first.better, second.better)


def test_beyond_what_is_drawn_the_quantile_is_sidaks_and_wider():
    values = np.linspace(0.0, 100.0, told_apart.MOST_DRAWN + 1)
    wide = tell_apart(values, np.eye(len(values)))
    drawn = tell_apart(values[:-1], np.eye(len(values) - 1), draws=2_000)
    assert (wide.quantile, drawn.quantile) == ("sidak", "drawn")
    assert wide.critical > drawn.critical


def test_rank_sets_hold_all_true_ranks_at_once_in_95_of_100_draws():
    rng = np.random.Generator(np.random.PCG64(5))
    truth = np.array([80.0, 82.0, 82.5, 86.0, 90.0, 90.2])
    errors = np.array([1.0, 2.0, 0.5, 1.5, 1.0, 2.5])
    true_ranks = ranks_of(truth)
    held = 0
    for _ in range(400):
        seen = truth + errors * rng.standard_normal(len(truth))
        sets = rank_sets(seen, tell_apart(seen, np.diag(errors**2), draws=1_000))
        held += bool(np.all((sets.best <= true_ranks) & (true_ranks <= sets.worst)))
    # Never less than promised; the sets are known to be wide where gaps are.
    assert held / 400 >= 0.94


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 8) | st.none(), min_size=1, max_size=9),
    st.integers(0, 3),
)
def test_sets_and_bands_agree_with_a_plain_count(scores: list[int | None], seed: int):
    values = np.array([np.nan if s is None else float(s) for s in scores])
    rng = np.random.Generator(np.random.PCG64(seed))
    covariance = np.diag(rng.choice([0.0, 0.01, 1.0], len(values)))
    apart = tell_apart(values, covariance, draws=300)
    sets = rank_sets(values, apart)
    known = [i for i, s in enumerate(scores) if s is not None]
    for i in known:
        assert sets.rank[i] == 1 + sum(scores[j] > scores[i] for j in known)  # type: ignore[operator]
        assert sets.best[i] == 1 + sum(bool(apart.better[j, i]) for j in known)
        assert sets.worst[i] == len(known) - sum(bool(apart.better[i, j]) for j in known)
        assert sets.best[i] <= sets.rank[i] <= sets.worst[i]
    bands = bands_of(values, apart)
    for band in bands:
        for i in band.members:
            assert not any(apart.better[i, j] or apart.better[j, i] for j in band.members)
    assert {i for band in bands for i in band.members} == set(known)
    assert all(not set(a.members) < set(b.members) for a in bands for b in bands)


def test_a_court_in_the_middle_stands_in_both_bands():
    values = np.array([90.0, 88.0, 86.0])
    apart = tell_apart(values, np.eye(3) * 0.7)
    assert [band.members for band in bands_of(values, apart)] == [(0, 1), (1, 2)]
