"""Means against published examples and a plain loop, derivatives against finite differences."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.composites.aggregate import METHODS, broken, combine, partials

NAN = float("nan")


def plain(method: str, values: list[float], weights: list[float], sign: float = -1.0) -> float:
    """The same, one unit at a time, from the formulas."""
    pairs = [(x, w) for x, w in zip(values, weights, strict=True) if x == x and w > 0]
    if not pairs:
        return NAN
    mass = math.fsum(w for _, w in pairs)
    if method in ("geometric", "harmonic") and any(x == 0 for x, _ in pairs):
        return 0.0
    if method == "geometric":
        return math.exp(math.fsum(w * math.log(x) for x, w in pairs) / mass)
    if method == "harmonic":
        return mass / math.fsum(w / x for x, w in pairs)
    mean = math.fsum(w * x for x, w in pairs) / mass
    if method == "arithmetic":
        return mean
    spread = math.sqrt(math.fsum(w * (x - mean) ** 2 for x, w in pairs) / mass)
    return mean + sign * spread * (spread / mean) if mean else 0.0


def one(method: str, values: list[float], weights: list[float], **more: object) -> float:
    arrays = [np.array(value) for value in values]
    return float(combine(method, arrays, weights, **more))  # type: ignore[arg-type]


def test_the_handbooks_geometric_examples_come_out(shared: Callable[..., Path]):
    # OECD and JRC, Handbook on Constructing Composite Indicators (2008), 6.7.
    file = shared("statistics", "oecd_tai", "small_examples.json")
    for said, expected in json.loads(file.read_text())["geometric_examples"].items():
        values = [float(part) for part in said.split(",")]
        # Printed to two decimals, some of them cut rather than rounded.
        assert abs(one("geometric", values, [1] * 4) - expected) < 0.01


def test_one_bad_value_weighs_more_on_the_geometric_and_most_on_the_harmonic_mean():
    assert one("arithmetic", [21, 1, 1, 1], [1] * 4) == 6
    assert one("geometric", [21, 1, 1, 1], [1] * 4) == pytest.approx(21**0.25)
    assert one("harmonic", [21, 1, 1, 1], [1] * 4) == pytest.approx(4 / (3 + 1 / 21))


def test_mazziotta_and_pareto_take_the_standard_deviation_over_all_children():
    # Mean 100, deviations ±10: S² = 100 with divisor 2, so the penalty is 100/100.
    assert one("mazziotta-pareto", [90, 110], [1, 1]) == pytest.approx(99)
    assert one("mazziotta-pareto", [90, 110], [1, 1], penalty="positive") == pytest.approx(101)
    assert one("mazziotta-pareto", [0, 0], [1, 1]) == 0


def test_a_missing_value_moves_its_weight_to_its_siblings():
    assert one("arithmetic", [10, NAN, 40], [1, 7, 2]) == 30
    assert math.isnan(one("arithmetic", [NAN, NAN], [1, 1]))
    assert math.isnan(one("arithmetic", [NAN, 5], [1, 0]))


def test_a_zero_makes_a_product_zero_unless_it_weighs_nothing_or_is_raised():
    for method in ("geometric", "harmonic"):
        assert one(method, [0, 8], [1, 1]) == 0
        assert one(method, [0, 8], [0, 1]) == pytest.approx(8)
        assert one(method, [0, 2], [1, 1], floor=2) == pytest.approx(2)
    assert one("arithmetic", [0, 2], [1, 1], floor=2) == 1


def test_where_a_mean_is_not_defined_is_told_value_by_value():
    values = [np.array([1.0, -1.0, NAN]), np.array([1.0, 1.0, 1.0])]
    assert broken("geometric", values, [1, 1]).tolist() == [False, True, False]
    assert not broken("geometric", values, [0, 1]).any()
    assert not broken("harmonic", values, [1, 1], floor=0.5).any()
    assert not broken("arithmetic", values, [1, 1]).any()
    assert broken("mazziotta-pareto", values, [1, 1]).tolist() == [False, True, False]


numbers = st.one_of(st.just(NAN), st.just(0.0), st.floats(0.01, 1000))
families = st.lists(st.tuples(numbers, st.one_of(st.just(0.0), st.floats(0.01, 50))), min_size=1)


@pytest.mark.parametrize("method", METHODS)
@given(family=families)
def test_every_mean_is_that_of_a_plain_loop(method: str, family: list[tuple[float, float]]):
    values, weights = [x for x, _ in family], [w for _, w in family]
    expected = plain(method, values, weights)
    assert one(method, values, weights) == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


def test_many_replays_at_once_are_the_replays_one_by_one():
    random = np.random.default_rng(5)
    values = [random.uniform(1, 9, 7) for _ in range(4)]
    values[1][2] = NAN
    weights = random.uniform(0, 1, (4, 3, 1))
    for method in METHODS:
        found = combine(method, values, list(weights))
        assert found.shape == (3, 7)
        for replay in range(3):
            for unit in range(7):
                alone = plain(method, [v[unit] for v in values], list(weights[:, replay, 0]))
                assert found[replay, unit] == pytest.approx(alone, rel=1e-12)


positive = st.lists(
    st.tuples(st.one_of(st.just(NAN), st.floats(1, 100)), st.floats(0.1, 5)), min_size=2, max_size=6
).filter(lambda family: any(x == x for x, _ in family))


@pytest.mark.parametrize("method", METHODS)
@given(family=positive)
def test_derivatives_are_those_of_finite_differences(
    method: str, family: list[tuple[float, float]]
):
    values, weights = [x for x, _ in family], [w for _, w in family]
    found = partials(method, [np.array(x) for x in values], weights)
    for at, value in enumerate(values):
        step = 1e-4
        beside = [
            plain(method, [*values[:at], value + side, *values[at + 1 :]], weights)
            for side in (-step, step)
        ]
        expected = 0.0 if value != value else (beside[1] - beside[0]) / (2 * step)
        assert float(found[at]) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_below_the_floor_nothing_moves_and_at_zero_there_is_no_derivative():
    low = partials("geometric", [np.array(1.0), np.array(8.0)], [1, 1], floor=2)
    assert float(low[0]) == 0 and float(low[1]) == pytest.approx(4 * 0.5 / 8)
    assert math.isnan(float(partials("geometric", [np.array(0.0), np.array(8.0)], [1, 1])[0]))
