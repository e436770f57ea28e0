"""Estimates against published answers of R, SAS and Lehtonen & Pahkinen, and against `svy`."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
import svy

from zhiheng.sampling.design import Design, degrees_of_freedom, design_of, post_stratified
from zhiheng.sampling.estimates import design_effects, means, ratios, totals
from zhiheng.sampling.intervals import interval
from zhiheng.sampling.shares import share_of

SAME = 1e-9


def estimated(found: Any, design: Design) -> tuple[float, float]:
    return found.values[0], found.standard_errors(design)[0]


# R survey, data(fpc) and its help page: https://r-survey.r-forge.r-project.org, reference/fpc
FPC_X = np.array([2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2])
FPC_STRATUM = [1] * 5 + [2] * 3
FPC_WEIGHT = [3.0] * 5 + [4.0] * 3
FPC_N = [15] * 5 + [12] * 3


def test_the_stratified_example_of_r_without_correction() -> None:
    design = design_of(8, weights=FPC_WEIGHT, strata=FPC_STRATUM)
    mean, error = estimated(means(design, FPC_X), design)
    assert (round(mean, 4), round(error, 4)) == (5.4481, 0.7413)


def test_the_stratified_example_of_r_with_correction() -> None:
    design = design_of(8, strata=FPC_STRATUM, population=FPC_N)
    np.testing.assert_array_equal(design.weights, FPC_WEIGHT)
    mean, error = estimated(means(design, FPC_X), design)
    assert (round(mean, 4), round(error, 4)) == (5.4481, 0.6160)


# Lehtonen and Pahkinen, table 2.8 (a PPS sample with one certainty unit), as worked by T. Lumley:
# http://faculty.washington.edu/tlumley/old-survey/exmample-lonely.html
UE91 = np.array([4123, 1623, 760, 767, 568, 331, 187, 129.0])
UE91_WEIGHT = [1, 1.004, 1.893, 2.173, 2.971, 4.762, 6.335, 13.730]


def test_a_certainty_unit_as_worked_by_the_author_of_r_survey() -> None:
    design = design_of(8, weights=UE91_WEIGHT, strata=[2] + [1] * 7, population=[1] + [31] * 7)
    mean, error = estimated(means(design, UE91), design)
    assert (round(mean, 2), round(error, 2)) == (445.18, 132.39)
    total, error = estimated(totals(design, UE91), design)
    assert (round(total), round(error, 2)) == (15077, 458.53)


def test_the_same_without_correction_as_worked_in_sas() -> None:
    """stats.oarc.ucla.edu, "stratified design with certainty PSUs": 521.121241."""
    design = design_of(8, weights=UE91_WEIGHT, strata=[2] + [1] * 7, lonely="certainty")
    assert estimated(totals(design, UE91), design)[1] == pytest.approx(521.121241, abs=1e-6)


def test_implicit_strata_as_worked_in_sas() -> None:
    """Lehtonen and Pahkinen, table 2.6; stats.oarc.ucla.edu, "systematic sample design"."""
    y = np.array([4123, 721, 194, 129, 239, 61, 262, 166.0])
    design = design_of(8, strata=[1] * 2 + [2] * 6, population=[8] * 2 + [24] * 6)
    total, error = estimated(totals(design, y), design)
    assert (round(total), round(error)) == (23580, 11801)
    assert error / total == pytest.approx(0.500487, abs=1e-6)


# Scheaffer, Mendenhall and Ott, Elementary Survey Sampling, chapter 9: hours that sewing machines
# stood still, 10 plants of 90; the table also at studylib.net/doc/5848108.
PLANTS = [50, 65, 45, 48, 52, 58, 42, 66, 40, 56]
HOURS = [
    [5, 7, 9, 0, 11, 2, 8, 4, 3, 5],
    [4, 3, 7, 2, 11, 0, 1, 9, 4, 3, 2, 1, 5],
    [5, 6, 4, 11, 12, 0, 1, 8, 4],
    [6, 4, 0, 1, 0, 9, 8, 4, 6, 10],
    [11, 4, 3, 1, 0, 2, 8, 6, 5, 3],
    [12, 11, 3, 4, 2, 0, 0, 1, 4, 3, 2, 4],
    [3, 7, 6, 7, 8, 4, 3, 2],
    [3, 6, 4, 3, 2, 2, 8, 4, 0, 4, 5, 6, 3],
    [6, 4, 7, 3, 9, 1, 4, 5],
    [6, 7, 5, 10, 11, 2, 1, 4, 0, 5, 4],
]


def test_two_stages_as_in_scheaffers_garment_plants() -> None:
    """4.80 hours of 4,500 machines, and by the formula of the chapter, term by term; 4.60 as a
    ratio, where the number of machines is not known."""
    hours = np.concatenate(HOURS).astype(float)
    plant = np.repeat(range(10), [len(one) for one in HOURS])
    design = design_of(
        len(hours),
        clusters=plant,
        population=[90] * len(hours),
        population_within=np.array(PLANTS)[plant],
    )
    total, error = estimated(totals(design, hours), design)
    between = np.var([m * np.mean(y) for m, y in zip(PLANTS, HOURS, strict=True)], ddof=1)
    within = sum(
        m**2 * (1 - len(y) / m) * np.var(y, ddof=1) / len(y)
        for m, y in zip(PLANTS, HOURS, strict=True)
    )
    printed = (1 - 10 / 90) / (10 * 50**2) * between + within / (10 * 90 * 50**2)
    assert round(total / 4500, 2) == 4.80
    assert (error / 4500) ** 2 == pytest.approx(printed, rel=1e-12)
    assert round(estimated(means(design, hours), design)[0], 2) == 4.60


def random_files(seed: int, lonely: bool = False, within: bool = True) -> pl.DataFrame:
    """A sample in strata and clusters; a lonely stratum where asked."""
    random = np.random.default_rng(seed)
    rows = []
    for stratum in range(4):
        big = int(random.integers(8, 20))
        clusters = 1 if lonely and stratum == 1 else int(random.integers(2, 6))
        for cluster in range(clusters):
            inside, files = int(random.integers(6, 15)), int(random.integers(2, 6))
            weight = big / clusters * (inside / files if within else 1)
            for file in range(files):
                rows.append((stratum, cluster, file, big, inside, weight))
    count = len(rows)
    return pl.DataFrame(
        rows, ["stratum", "cluster", "file", "big", "inside", "w"], orient="row"
    ).with_columns(
        y=random.normal(5, 2, count),
        x=random.uniform(1, 3, count),
        yes=random.integers(0, 2, count),
        cell=random.integers(0, 3, count),
    )


def both(files: pl.DataFrame, stages: int, lonely: str = "fail") -> tuple[svy.Sample, Design]:
    words = {"certainty": "skip", "adjust": "center", "average": "scale"}
    theirs = svy.Design(
        stratum="stratum",
        psu="cluster",
        ssu="file" if stages == 2 else None,
        wgt="w",
        pop_size={0: None, 1: "big", 2: svy.PopSize("big", "inside")}[stages],
        **({"singleton": words[lonely]} if lonely in words else {}),
    )
    ours = design_of(
        len(files),
        weights=files["w"],
        strata=files["stratum"],
        clusters=files["cluster"],
        population=files["big"] if stages else None,
        population_within=files["inside"] if stages == 2 else None,
        lonely=lonely,  # type: ignore[arg-type]
    )
    return svy.Sample(files, theirs), ours


def same(theirs: Any, ours: Any, design: Design, df: int) -> None:
    row = theirs.to_polars().row(0, named=True)
    value, error = estimated(ours, design)
    assert value == pytest.approx(row["est"], rel=SAME)
    assert error == pytest.approx(row["se"], rel=SAME)
    assert df == row["df"]


CASES = [
    (seed, stages, lonely)
    for seed in range(4)
    for stages in (0, 1, 2)
    for lonely in ("fail", "certainty", "adjust", "average")
    # With two stages svy scales the second one too; R (and the plain recursion) only the first.
    if (stages, lonely) != (2, "average")
]


@pytest.mark.parametrize(("seed", "stages", "lonely"), CASES)
def test_totals_means_ratios_and_domains_are_those_of_svy(
    seed: int, stages: int, lonely: str
) -> None:
    files = random_files(seed, lonely != "fail")
    sample, design = both(files, stages, lonely)
    y, x = files["y"].to_numpy(), files["x"].to_numpy()
    inside = files["cell"].to_numpy() == 1
    df = degrees_of_freedom(design)
    same(sample.estimation.total("y"), totals(design, y), design, df)
    same(sample.estimation.mean("y"), means(design, y), design, df)
    same(sample.estimation.ratio("y", "x"), ratios(design, y, x), design, df)
    if lonely == "average":
        return  # R and svy count the strata that a domain touches; here the design's always count
    some = degrees_of_freedom(design, inside)
    where = svy.col("cell") == 1
    same(sample.estimation.mean("y", where=where), means(design, y, inside), design, some)
    part = ratios(design, y * inside, x * inside)
    same(sample.estimation.ratio("y", "x", where=where), part, design, some)


@pytest.mark.parametrize("stages", [0, 1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_post_stratified_estimates_are_those_of_svy(seed: int, stages: int) -> None:
    files = random_files(seed)
    sample, design = both(files, stages)
    sizes = {str(cell): 100.0 + 50 * cell for cell in range(3)}
    controls = {int(cell): size for cell, size in sizes.items()}
    sample = sample.weighting.poststratify(controls=controls, cells="cell", wgt_name="fitted")
    fitted = post_stratified(design, files["cell"], sizes)
    y, inside = files["y"].to_numpy(), files["x"].to_numpy() > 2
    df = degrees_of_freedom(fitted)
    same(sample.estimation.total("y"), totals(fitted, y), fitted, df)
    same(sample.estimation.mean("y"), means(fitted, y), fitted, df)
    found = means(fitted, y, inside)
    theirs = sample.estimation.mean("y", where=svy.col("x") > 2).to_polars()
    assert estimated(found, fitted) == pytest.approx((theirs["est"][0], theirs["se"][0]), rel=SAME)


@pytest.mark.parametrize("stages", [0, 1, 2])
def test_design_effects_are_those_of_svy(stages: int) -> None:
    files = random_files(9)
    sample, design = both(files, stages)
    y = files["y"].to_numpy()
    theirs = sample.estimation.mean("y", deff="wor").to_polars()["deff"][0]
    mean = means(design, y)
    variance = np.diagonal(mean.covariance(design))
    found = design_effects(design, mean, variance, y, np.ones(len(y)))
    assert found[0] == pytest.approx(theirs, rel=SAME)


@pytest.mark.parametrize(("ours", "theirs"), [("logit", "logit"), ("korn-graubard", "beta")])
@pytest.mark.parametrize("seed", range(4))
def test_intervals_of_a_proportion_are_those_of_svy(seed: int, ours: str, theirs: str) -> None:
    files = random_files(seed)
    sample, design = both(files, 1)
    yes = files["yes"].to_numpy() == 1
    table = sample.estimation.prop("yes", ci_method=theirs).to_polars()  # type: ignore[arg-type]
    row = table.row(1, named=True)
    share = share_of(design, yes, np.ones(len(yes), np.bool_))
    assert share.value == pytest.approx(row["est"], rel=SAME)
    assert interval(share, ours) == pytest.approx((row["lci"], row["uci"]), rel=SAME)


def test_wilsons_interval_is_that_of_svy_where_every_file_is_a_unit() -> None:
    """Elsewhere svy adjusts for the degrees of freedom twice: in the size and in t."""
    files = random_files(3).with_columns(w=pl.lit(5.0))
    sample = svy.Sample(files, svy.Design(wgt="w"))
    design = design_of(len(files), weights=files["w"])
    row = sample.estimation.prop("yes", ci_method="wilson").to_polars().row(1, named=True)
    share = share_of(design, files["yes"].to_numpy() == 1, np.ones(len(files), np.bool_))
    assert interval(share, "wilson") == pytest.approx((row["lci"], row["uci"]), rel=SAME)
