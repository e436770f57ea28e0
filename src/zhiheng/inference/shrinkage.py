"""Scores drawn towards what is common to their region, for courts with few files.

The area-level model of Fay and Herriot, "Estimates of Income for Small Places", JASA 74 (1979):
score = common part + the court's own part + the error of its draw. The variance of the own parts
is found by restricted maximum likelihood; the mean squared error is that of Prasad and Rao (1990)
as Datta and Lahiri (2000) have it for REML. Printed beside the score of the court, never instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from zhiheng.errors import BadInput, Message
from zhiheng.inference.told_apart import Floats

FEWEST = 3
"""Courts with an error of their own that a variance between courts takes at least, beyond the
number of columns the common part has."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """`value` is each court's drawn-in score, `error` the root of its mean squared error, `own` the
    share (0-1) of the court's own score in it, `common` the part common to courts like it.
    `variance` is that of the courts' own parts, `effects` what each column adds."""

    value: Floats
    error: Floats
    own: Floats
    common: Floats
    variance: float
    effects: Floats


def shrink(scores: Floats, errors: Floats, columns: Floats | None = None) -> Shrunk:
    """Drawn-in scores of courts, all with a score and an error.

    `scores` and `errors` have shape (courts,); `columns` (courts, facts) describes the courts and
    needs its own column of ones; without it the common part is one mean. A score without error
    stays as it is. Raises BadInput where there are too few courts.
    """
    x = np.ones((len(scores), 1)) if columns is None else columns
    if len(scores) < x.shape[1] + FEWEST:
        raise _too_few(len(scores), x.shape[1] + FEWEST)
    drawn = errors**2
    variance = _between_courts(scores, drawn, x)
    total = variance + drawn
    # Where neither the courts differ nor the draw errs the score is its own.
    own = np.where(drawn > 0, variance / np.where(total > 0, total, 1.0), 1.0)
    effects, spread = _effects(scores, total, x)
    common = x @ effects
    value = common + own * (scores - common)
    return Shrunk(value, _error(drawn, total, own, x, spread), own, common, variance, effects)


def _effects(scores: Floats, total: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares: the effects and their covariance."""
    weight = 1 / np.maximum(total, np.finfo(float).tiny)
    spread = np.asarray(np.linalg.inv((x.T * weight) @ x), np.float64)
    return spread @ ((x.T * weight) @ scores), spread


def _between_courts(scores: Floats, drawn: Floats, x: Floats) -> float:
    """The variance the restricted likelihood is highest at, not below 0."""
    ceiling = float(np.var(scores)) * len(scores) + float(drawn.max()) + 1e-12
    floor = 1e-12 * ceiling if (drawn == 0).any() else 0.0

    def minus_likelihood(variance: float) -> float:
        total = variance + drawn
        effects, spread = _effects(scores, total, x)
        residual = scores - x @ effects
        _, fixed = np.linalg.slogdet(spread)
        return float(np.sum(np.log(total)) - fixed + np.sum(residual**2 / total))

    # On a scale of roots the likelihood has one hill for any size of the variance.
    found = minimize_scalar(
        lambda root: minus_likelihood(max(root * root, floor)),
        bounds=(0.0, float(np.sqrt(ceiling))),
        method="bounded",
        options={"xatol": 1e-12 * float(np.sqrt(ceiling)), "maxiter": 2000},
    )
    best = max(float(found.x) ** 2, floor)
    return floor if minus_likelihood(max(floor, 0.0)) <= minus_likelihood(best) else best


def _error(drawn: Floats, total: Floats, own: Floats, x: Floats, spread: Floats) -> Floats:
    """Prasad and Rao's three parts: of the own part, of the common part, of the variance."""
    first = own * drawn
    second = (1 - own) ** 2 * np.einsum("ij,jk,ik->i", x, spread, x)
    of_variance = 2 / np.sum(1 / np.maximum(total, np.finfo(float).tiny) ** 2)
    third = drawn**2 / np.maximum(total, np.finfo(float).tiny) ** 3 * of_variance
    return np.asarray(np.sqrt(first + second + 2 * third))


def _too_few(courts: int, needed: int) -> BadInput:
    return BadInput(
        Message(
            f"只有{courts}个法院，无法估计法院之间的差异（至少{needed}个）。",
            f"{courts} courts do not show how courts differ ({needed} at least).",
        ),
        Message("请直接使用各法院本身的得分。", "Use the courts' own scores."),
    )
