"""Variances against all samples of tiny populations, and against a recursion in plain Python."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.errors import BadInput
from zhiheng.sampling.design import LONELY, Lonely, degrees_of_freedom, design_of, post_stratified
from zhiheng.sampling.estimates import means, ratios, totals

Y = np.array([3.0, 8.0, 1.0, 4.0, 4.5, 9.0, 2.0])


def of_all_samples(samples, estimate):
    """The true variance of an estimate over all samples, and the mean of its estimated variance."""
    found = [estimate(sample) for sample in samples]
    values = np.array([value for value, _ in found])
    return values.var(), np.mean([variance for _, variance in found])


def test_over_all_simple_samples_the_variance_of_the_mean_is_exactly_unbiased() -> None:
    def estimate(files):
        design = design_of(3, population=[7] * 3)
        found = means(design, Y[list(files)])
        return found.values[0], found.covariance(design)[0, 0]

    true, estimated = of_all_samples(combinations(range(7), 3), estimate)
    assert true == pytest.approx(Y.var(ddof=1) / 3 * (1 - 3 / 7), rel=1e-12)
    assert estimated == pytest.approx(true, rel=1e-12)


def test_over_all_stratified_samples_the_variance_of_the_mean_is_exactly_unbiased() -> None:
    strata = (range(4), range(4, 7))

    def estimate(chosen):
        files = [*chosen[0], *chosen[1]]
        design = design_of(5, strata=[0, 0, 0, 1, 1], population=[4] * 3 + [3] * 2)
        found = means(design, Y[files])
        return found.values[0], found.covariance(design)[0, 0]

    samples = product(combinations(strata[0], 3), combinations(strata[1], 2))
    true, estimated = of_all_samples(samples, estimate)
    assert estimated == pytest.approx(true, rel=1e-12)


def test_over_all_two_stage_samples_the_variance_of_the_total_is_exactly_unbiased() -> None:
    clusters = ([0, 1, 2], [3, 4], [5, 6])

    def estimate(sample):
        files = [file for _, inside in sample for file in inside]
        of = [cluster for cluster, inside in sample for _ in inside]
        design = design_of(
            len(files),
            clusters=of,
            population=[3] * len(files),
            population_within=[len(clusters[cluster]) for cluster in of],
        )
        found = totals(design, Y[files])
        return found.values[0], found.covariance(design)[0, 0]

    every = []
    for pair in combinations(range(3), 2):
        draws = [list(combinations(clusters[c], 2)) for c in pair]
        each = [list(zip(pair, inside, strict=True)) for inside in product(*draws)]
        # Each pair of clusters is as likely as the next, however many samples it splits into.
        every += each * (9 // len(each) if len(each) in (1, 3, 9) else 1)
    true, estimated = of_all_samples(every, estimate)
    assert len(every) == 27
    assert true > 0
    assert estimated == pytest.approx(true, rel=1e-12)


def recursion(z, w, stratum, cluster, big, within, lonely):
    """The variance of Σ w z as R's survey adds it up, for two stages, file by file."""
    first = defaultdict(lambda: defaultdict(list))
    for file in range(len(z)):
        first[stratum[file]][cluster[file]].append(file)
    parts, found = [], 0.0
    middle = [sum(w[f] * z[f] for f in fs) for h in first.values() for fs in h.values()]
    for clusters in first.values():
        sizes = [sum(w[f] * z[f] for f in fs) for fs in clusters.values()]
        n, some = len(sizes), next(iter(clusters.values()))[0]
        rest = 1 - n / big[some]
        if rest < 1e-7:
            parts.append(0.0)
        elif n == 1:
            off = (sizes[0] - sum(middle) / len(middle)) ** 2 * rest
            parts.append({"certainty": 0.0, "adjust": off, "average": None}[lonely])
        else:
            mean = sum(sizes) / n
            parts.append(rest * n / (n - 1) * sum((one - mean) ** 2 for one in sizes))
        for fs in clusters.values():
            m, inner = len(fs), [w[f] * z[f] for f in fs]
            left = 1 - m / within[fs[0]]
            mean = sum(inner) / m
            found += n / big[some] * left * m / (m - 1) * sum((one - mean) ** 2 for one in inner)
    known = [part for part in parts if part is not None]
    return sum(known) * len(parts) / len(known) + found


