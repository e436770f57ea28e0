"""Scores of every unit by a plan, with ranks, coverage and what has to be said about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.composites.aggregate import Floats
from zhiheng.composites.bounds import Bounds
from zhiheng.composites.data import Data
from zhiheng.composites.normalise import PLACED, ascending_ranks, normalise
from zhiheng.composites.plan import Plan
from zhiheng.composites.problems import refused
from zhiheng.composites.score import Walk, coverage, tree_weights, walk
from zhiheng.errors import Message


@dataclass(frozen=True)
class Result:
    """`normalised` (units, indicators), `scores` and `coverage` (units, nodes) in the order of the
    plan's tree, `availability` (units, aggregates): share of children with a score; `ranks`
    (units,): best 1, ties at their lowest; NaN everywhere for no value. `notes`: warnings."""

    plan: Plan
    units: tuple[str, ...]
    normalised: Floats
    scores: Floats
    coverage: Floats
    availability: Floats
    ranks: Floats
    way: Walk
    observed: dict[str, dict[str, float]]
    notes: tuple[Message, ...]


def score(plan: Plan, data: Data, rank_decimals: int | None = None) -> Result:
    """Score the units of `data`; ranks are of scores rounded to `rank_decimals`, if any.

    Raises BadInput for a value of 0 or less on a log scale, and what `walk` raises.
    """
    leaves = {code: _normalised(plan, data, code) for code in plan.tree.leaves}
    weights = tree_weights(plan)
    way = walk(plan, leaves, weights, data.columns, data.units)
    covered = coverage(plan, way, weights)
    shares = [way.present[code] / len(below) for code, below in plan.tree.children.items()]
    return Result(
        plan,
        data.units,
        np.stack(list(leaves.values()), axis=-1),
        np.stack([way.values[code] for code in plan.tree.codes], axis=-1),
        np.stack([covered[code] for code in plan.tree.codes], axis=-1),
        np.stack(shares, axis=-1),
        _ranks(way.values[plan.tree.root], rank_decimals),
        way,
        {code: observed(data.columns[code]) for code in plan.tree.leaves},
        tuple(note for code in plan.tree.leaves for note in _notes(plan, data, code, leaves[code])),
    )


def _ranks(root: Floats, decimals: int | None) -> Floats:
    return ascending_ranks(-(root if decimals is None else np.round(root, decimals)))


def _normalised(plan: Plan, data: Data, code: str) -> Floats:
    values, limits, method = data.columns[code], plan.bounds.get(code), plan.normalise[code]
    if limits is not None and limits.log and method in PLACED:
        refuse_without_logarithm(data, code)
    return normalise(method, values, plan.tree.by_code[code].direction, limits, plan.scale)


def refuse_without_logarithm(data: Data, code: str) -> None:
    """Raises BadInput naming the first unit whose value has no logarithm."""
    for unit, value in zip(data.units, data.columns[code], strict=True):
        if value <= 0:
            raise refused(
                unit,
                (
                    f"指标“{code}”用对数刻度，数值 {value:g} 却不大于0。",
                    f"{code!r} is on a log scale, and {value:g} has no logarithm.",
                ),
                ("更正数值，或把 scale 改为 linear。", "Correct it, or use the linear scale."),
            )


def observed(values: Floats) -> dict[str, float]:
    """Number, minimum, maximum, mean and sample standard deviation of the values there are."""
    there = values[~np.isnan(values)]
    if not there.size:
        return {"n": 0}
    found = {"n": there.size, "min": there.min(), "max": there.max(), "mean": there.mean()}
    if there.size > 1:
        found["sd"] = there.std(ddof=1)
    return {name: one if name == "n" else float(one) for name, one in found.items()}


def _notes(plan: Plan, data: Data, code: str, normalised: Floats) -> list[Message]:
    values, method = data.columns[code], plan.normalise[code]
    turned = values * plan.tree.by_code[code].direction
    if np.isnan(values).all():
        return [Message(f"指标“{code}”没有任何数值。", f"The indicator {code!r} has no value.")]
    if np.isnan(normalised).all():
        return [_undefined(plan, code, method)]
    if method == "fraction-of-max" and np.nanmax(turned) < 0:
        return [
            Message(
                f"指标“{code}”按方向调整后最大值为负，fraction-of-max 会颠倒次序，宜改用 minmax。",
                f"{code!r} has a negative maximum once its direction is applied: fraction-of-max"
                " turns the order round; minmax would not.",
            )
        ]
    return []


def _undefined(plan: Plan, code: str, method: str) -> Message:
    limits = plan.bounds.get(code, Bounds())
    if method == "target":
        target = limits.target_for(plan.tree.by_code[code].direction)
        zh, en = f"目标值 {target:g} 就是最差值", f"the target {target:g} is the worst value"
    else:
        zh, en = "各单位数值相同或不足两个", "its values are all alike, or too few"
    return Message(
        f"指标“{code}”不能用 {method}（{zh}），按无数值处理。",
        f"{method} is not defined for {code!r} ({en}): it counts as having no value.",
    )
