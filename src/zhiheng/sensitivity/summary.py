"""What replays say of each unit and of each factor, in numbers a reader can use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.sensitivity.factors import Floats

LOW, HIGH = 5.0, 95.0


@dataclass(frozen=True, eq=False)
class Spread:
    """Of each unit over the replays: score and rank. Shapes (units,); NaN where it has none.

    `shift` is the mean over replays of how far its rank moved from the one in force.
    """

    score_low: Floats
    score_median: Floats
    score_high: Floats
    rank_low: Floats
    rank_median: Floats
    rank_high: Floats
    shift: Floats


def ranks_by_replay(scores: Floats) -> Floats:
    """Ranks within each replay, highest first and ties at the minimum; NaN stays NaN."""
    known = ~np.isnan(scores)
    held = np.where(known, -scores, np.inf)
    order = np.argsort(held, axis=1, kind="stable")
    ordered = np.take_along_axis(held, order, axis=1)
    new = np.ones(ordered.shape, np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    places = np.where(new, np.arange(1, ordered.shape[1] + 1), 0)
    places = np.maximum.accumulate(places, axis=1)
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, places.astype(np.float64), axis=1)
    return np.where(known, ranks, np.nan)


def mean_shift(scores: Floats, in_force: Floats) -> Floats:
    """How far ranks moved on average over the units, replay by replay: shape (replays,).

    The R̄s of Saisana, Saltelli and Tarantola, "Uncertainty and sensitivity analysis techniques as
    tools for the quality assessment of composite indicators", JRSS A 168 (2005). Units without a
    rank in a replay or in force do not count.
    """
    reference = ranks_by_replay(in_force[None, :])
    away = np.abs(ranks_by_replay(scores) - reference)
    known = ~np.isnan(away)
    total = np.where(known, away, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(known.sum(axis=1), 1))


def spread_of(scores: Floats, in_force: Floats) -> Spread:
    """Median, 5th and 95th percentile of scores and ranks; percentiles of ranks are ranks that
    occurred."""
    ranks = ranks_by_replay(scores)
    away = np.abs(ranks - ranks_by_replay(in_force[None, :]))
    low, median, high = _percentiles(scores, "linear")
    first, middle, last = _percentiles(ranks, "inverted_cdf")
    return Spread(low, median, high, first, middle, last, _mean(away))


def _percentiles(values: Floats, method: str) -> list[Floats]:
    found = np.full((3, values.shape[1]), np.nan)
    for unit, column in enumerate(values.T):
        there = column[~np.isnan(column)]
        if len(there):
            found[:, unit] = np.percentile(there, [LOW, 50.0, HIGH], method=method)  # type: ignore[call-overload]
    return list(found)


def _mean(values: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
