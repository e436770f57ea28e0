"""Agreement of reviewers beyond chance: percent, kappa, AC1/AC2, Brennan-Prediger, with errors.

All coefficients are (p_a - p_e) / (1 - p_e): observed agreement against what chance would give.
They differ in p_e alone. Estimates, missing answers and standard errors follow Gwet, K. L. (2014),
Handbook of Inter-Rater Reliability, 4th ed., chs. 2, 3, 5, and Gwet (2008), British Journal of
Mathematical and Statistical Psychology 61, 29-48 (AC1). Files are the sample, reviewers fixed.

Answers stand in an n×r matrix of whole numbers: file by reviewer, the category's place 0…q-1, or
MISSING where the reviewer gave no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from zhiheng.sampling.agreement_weights import Floats

Codes = NDArray[np.int64]

MISSING = -1


@dataclass(frozen=True)
class Coefficient:
    """One coefficient of agreement.

    `value` is None where it is undefined: nothing was read twice, or chance alone would give full
    agreement. `error` (standard error) and the interval are None with it, and where there are
    fewer than two files. `observed` is p_a, `chance` p_e.
    """

    value: float | None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    observed: float | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Table:
    """What the coefficients are computed from; files nobody answered are left out.

    `given` n×r×q of 0 and 1, `counts` n×q, `shares` n×q (rows sum to 1), `weights` q×q.
    """

    given: Floats
    weights: Floats

    @property
    def counts(self) -> Floats:
        """How many reviewers put each file into each category."""
        return np.asarray(self.given.sum(axis=1), float)

    @property
    def shares(self) -> Floats:
        """The same as shares of the reviewers who answered."""
        counts = self.counts
        return np.asarray(counts / counts.sum(axis=1, keepdims=True), float)


@dataclass(frozen=True)
class _Chance:
    """Agreement by chance, and how much each file moves it (n values that sum to 0)."""

    value: float
    moved: Floats


Chance = Callable[[Table], _Chance]


def table_of(codes: Codes, weights: Floats) -> Table:
    """The table of an n×r matrix of answers; `weights` say how many categories there are."""
    given = (codes[:, :, None] == np.arange(len(weights))).astype(float)
    given = given[given.any(axis=(1, 2))]
    return Table(given[:, given.any(axis=(0, 2)), :], weights)


def percent(table: Table) -> Coefficient:
    """Agreement as observed, weighted where the table is."""
    return _coefficient(table, lambda _: _Chance(0.0, np.zeros(len(table.given))))


def exact_low(agreeing: int, files: int) -> float:
    """The lower end of the exact 95 % interval for a share (Clopper and Pearson 1934).

    Where every file agrees, the interval around `percent` has no width and this has.
    """
    return float(stats.beta.ppf(0.025, agreeing, files - agreeing + 1)) if agreeing else 0.0


def fleiss(table: Table) -> Coefficient:
    """Fleiss' kappa (1971): chance from the shares of the categories over all answers."""
    return _coefficient(table, _fleiss)


def conger(table: Table) -> Coefficient:
    """Conger's kappa (1980): chance from each reviewer's own shares; Cohen's (1960) for two."""
    return _coefficient(table, _conger)


def gwet(table: Table) -> Coefficient:
    """Gwet's AC1, or AC2 where the table is weighted; 1 where all use one category alone."""
    return _coefficient(table, _gwet)


def brennan_prediger(table: Table) -> Coefficient:
    """Brennan and Prediger's coefficient (1981): chance as if every category were as likely."""
    return _coefficient(table, _uniform)


def _coefficient(table: Table, chance: Chance) -> Coefficient:
    counts, n = table.counts, len(table.given)
    readers = counts.sum(axis=1)
    double = readers >= 2
    if not double.any():
        return Coefficient(None)
    agreeing = (counts * (counts @ table.weights - 1)).sum(axis=1)
    own = np.divide(agreeing, readers * (readers - 1), out=np.zeros(n), where=double)
    observed, by_chance = float(own[double].mean()), chance(table)
    if np.isclose(by_chance.value, 1.0, rtol=0, atol=1e-12):
        return Coefficient(None, observed=observed, chance=1.0)
    beyond = 1 - by_chance.value
    value = (observed - by_chance.value) / beyond
    each = n / double.sum() * np.where(double, own - by_chance.value, 0.0) / beyond
    return _with_interval(value, each - (1 - value) * by_chance.moved / beyond, observed, by_chance)


def _with_interval(value: float, each: Floats, observed: float, chance: _Chance) -> Coefficient:
    n = len(each)
    if n < 2:
        return Coefficient(value, observed=observed, chance=chance.value)
    error = float(np.sqrt(((each - value) ** 2).sum() / (n * (n - 1))))
    reach = float(stats.t.ppf(0.975, n - 1)) * error
    return Coefficient(value, error, value - reach, min(1.0, value + reach), observed, chance.value)


def _fleiss(table: Table) -> _Chance:
    shares = table.shares
    mean, both = shares.mean(axis=0), (table.weights + table.weights.T) / 2
    return _Chance(float(mean @ table.weights @ mean), 2 * (shares - mean) @ both @ mean)


def _gwet(table: Table) -> _Chance:
    shares, q = table.shares, len(table.weights)
    if q == 1:
        return _Chance(0.0, np.zeros(len(shares)))
    mean, each = shares.mean(axis=0), table.weights.sum() / (q * (q - 1))
    return _Chance(float(each * (mean * (1 - mean)).sum()), -2 * each * (shares - mean) @ mean)


def _uniform(table: Table) -> _Chance:
    return _Chance(float(table.weights.mean()), np.zeros(len(table.given)))


def _conger(table: Table) -> _Chance:
    given = table.given
    n, r, _ = given.shape
    if r == 1:
        return _Chance(1.0, np.zeros(n))
    answered = given.sum(axis=2, keepdims=True)
    files = answered.sum(axis=0)
    own = given.sum(axis=0) / files
    both = (table.weights + table.weights.T) / 2
    others = (own.sum(axis=0) - own) @ both
    value = float((own * others).sum()) / (r * (r - 1))
    # What one file adds to a reviewer's shares, against what the others' shares make of it.
    moved = ((given - answered * own) * (n / files) * others).sum(axis=(1, 2))
    return _Chance(value, np.asarray(2 * moved / (r * (r - 1)), float))