@given(st.integers(0, 10_000), st.sampled_from(LONELY[1:]))
def test_two_stages_and_lonely_strata_agree_with_the_recursion_of_r(
    seed: int, lonely: Lonely
) -> None:
    random = np.random.default_rng(seed)
    rows = []
    for h in range(3):
        clusters = 1 if h == 1 else int(random.integers(2, 5))
        big = clusters + int(random.integers(0, 4))
        for c in range(clusters):
            files = int(random.integers(2, 5))
            within = files + int(random.integers(0, 4))
            rows += [(h, c, big, within, big / clusters * within / files)] * files
    h, c, big, within, w = (np.array(column) for column in zip(*rows, strict=True))
    y = random.normal(3, 2, len(h))
    design = design_of(
        len(h), strata=h, clusters=c, population=big, population_within=within, lonely=lonely
    )
    np.testing.assert_allclose(design.weights, w, rtol=1e-12)
    found = means(design, y)
    z = (y - found.values[0]) / w.sum()
    plain = recursion(z, w, h, c, big, within, lonely)
    assert found.covariance(design)[0, 0] == pytest.approx(plain, rel=1e-9, abs=1e-14)


def test_a_lonely_stratum_is_refused_by_name() -> None:
    design = design_of(3, strata=["雁塔", "雁塔", "碑林"], population=[5, 5, 4])
    with pytest.raises(BadInput) as refused:
        totals(design, [1.0, 2.0, 3.0]).covariance(design)
    assert "碑林" in refused.value.what.zh and "碑林" in refused.value.what.en


def test_a_stratum_taken_whole_is_not_lonely() -> None:
    design = design_of(3, strata=["a", "a", "b"], population=[2, 2, 1])
    assert totals(design, [1.0, 2.0, 3.0]).standard_errors(design)[0] == 0


def test_the_covariance_of_two_items_read_in_the_same_files_is_that_of_their_sum() -> None:
    random = np.random.default_rng(4)
    y = random.normal(0, 1, (12, 2)) + random.normal(0, 1, (12, 1))
    design = design_of(12, strata=np.repeat([0, 1], 6), population=np.repeat([40, 60], 6))
    both = means(design, y).covariance(design)
    of_sum = means(design, y.sum(axis=1)).covariance(design)[0, 0]
    assert both[0, 1] > 0
    assert both.sum() == pytest.approx(of_sum, rel=1e-12)


def test_a_domain_keeps_the_files_outside_of_it() -> None:
    design = design_of(8, population=[80] * 8)
    y, inside = np.arange(8.0), np.array([True, False] * 4)
    found = means(design, y, inside)
    assert found.values[0] == 3.0
    z = np.where(inside, y - 3.0, 0.0) / 40
    expected = (1 - 8 / 80) * 8 * 10**2 * z.var(ddof=1)
    assert found.covariance(design)[0, 0] == pytest.approx(expected, rel=1e-12)
    assert degrees_of_freedom(design, inside) == 3


def test_what_stands_outside_of_a_domain_may_be_missing() -> None:
    design = design_of(4, population=[40] * 4)
    found = means(design, [1.0, 2.0, np.nan, 3.0], np.array([True, True, False, True]))
    assert found.values[0] == 2.0
    assert np.isfinite(found.standard_errors(design)[0])


def test_a_ratio_over_nothing_is_not_there_and_leaves_the_others_alone() -> None:
    design = design_of(4, population=[40] * 4)
    yes = np.array([[1, 0], [0, 0], [1, 0], [1, 0]])
    applies = np.array([[1, 0], [1, 0], [1, 0], [1, 0]])
    found = ratios(design, yes, applies)
    alone = ratios(design, yes[:, 0], applies[:, 0])
    errors = found.standard_errors(design)
    assert np.isnan(found.values[1]) and np.isnan(errors[1])
    assert not found.influence[:, 1].any()
    assert errors[0] == alone.standard_errors(design)[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"population": [2, 2, 2]}, "2"),
        ({"population": [5, 5, 6]}, "varies"),
        ({"weights": [1, -1, 1]}, "negative"),
        ({"weights": [1, np.nan, 1]}, "finite"),
    ],
)
def test_a_design_that_cannot_be_is_refused(words, said) -> None:
    with pytest.raises(BadInput, match=said):
        design_of(3, **words)


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(BadInput, match="no file"):
        design_of(0)


def test_a_post_stratum_without_files_is_refused() -> None:
    with pytest.raises(BadInput, match="'c'"):
        post_stratified(design_of(2), ["a", "b"], {"a": 3, "b": 4, "c": 5})
