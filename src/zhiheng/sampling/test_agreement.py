"""Agreement against what was published, against plain loops, and where it is undefined."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from zhiheng.sampling import agreement as ag
from zhiheng.sampling.agreement_alpha import alpha
from zhiheng.sampling.agreement_weights import SCALES, WEIGHTINGS, distances, weights

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C; the same ratings are
# `cac.raw4raters` in Gwet's handbook (2014) and the R package irrCAC: 12 files, 4 raters, 0 for
# no answer.
FOUR = np.array([
    [1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0],
]) - 1  # fmt: skip
FIVE = np.arange(1.0, 6.0)
COEFFICIENTS = {
    "percent": ag.percent,
    "ac": ag.gwet,
    "fleiss": ag.fleiss,
    "conger": ag.conger,
    "bp": ag.brennan_prediger,
}


def square(rows: list[list[int]]) -> ag.Codes:
    """A table of two raters, as the ratings it counts."""
    return np.array([
        (i, j) for i, row in enumerate(rows) for j, times in enumerate(row) for _ in range(times)
    ])  # fmt: skip


# irrCAC's vignette "overview": value, standard error and lower bound, with irrCAC's digits.
@pytest.mark.parametrize(
    ("name", "value", "error", "low"),
    [
        ("percent", 0.8181818, 0.12561, 0.542),
        ("ac", 0.77544, 0.14295, 0.461),
        ("fleiss", 0.76117, 0.15302, 0.424),
        ("conger", 0.76282, 0.14917, 0.435),
        ("bp", 0.77273, 0.14472, 0.454),
    ],
)
def test_irrcacs_published_example_comes_out(
    name: str, value: float, error: float, low: float
) -> None:
    found = COEFFICIENTS[name](ag.table_of(FOUR, np.eye(5)))
    assert found.value == pytest.approx(value, abs=5.1e-6)
    assert found.error == pytest.approx(error, abs=5.1e-6)
    assert found.low == pytest.approx(low, abs=5.1e-4)
    assert found.high == 1.0


# The same vignette, table `cont3x3abstractors`; there the variance of two raters has n, here n - 1.
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("percent", 0.89, 0.03128898),
        ("ac", 0.8493305, 0.04321747),
        ("fleiss", 0.7962397, 0.05905473),
        ("conger", 0.7964094, 0.05891072),
        ("bp", 0.835, 0.04693346),
    ],
)
def test_the_published_table_of_two_abstractors_comes_out(
    name: str, value: float, error: float
) -> None:
    codes = square([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    found = COEFFICIENTS[name](ag.table_of(codes, np.eye(3)))
    assert found.value == pytest.approx(value, abs=6e-8)
    assert found.error == pytest.approx(error * math.sqrt(100 / 99), abs=1e-8)


# The Python package irrCAC's tests against the R package, `raw4raters`: AC2 to three digits.
@pytest.mark.parametrize(
    ("weighting", "value", "error", "low"),
    [
        ("linear", 0.859, 0.117, 0.600),
        ("quadratic", 0.914, 0.104, 0.685),
        ("ordinal", 0.899, 0.107, 0.664),
    ],
)
def test_weighted_ac2_comes_out(weighting: str, value: float, error: float, low: float) -> None:
    found = ag.gwet(ag.table_of(FOUR, weights(weighting, FIVE)))
    assert (round(found.value, 3), round(found.error, 3), round(found.low, 3)) == (
        value, error, low,
    )  # fmt: skip


# irrCAC's vignette "weighting", weights for three categories.
def test_the_weights_are_those_of_the_handbook() -> None:
    three = np.arange(1.0, 4.0)
    assert weights("linear", three)[0].tolist() == [1, 0.5, 0]
    assert weights("quadratic", three)[0].tolist() == [1, 0.75, 0]
    assert_allclose(weights("ordinal", three)[0], [1, 2 / 3, 0])


# Krippendorff (2011), examples A (two observers, binary) and C (four observers, missing data).
@pytest.mark.parametrize(
    ("scale", "value"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorffs_published_alphas_come_out(scale: str, value: float) -> None:
    assert round(alpha(FOUR, FIVE, scale, draws=0).value, 3) == value


def test_krippendorffs_binary_example_comes_out() -> None:
    codes = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]).T
    assert alpha(codes, np.arange(2.0), draws=0).value == pytest.approx(0.095, abs=5e-4)


# Feinstein and Cicchetti (1990), as in Gerstman, Epidemiology Kept Simple, table 10.6.
@pytest.mark.parametrize(
    ("table", "kappa"), [([[40, 9], [6, 45]], 0.70), ([[80, 10], [5, 5]], 0.32)]
)
def test_the_paradox_of_kappa_comes_out(table: list[list[int]], kappa: float) -> None:
    codes = ag.table_of(square(table), np.eye(2))
    assert ag.percent(codes).value == pytest.approx(0.85)
    assert round(ag.conger(codes).value, 2) == kappa


def plain_percent(codes: ag.Codes, w: np.ndarray) -> float:
    double = [[c for c in row if c >= 0] for row in codes.tolist()]
    own = [np.mean([w[a][b] for a, b in permutations(row, 2)]) for row in double if len(row) >= 2]
    return float(np.mean(own))


def plain_chance(codes: ag.Codes, w: np.ndarray, name: str) -> float:
    q = len(w)
    rows = [[c for c in row if c >= 0] for row in codes.tolist()]
    rows = [row for row in rows if row]
    pi = [sum(row.count(k) / len(row) for row in rows) / len(rows) for k in range(q)]
    if name == "ac":
        return float(w.sum() / (q * (q - 1)) * sum(p * (1 - p) for p in pi))
    if name == "fleiss":
        return sum(w[k][m] * pi[k] * pi[m] for k in range(q) for m in range(q))
    if name == "bp":
        return float(w.sum() / q**2)
    raters = [[c for c in column if c >= 0] for column in codes.T.tolist()]
    share = [[r.count(k) / len(r) for k in range(q)] for r in raters if r]
    pairs = [
        sum(w[k][m] * g[k] * h[m] for k in range(q) for m in range(q))
        for g, h in combinations(share, 2)
    ]
    return float(np.mean(pairs))


def ratings(q: int = 3, files: int = 12, raters: int = 4) -> st.SearchStrategy[ag.Codes]:
    row = st.lists(st.integers(-1, q - 1), min_size=raters, max_size=raters)
    return st.lists(row, min_size=2, max_size=files).map(np.array)


def usable(codes: ag.Codes) -> bool:
    return bool(((codes >= 0).sum(axis=1) >= 2).any())


@given(ratings().filter(usable), st.sampled_from(WEIGHTINGS))
def test_the_coefficients_equal_plain_loops(codes: ag.Codes, weighting: str) -> None:
    w = weights(weighting, np.arange(3.0))
    observed = plain_percent(codes, w)
    for name in ("ac", "fleiss", "conger", "bp"):
        found, chance = COEFFICIENTS[name](ag.table_of(codes, w)), plain_chance(codes, w, name)
        if found.value is None:
            assert chance == pytest.approx(1, abs=1e-9)
        else:
            expected = (observed - chance) / (1 - chance)
            assert found.value == pytest.approx(expected, abs=1e-9, rel=1e-9)


def plain_cohen_error(table: np.ndarray, w: np.ndarray) -> float:
    """Fleiss, Cohen and Everitt (1969), large-sample standard error of weighted kappa."""
    p = table / table.sum()
    rows, columns, q = p.sum(1), p.sum(0), len(p)
    po, pe = (w * p).sum(), rows @ w @ columns
    kappa = (po - pe) / (1 - pe)
    total = sum(
        p[i, j] * (w[i, j] - (w[i] @ columns + w[:, j] @ rows) * (1 - kappa)) ** 2
        for i in range(q)
        for j in range(q)
    )
    return math.sqrt((total - (kappa - pe * (1 - kappa)) ** 2) / (table.sum() * (1 - pe) ** 2))


@given(
    st.lists(st.integers(1, 9), min_size=9, max_size=9), st.sampled_from(["identity", "quadratic"])
)
def test_the_error_of_kappa_for_two_is_that_of_fleiss_cohen_and_everitt(
    cells: list[int], weighting: str
) -> None:
    table, w = np.array(cells).reshape(3, 3), weights(weighting, np.arange(3.0))
    n = table.sum()
    found = ag.conger(ag.table_of(square(table.tolist()), w))
    expected = plain_cohen_error(table, w) * math.sqrt(n / (n - 1))
    assert found.error == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", ["ac", "fleiss", "conger"])
def test_the_errors_are_those_of_drawing_files_anew(name: str) -> None:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 400)
    codes = np.where(rng.random((400, 3)) < 0.8, truth[:, None], rng.integers(0, 3, (400, 3)))
    find = COEFFICIENTS[name]
    error = find(ag.table_of(codes, np.eye(3))).error
    picks = rng.integers(0, 400, (600, 400))
    drawn = [find(ag.table_of(codes[pick], np.eye(3))).value for pick in picks]
    assert error == pytest.approx(np.std(drawn), rel=0.1)


def plain_alpha(codes: ag.Codes, delta: Callable[[int, int], float]) -> float | None:
    """From the matrix of coincidences, pair by pair."""
    rows = [[c for c in row if c >= 0] for row in codes.tolist()]
    rows = [row for row in rows if len(row) >= 2]
    values = [c for row in rows for c in row]
    if len(set(values)) < 2:
        return None
    n = len(values)
    observed = (
        sum(delta(a, b) / (len(row) - 1) for row in rows for a, b in permutations(row, 2)) / n
    )
    expected = sum(delta(a, b) for a, b in permutations(values, 2)) / (n * (n - 1))
    return 1 - observed / expected


@given(ratings(files=8), st.sampled_from(SCALES))
def test_alpha_equals_plain_loops_over_pairs(codes: ag.Codes, scale: str) -> None:
    values = np.array([1.0, 2.0, 5.0])
    kept = codes[(codes >= 0).sum(axis=1) >= 2]
    totals = np.array([(kept == k).sum() for k in range(3)], float)
    number = {k: float(values[k]) for k in range(3)}

    def delta(a: int, b: int) -> float:
        if scale == "nominal":
            return float(a != b)
        if scale == "ordinal":
            low, high = min(a, b), max(a, b)
            return (sum(totals[low : high + 1]) - (totals[a] + totals[b]) / 2) ** 2 * (a != b)
        if scale == "interval":
            return (number[a] - number[b]) ** 2
        return ((number[a] - number[b]) / (number[a] + number[b])) ** 2

    expected = plain_alpha(codes, delta)
    found = alpha(codes, values, scale, draws=0).value
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


def test_alphas_interval_is_the_same_for_the_same_seed_and_holds_the_value() -> None:
    first, again = (alpha(FOUR, FIVE, seed=7, draws=300) for _ in range(2))
    assert first == again
    assert first.low < first.value < first.high
    assert alpha(FOUR, FIVE, seed=8, draws=300) != first


def test_with_one_category_kappa_and_alpha_are_undefined_and_ac1_is_one() -> None:
    codes = np.zeros((30, 2), int)
    for q in (1, 2, 3):
        table = ag.table_of(codes, np.eye(q))
        assert ag.conger(table).value is None
        assert ag.fleiss(table).value is None
        assert ag.gwet(table).value == 1
        assert ag.percent(table).value == 1
        assert alpha(codes, np.arange(float(q))).value is None


def test_files_read_once_say_nothing() -> None:
    table = ag.table_of(np.array([[0, -1], [-1, 1]]), np.eye(2))
    assert all(find(table) == ag.Coefficient(None) for find in COEFFICIENTS.values())
    assert alpha(np.array([[0, -1], [-1, 1]]), np.arange(2.0)).value is None


def test_a_single_file_has_a_value_and_no_interval() -> None:
    found = ag.gwet(ag.table_of(np.array([[0, 1]]), np.eye(2)))
    assert (found.value, found.error, found.low) == (-1, None, None)


def test_the_ratio_distance_of_two_zeros_is_none() -> None:
    assert distances("ratio", np.array([0.0, 2.0]), np.ones(2)).tolist() == [[0, 1], [1, 0]]


def test_the_exact_lower_end_is_where_so_many_agreeing_would_be_rare() -> None:
    # 20 of 20: p^20 = 0.025. 9 of 10 at the bound: P(X >= 9) = 0.025.
    assert ag.exact_low(20, 20) == pytest.approx(0.025 ** (1 / 20))
    p = ag.exact_low(9, 10)
    assert 10 * p**9 * (1 - p) + p**10 == pytest.approx(0.025)
    assert ag.exact_low(0, 10) == 0


def test_alphas_error_by_drawing_is_near_the_published_one() -> None:
    # irrCAC's vignette "overview": 0.14557, by linearisation.
    assert alpha(FOUR, FIVE, seed=3, draws=8000).error == pytest.approx(0.14557, rel=0.05)
