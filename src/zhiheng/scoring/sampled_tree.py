"""Any weighted tree over items that were read in a sample of files: every node with its error.

Leaves are 100 × the share of yes (less of it where a leaf counts against). The error of a node is
linearised along the derivatives of the tree, whatever means it uses, and its interval put together
of its leaves' intervals (`sampling.mover`). Below a gate a node has a cliff, where derivatives say
nothing: those nodes are scored anew under bootstrap weights within strata (Rao, Wu and Yue 1992).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.composites.plan import Plan
from zhiheng.composites.score import Walk, slopes, tree_weights, walk
from zhiheng.errors import BadInput, Message
from zhiheng.sampling.alone import court_alone
from zhiheng.sampling.arrays import Flags, Floats
from zhiheng.sampling.bootstrap import replicate_weights
from zhiheng.sampling.intervals import interval
from zhiheng.sampling.items import leaves_of
from zhiheng.sampling.mover import correlations, reach
from zhiheng.sampling.readings import Readings
from zhiheng.sampling.shares import share_of

FULL = 100.0
How = Literal["linearised", "bootstrap"]


@dataclass(frozen=True)
class NodeEstimate:
    """A node of one court, or of all files (""): value, standard error, 95 % interval, and how the
    error was found. NaN where the node has no value."""

    court: str
    node: str
    value: float
    error: float
    low: float
    high: float
    how: How


def estimate_nodes(
    plan: Plan, found: Readings, by: str = "", replicates: int = 1000, seed: int = 1
) -> list[NodeEstimate]:
    """Every node for all files, and for each value of the column `by`.

    Leaves of the plan that were not read have no value. Raises BadInput: no leaf was read, a lonely
    stratum, what the means refuse.
    """
    if not set(plan.tree.leaves) & set(found.items):
        raise _no_leaf(plan, found)
    domains: dict[str, Flags] = {"": np.ones(found.design.files, np.bool_)}
    if by:
        labels = np.array(found.sampled.labels(by))
        domains |= {str(name): labels == name for name in np.unique(labels)}
    weights = replicate_weights(found.design, replicates, seed) if plan.gates else None
    return [
        each
        for court, inside in domains.items()
        for each in _of_own(plan, found, court, inside, weights, (replicates, seed))
    ]


def _of_own(
    plan: Plan,
    found: Readings,
    court: str,
    inside: Flags,
    weights: Floats | None,
    again: tuple[int, int],
) -> Iterator[NodeEstimate]:
    """Of a court that was drawn before its files by its own draw (its weights drawn `again`)."""
    own = court_alone(found, inside) if court else None
    if own is None:
        return _of_domain(plan, found, court, inside, weights)
    own_weights = None if weights is None else replicate_weights(own.design, *again)
    return _of_domain(plan, own, court, np.ones(own.design.files, np.bool_), own_weights)


def _of_domain(
    plan: Plan, found: Readings, court: str, inside: Flags, replicates: Floats | None
) -> Iterator[NodeEstimate]:
    read = [code for code in plan.tree.leaves if code in found.items]
    at = [found.items.index(code) for code in read]
    estimates = leaves_of(found, inside)
    way = _walk(plan, {code: estimates.values[[item]] for code, item in zip(read, at, strict=True)})
    steps = slopes(plan, way, tree_weights(plan))[0]
    steps = steps[:, [plan.tree.leaves.index(code) for code in read]] * _signs(plan, read)
    covariance = estimates.covariance(found.design)[np.ix_(at, at)]
    there = ~np.isnan(estimates.values[at])
    covariance = np.where(np.outer(there, there), covariance, 0.0) * FULL**2
    errors = np.sqrt(np.einsum("ni,ij,nj->n", steps, covariance, steps))
    below, above = _reaches(found, inside, at, steps, correlations(covariance, 1e-9 * FULL))
    resampled = {} if replicates is None else _resampled(plan, found, inside, replicates, read, at)
    for number, code in enumerate(plan.tree.codes):
        value = float(way.values[code][0])
        if np.isnan(value):
            yield NodeEstimate(court, code, value, np.nan, np.nan, np.nan, "linearised")
        elif code in resampled:
            error, low, high = resampled[code]
            yield NodeEstimate(court, code, value, error, low, high, "bootstrap")
        else:
            low, high = value - below[number], value + above[number]
            yield NodeEstimate(court, code, value, float(errors[number]), low, high, "linearised")


def _walk(plan: Plan, shares: Mapping[str, Floats]) -> Walk:
    """Scores from shares (0-1) by leaf, any number of them; leaves not read have none."""
    some = next(iter(shares.values())).shape
    leaves = {}
    for code in plan.tree.leaves:
        share = shares.get(code, np.full(some, np.nan))
        leaves[code] = FULL * (share if plan.tree.by_code[code].direction > 0 else 1.0 - share)
    return walk(plan, leaves, tree_weights(plan), leaves, undefined="empty")


def _signs(plan: Plan, read: list[str]) -> Floats:
    return np.array([float(plan.tree.by_code[code].direction) for code in read])


def _reaches(
    found: Readings, inside: Flags, at: list[int], steps: Floats, together: Floats
) -> tuple[Floats, Floats]:
    """How far each node's interval reaches down and up. A leaf that counts against moves a node
    down by the upper end of its own interval."""
    ends = np.array([_ends(found, inside, item) for item in at])
    down = np.where(steps >= 0, ends[:, 0], ends[:, 1])
    up = np.where(steps >= 0, ends[:, 1], ends[:, 0])
    ones = np.ones(len(at))
    return reach(steps * down, ones, together), reach(steps * up, ones, together)


def _ends(found: Readings, inside: Flags, item: int) -> tuple[float, float]:
    applies = found.applies[:, item] & inside
    share = share_of(found.design, found.yes[:, item] & applies, applies)
    if np.isnan(share.value):
        return 0.0, 0.0
    low, high = interval(share, "logit")
    return FULL * (share.value - low), FULL * (high - share.value)


def _resampled(
    plan: Plan,
    found: Readings,
    inside: Flags,
    replicates: Floats,
    read: list[str],
    at: list[int],
) -> dict[str, tuple[float, float, float]]:
    """Of every node with a gate at or below it: standard error and percentile interval."""
    weights = replicates * inside
    above, below = found.yes[:, at] & found.applies[:, at], found.applies[:, at]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (weights @ above) / (weights @ below)
    way = _walk(plan, {code: shares[:, n] for n, code in enumerate(read)})
    result = {}
    for code in _with_cliffs(plan):
        values = way.values[code][~np.isnan(way.values[code])]
        if len(values):
            low, high = np.quantile(values, [0.025, 0.975])
            result[code] = float(values.std(ddof=1)), float(low), float(high)
    return result


def _with_cliffs(plan: Plan) -> set[str]:
    """The nodes that have a gate, and all above them."""
    found = set()
    for gate in plan.gates:
        code = gate.node
        while code and code not in found:
            found.add(code)
            code = plan.tree.by_code[code].parent
    return found


def _no_leaf(plan: Plan, found: Readings) -> BadInput:
    listed = ", ".join(plan.tree.leaves)
    return BadInput(
        Message("评查项目中没有指标树的末级指标。", "No item read is a leaf of the tree."),
        Message(f"指标树的末级指标：{listed}。", f"The leaves of the tree are: {listed}."),
        found.sampled.place,
    )
