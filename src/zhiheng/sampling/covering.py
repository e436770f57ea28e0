"""How often an interval holds the truth: draws from a population known to the last file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiheng.sampling.arrays import Codes, Flags
from zhiheng.sampling.design import Design, design_of
from zhiheng.sampling.intervals import Interval, exact, interval
from zhiheng.sampling.shares import share_of

NAIVE = "naive"
"""The method that takes every sample for a simple one: yes of n, Clopper and Pearson."""


@dataclass(frozen=True, eq=False)
class Population:
    """Files with their truth, and how they are drawn.

    yes and applies: flags of files (a file to which the question does not apply counts nowhere).
    stratum, court: codes of files, courts within strata. sizes: of every stratum, the files drawn;
    or, with `courts`, the courts drawn of it, and `sizes` the files drawn of each court.
    """

    yes: Flags
    applies: Flags
    stratum: Codes
    court: Codes
    sizes: tuple[int, ...]
    courts: tuple[int, ...] | None = None

    @property
    def truth(self) -> float:
        """The share of yes among the files the question applies to."""
        return float(self.yes[self.applies].mean())

    @cached_property
    def strata(self) -> list[Codes]:
        """The files of every stratum."""
        return [np.flatnonzero(self.stratum == h) for h in range(len(self.sizes))]

    @cached_property
    def courts_of(self) -> list[Codes]:
        """The courts of every stratum."""
        return [np.unique(self.court[files]) for files in self.strata]

    @cached_property
    def files_of(self) -> list[Codes]:
        """The files of every court."""
        return [np.flatnonzero(self.court == c) for c in range(int(self.court.max()) + 1)]


@dataclass(frozen=True)
class Coverage:
    """What came of many draws: shares of intervals that hold the truth, lie wholly below it, or
    wholly above it; their mean width."""

    held: float
    below: float
    above: float
    width: float


def coverage_of(
    method: str, population: Population, draws: int, seed: int, level: float = 0.95
) -> Coverage:
    """Draw again and again and count how often the interval by `method` holds the truth.

    method: one of `intervals.METHODS`, or `NAIVE`. Deterministic for a seed.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    truth = population.truth
    found = np.array(
        [_one_interval(method, population, random, level) for _ in range(draws)], np.float64
    )
    below, above = found[:, 1] < truth, found[:, 0] > truth
    # An interval that could not be given holds nothing.
    held = (found[:, 0] <= truth) & (truth <= found[:, 1])
    width = float(np.nanmean(found[:, 1] - found[:, 0]))
    return Coverage(float(held.mean()), float(below.mean()), float(above.mean()), width)


def _one_interval(
    method: str, population: Population, random: np.random.Generator, level: float
) -> Interval:
    files = _drawn(population, random)
    applies, yes = population.applies[files], (population.yes & population.applies)[files]
    if method == NAIVE:
        return exact(int(yes.sum()), int(applies.sum()), level)
    design = _design(population, files)
    return interval(share_of(design, yes, applies), method, level)


def _drawn(population: Population, random: np.random.Generator) -> Codes:
    if population.courts is None:
        return np.concatenate(
            [
                random.choice(files, size, replace=False)
                for files, size in zip(population.strata, population.sizes, strict=True)
            ]
        )
    parts = []
    drawn = zip(population.courts_of, population.sizes, population.courts, strict=True)
    for courts, size, many in drawn:
        for court in random.choice(courts, many, replace=False):
            files = population.files_of[court]
            parts.append(random.choice(files, min(size, len(files)), replace=False))
    return np.concatenate(parts)


def _design(population: Population, files: Codes) -> Design:
    stratum, court = population.stratum[files], population.court[files]
    if population.courts is None:
        sizes = np.array([len(inside) for inside in population.strata])
        return design_of(len(files), strata=stratum, population=sizes[stratum])
    return design_of(
        len(files),
        strata=stratum,
        clusters=court,
        population=np.array([len(courts) for courts in population.courts_of])[stratum],
        population_within=np.array([len(inside) for inside in population.files_of])[court],
    )


def made_population(
    seed: int,
    rates: tuple[float, ...],
    courts: tuple[int, ...],
    files: tuple[int, ...],
    spread: float,
    sizes: tuple[int, ...],
    drawn: tuple[int, ...] | None = None,
    applies: float = 0.9,
) -> Population:
    """A population of files of courts in strata.

    rates: of every stratum, the mean share of yes; spread: standard deviation between its courts
    (beta distributed). courts, files: of every stratum, its courts and the files of each court.
    sizes, drawn: the draw, as `sizes` and `courts` of a population. applies: to how many files, as
    a share, the question applies.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    rate, each = np.repeat(rates, courts), np.repeat(files, courts)
    size = rate * (1 - rate) / spread**2 - 1
    of_court = random.beta(rate * size, (1 - rate) * size)
    court = np.repeat(np.arange(len(each)), each)
    stratum = np.repeat(np.arange(len(courts)), courts)[court]
    yes = random.random(len(court)) < of_court[court]
    asked = random.random(len(court)) < applies
    return Population(yes, asked, stratum, court, sizes, drawn)
