"""From data to scores by a plan; pure arithmetic on arrays, fit for thousands of replays.

`walk` is the one way from normalised indicators up to the root. Its arrays broadcast: indicators of
shape (units,) with weights of shape (replays, 1) give every node in shape (replays, units).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiheng.composites.aggregate import Flags, Floats, broken, combine, partials
from zhiheng.composites.gates import OPERATORS, Gate
from zhiheng.composites.plan import Plan, veto_value
from zhiheng.composites.problems import refused
from zhiheng.errors import BadInput

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Fired:
    """What one gate did: `where` it fired, `untested` where the value it looks at is missing; the
    score `before` and `after`, in the shape of the node's scores."""

    gate: Gate
    value: Floats
    where: Flags
    untested: Flags
    before: Floats
    after: Floats


@dataclass(frozen=True)
class Walk:
    """Every code's score after its gates, how many children of each aggregate have one, where a
    gate set the score, and what the gates did, in the order they were asked."""

    values: dict[str, Floats]
    present: dict[str, Counts]
    held: dict[str, Flags]
    fired: list[Fired]


def walk(
    plan: Plan,
    leaves: Mapping[str, Floats],
    weights: Mapping[str, ArrayLike],
    raw: Mapping[str, Floats] | None = None,
    units: tuple[str, ...] = (),
    undefined: Literal["refuse", "empty"] = "refuse",
) -> Walk:
    """Scores of every node.

    `leaves`: normalised indicators, NaN for no value, the last axis the units. `weights`: code →
    weight, a number or an array that broadcasts. `raw`: what gates on raw figures look at. `units`
    only names them in errors. Where a mean is not defined for a value the node is empty or, by
    default, BadInput is raised.
    """
    done = Walk({}, {}, {}, [])
    for code in plan.order:
        if code in plan.tree.children:
            value, wrong = _from_children(plan, code, done, weights)
            if undefined == "refuse" and wrong.any():
                raise _undefined(plan, code, done, wrong, units)
        else:
            value = leaves[code]
        done.values[code] = _through_gates(plan, code, value, done, raw or {})
    return done


def tree_weights(plan: Plan) -> dict[str, float]:
    """Code → weight as the tree has it."""
    return {node.code: node.weight for node in plan.tree.nodes}


def _from_children(
    plan: Plan,
    code: str,
    done: Walk,
    weights: Mapping[str, ArrayLike],
) -> tuple[Floats, Flags]:
    """The node's value, and where its mean is not defined."""
    codes = plan.tree.children[code]
    values, shares = [done.values[child] for child in codes], [weights[child] for child in codes]
    method = plan.aggregate[code]
    wrong = broken(method, values, shares, plan.floor)
    found = combine(method, values, shares, plan.floor, plan.penalty)
    count = sum((~np.isnan(v) for v in values[1:]), start=(~np.isnan(values[0])).astype(np.int64))
    done.present[code] = count
    # Both rounded to the nearest double: a share that is reached exactly is reached, and one that
    # was written as a double of its own, like 0.8333333333333334 for 5/6, too.
    enough = count / len(codes) >= float(plan.availability)
    return np.where(enough & (count > 0) & ~wrong, found, np.nan), wrong


def in_order(plan: Plan, done: Walk) -> list[Fired]:
    """What the gates did, in the order of their table."""
    return sorted(done.fired, key=lambda one: plan.gates.index(one.gate))


def _undefined(plan: Plan, code: str, done: Walk, wrong: Flags, units: tuple[str, ...]) -> BadInput:
    values = [done.values[child] for child in plan.tree.children[code]]
    at = tuple(int(one) for one in np.argwhere(wrong)[0])
    unit = units[at[-1]] if units else str(at[-1])
    below = zip(plan.tree.children[code], np.broadcast_arrays(*values, wrong), strict=False)
    said = ", ".join(f"{child} = {float(value[at])!r}" for child, value in below)
    method = plan.aggregate[code]
    return refused(
        unit,
        (
            f"节点“{code}”不能用 {method}：{said}。",
            f"{method} is not defined for the node {code!r}: {said}.",
        ),
        (
            "几何、调和平均不接受负值，Mazziotta-Pareto 要求均值为正："
            "改用 minmax、goalposts 等非负的标准化（或 zscore 加 --mean-sd 100 10），"
            "或用 --floor 抬高低值，或改用 arithmetic。",
            "Geometric and harmonic means take no negative value, Mazziotta-Pareto no mean below 0:"
            " normalise to values of at least 0 (minmax, goalposts, zscore with --mean-sd 100"
            " 10), raise low ones by --floor, or use arithmetic.",
        ),
    )


def _through_gates(
    plan: Plan, code: str, value: Floats, done: Walk, raw: Mapping[str, Floats]
) -> Floats:
    for gate in plan.gates_of.get(code, ()):
        looked = raw[gate.on] if gate.use == "raw" else done.values.get(gate.on, value)
        where = np.asarray(OPERATORS[gate.op](looked, gate.threshold))
        limit = veto_value(plan, gate) if gate.effect == "veto" else np.minimum(value, gate.value)
        # A node without a score has none to lose; NaN compares as false, so what is missing
        # fires nothing.
        after = np.where(where & ~np.isnan(value), limit, value)
        done.fired.append(Fired(gate, looked, where, np.isnan(looked), value, after))
        held = where & ((gate.effect == "veto") | (value > gate.value))
        done.held[code] = done.held.get(code, np.False_) | held
        value = after
    return value


def coverage(plan: Plan, done: Walk, weights: Mapping[str, ArrayLike]) -> dict[str, Floats]:
    """Share of a node's weight that has data, of every code: 0 or 1 for an indicator; for an
    aggregate the weighted mean of its children's, one without a score counting 0."""
    found: dict[str, Floats] = {}
    for code in reversed(plan.tree.downward):
        below = plan.tree.children.get(code)
        if below is None:
            found[code] = np.where(np.isnan(done.values[code]), 0.0, 1.0)
            continue
        parts = [np.where(np.isnan(done.values[child]), 0.0, found[child]) for child in below]
        found[code] = combine("arithmetic", parts, [weights[child] for child in below])
    return found


def slopes(plan: Plan, done: Walk, weights: Mapping[str, ArrayLike]) -> Floats:
    """How much every node changes with every normalised indicator, by the chain rule.

    Shape (..., nodes, indicators), in the order of `plan.tree.codes` and `.leaves`. What is missing
    and which gates fired stay as they are: a score that a gate has set does not move.
    """
    some = np.broadcast_shapes(*(value.shape for value in done.values.values()))
    found = {}
    for at, code in enumerate(plan.tree.leaves):
        found[code] = np.zeros((*some, len(plan.tree.leaves)))
        found[code][..., at] = 1.0
    for code in reversed(plan.tree.downward):
        below = plan.tree.children.get(code)
        if below is not None:
            values, shares = [done.values[c] for c in below], [weights[c] for c in below]
            steps = partials(plan.aggregate[code], values, shares, plan.floor, plan.penalty)
            moves = [step[..., None] * found[c] for step, c in zip(steps, below, strict=True)]
            found[code] = sum(moves[1:], start=moves[0])
        still = done.held.get(code, np.False_) | np.isnan(done.values[code])
        found[code] = np.where(np.asarray(still)[..., None], 0.0, found[code])
    return np.stack([found[code] for code in plan.tree.codes], axis=-2)
