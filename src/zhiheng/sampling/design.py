"""How files were drawn: weights, strata, clusters and population sizes, as arrays.

A design is told once and serves every estimate of the same files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from zhiheng.sampling import problems
from zhiheng.sampling.arrays import Codes, Flags, Floats, Labels, codes_of, first_of, joined

Lonely = Literal["fail", "certainty", "adjust", "average"]
"""What to do where one unit was drawn of a stratum that has more.

`fail`: refuse. `certainty`: it adds nothing. `adjust`: it varies around the mean of all, not
around its own. `average`: it adds as much as the other strata on average. These are the choices of
`options(survey.lonely.psu)` in R's survey; there, `average` of a domain counts only the strata the
domain touches, here those of the whole design.
"""
LONELY: tuple[Lonely, ...] = get_args(Lonely)


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of a draw: units drawn out of groups.

    unit: of every file, its unit. group: of every unit, the group it was drawn from (a stratum; at
    the second stage the cluster). population: of every group, how many units it has, infinite
    where no correction for a finite population is wanted. names: of every group.
    """

    unit: Codes
    group: Codes
    population: Floats
    names: tuple[str, ...]

    @property
    def drawn(self) -> Codes:
        """Of every group, how many units were drawn."""
        return np.bincount(self.group, minlength=len(self.names))

    @property
    def share(self) -> Floats:
        """Of every group, the share of its units that was drawn."""
        return np.asarray(self.drawn / self.population)


@dataclass(frozen=True, eq=False)
class Cells:
    """Post-strata: of every file its cell, and the weights before they were fitted."""

    cell: Codes
    count: int
    before: Floats


@dataclass(frozen=True, eq=False)
class Design:
    """Files with their weights (files,), the stages of the draw, and what was fitted afterwards."""

    weights: Floats
    stages: tuple[Stage, ...]
    lonely: Lonely = "fail"
    cells: Cells | None = None

    @property
    def files(self) -> int:
        """How many files were drawn."""
        return len(self.weights)


def design_of(
    files: int,
    *,
    weights: Labels | None = None,
    strata: Labels | None = None,
    clusters: Labels | None = None,
    population: Labels | None = None,
    population_within: Labels | None = None,
    lonely: Lonely = "fail",
) -> Design:
    """The design of a sample of `files` files; every argument has one value a file.

    strata: labels of the strata. clusters: labels of the first-stage units, numbered within a
    stratum or throughout; without them every file is a unit. population: how many first-stage
    units the file's stratum has; without it the draw counts as one with replacement (no finite
    population correction). population_within: how many files the file's cluster has, where files
    were drawn within clusters; without it the clusters carry all of the variance (the "ultimate
    cluster"), which is right where they were taken whole. weights: without them, what the
    population sizes imply, or 1.

    Raises BadInput: no file, bad weights, population sizes that vary within a stratum or are
    smaller than the sample.
    """
    if files == 0:
        raise problems.nothing_drawn()
    stratum, names = codes_of(strata) if strata is not None else _one(files)
    inner = np.arange(files) if clusters is None else codes_of(clusters)[0]
    first = _stage(joined(stratum, inner), stratum, names, population)
    stages: tuple[Stage, ...] = (first,)
    if clusters is not None and population_within is not None:
        stages = (first, _within(first, population_within))
    given = _implied(stages) if weights is None else np.asarray(weights, np.float64)
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise problems.bad_weights()
    return Design(given, stages, lonely)


def _one(files: int) -> tuple[Codes, tuple[str, ...]]:
    return np.zeros(files, np.int64), ("",)


def _within(first: Stage, population: Labels) -> Stage:
    names = tuple(f"{first.names[group]}#{unit + 1}" for unit, group in enumerate(first.group))
    return _stage(np.arange(len(first.unit)), first.unit, names, population)


def _stage(unit: Codes, group: Codes, names: tuple[str, ...], population: Labels | None) -> Stage:
    """A stage from codes of files; `population` is of files too."""
    of_unit = first_of(group, unit, int(unit.max()) + 1)
    sizes = np.full(len(names), np.inf)
    if population is not None:
        given = np.asarray(population, np.float64)
        sizes = first_of(given, group, len(names))
        _check_sizes(given, sizes, group, names, np.bincount(of_unit, minlength=len(names)))
    return Stage(unit, of_unit, sizes, names)


def _check_sizes(
    given: Floats, sizes: Floats, group: Codes, names: tuple[str, ...], drawn: Codes
) -> None:
    varies = np.flatnonzero(given != sizes[group])
    if len(varies):
        raise problems.population_varies(names[group[varies[0]]])
    small = np.flatnonzero(~(sizes >= drawn))
    if len(small):
        at = small[0]
        raise problems.population_too_small(names[at], int(drawn[at]), float(sizes[at]))


def _implied(stages: tuple[Stage, ...]) -> Floats:
    """What the population sizes make of weights: the product of population over drawn."""
    weights = np.ones(len(stages[0].unit))
    for stage in stages:
        known = np.isfinite(stage.population)
        factor = np.where(known, stage.population / stage.drawn, 1.0)
        weights *= factor[stage.group[stage.unit]]
    return weights


def post_stratified(design: Design, cells: Labels, sizes: dict[str, float]) -> Design:
    """The design with weights fitted so that every cell weighs what the population has.

    sizes: of every cell (as text), the number of files in the population. The variance is that of
    the residuals from the cells' means (Särndal, Swensson, Wretman 1992, 7.6; R `postStratify`).
    Raises BadInput where a cell has no file in the sample, or its size is not given.
    """
    cell, names = codes_of(cells)
    missing = sorted(set(sizes) ^ set(names))
    if missing:
        raise problems.empty_cell(missing[0])
    before = np.bincount(cell, design.weights, len(names))
    wanted = np.array([sizes[name] for name in names])
    fitted = design.weights * (wanted / before)[cell]
    return replace(design, weights=fitted, cells=Cells(cell, len(names), design.weights))


def degrees_of_freedom(design: Design, within: Flags | None = None) -> int:
    """First-stage units less strata, of the files `within` (files,) where given.

    As R's `degf`: a domain has those of the units and strata that hold a file of it.
    """
    stage = design.stages[0]
    held = design.weights > 0 if within is None else within & (design.weights > 0)
    units = np.unique(stage.unit[held])
    return len(units) - len(np.unique(stage.group[units]))
