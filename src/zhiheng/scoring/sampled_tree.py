"""Any weighted tree over items that were read in a sample of files: every node with its error.

Leaves are 100 × the share of yes (less of it where a leaf counts against). The error of a node is
linearised along the derivatives of the tree, whatever means it uses, and its interval put together
of its leaves' intervals (`sampling.mover`). Below a gate a node has a cliff, where derivatives say
nothing: those nodes are scored anew under bootstrap weights within strata (Rao, Wu and Yue 1992).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.composites.plan import Plan
from zhiheng.composites.score import Walk, slopes, tree_weights, walk
from zhiheng.errors import BadInput, Message
from zhiheng.sampling.alone import court_alone
from zhiheng.sampling.arrays import Flags, Floats
from zhiheng.sampling.bootstrap import bootstrap
from zhiheng.sampling.intervals import Share, interval
from zhiheng.sampling.items import leaves_of
from zhiheng.sampling.mover import correlations, reach
from zhiheng.sampling.readings import Readings
from zhiheng.sampling.shares import share_of, unseen

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
    again = (replicates, seed)
    shares = _replicated(found, list(domains.values()), again) if plan.gates else None
    return [
        each
        for number, (court, inside) in enumerate(domains.items())
        for each in _of_own(
            plan, found, court, inside, None if shares is None else shares[number], again
        )
    ]


def _replicated(found: Readings, domains: list[Flags], again: tuple[int, int]) -> list[Floats]:
    """Of every domain the shares (replicates, items) under the same bootstrap weights."""
    yes = np.hstack([(found.yes & found.applies) & inside[:, None] for inside in domains])
    applies = np.hstack([found.applies & inside[:, None] for inside in domains])
    above, below = yes.astype(np.float64), applies.astype(np.float64)
    shares = bootstrap(found.design, above, below, lambda leaves: leaves, *again).values
    return np.split(shares, len(domains), axis=1)


def _of_own(
    plan: Plan,
    found: Readings,
    court: str,
    inside: Flags,
    shares: Floats | None,
    again: tuple[int, int],
) -> Iterator[NodeEstimate]:
    """Of a court that was drawn before its files by its own draw (drawn `again` by itself)."""
    own = court_alone(found, inside) if court else None
    if own is None:
        return _of_domain(plan, found, court, inside, shares)
    every = np.ones(own.design.files, np.bool_)
    alone = None if shares is None else _replicated(own, [every], again)[0]
    return _of_domain(plan, own, court, every, alone)


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
    together = correlations(covariance, 1e-9 * FULL)
    leaves = [_share(found, inside, item) for item in at]
    read_of = float(inside.sum() / found.design.weights[inside].sum())
    hidden = [FULL**2 * unseen(share, max(1.0 - read_of, 0.0)) for share in leaves]
    covariance[np.diag_indices(len(at))] += hidden
    errors = np.sqrt(np.einsum("ni,ij,nj->n", steps, covariance, steps))
    below, above = _reaches(leaves, steps, together)
    resampled = {} if replicates is None else _resampled(plan, replicates, read, at)
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


def _share(found: Readings, inside: Flags, item: int) -> Share:
    applies = found.applies[:, item] & inside
    return share_of(found.design, found.yes[:, item] & applies, applies)


def _reaches(leaves: Sequence[Share], steps: Floats, together: Floats) -> tuple[Floats, Floats]:
    """How far each node's interval reaches down and up. A leaf that counts against moves a node
    down by the upper end of its own interval."""
    ends = np.array([_ends(share) for share in leaves])
    down = np.where(steps >= 0, ends[:, 0], ends[:, 1])
    up = np.where(steps >= 0, ends[:, 1], ends[:, 0])
    ones = np.ones(len(leaves))
    return reach(steps * down, ones, together), reach(steps * up, ones, together)


def _ends(share: Share) -> tuple[float, float]:
    if np.isnan(share.value):
        return 0.0, 0.0
    low, high = interval(share, "logit")
    return FULL * (share.value - low), FULL * (high - share.value)


def _resampled(
    plan: Plan, shares: Floats, read: list[str], at: list[int]
) -> dict[str, tuple[float, float, float]]:
    """Of every node with a gate at or below it: standard error and percentile interval, from
    replicated `shares` (replicates, items)."""
    way = _walk(plan, {code: shares[:, n] for code, n in zip(read, at, strict=True)})
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
