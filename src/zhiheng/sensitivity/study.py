"""An index of the general engine, replayed with other weights, methods and data.

What is varied: the weights of each level, the normalisation, the aggregation, an indicator left
out, and errors of the data. Replays that share their methods are scored together, so that
thousands take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhiheng.composites.normalise import normalise
from zhiheng.composites.plan import Plan, refuse_missing_bounds
from zhiheng.composites.score import tree_weights, walk
from zhiheng.errors import BadInput, Message
from zhiheng.sensitivity.alone import Change, change
from zhiheng.sensitivity.factors import Draws, Factor, Floats, chosen, spread
from zhiheng.sensitivity.sources import Some, Source, Stack

NORMALISE, AGGREGATE, LEFT_OUT = "normalise", "aggregate", "left_out"
_AT_ONCE = 20_000_000
"""Values of leaves held in memory at a time."""
_BY_VALUE = ("none", "goalposts")
"""Normalisations that place a value without a look at the other units."""


@dataclass(frozen=True, eq=False)
class Study:
    """What is replayed and how it is varied.

    `source` has the figures. `weights`: half the width weights vary by, as a share of each.
    `normalise` and `aggregate` are the methods tried; the plan's own count where nothing is named.
    `raw` are the figures that gates on raw figures look at. `units` names
    them in errors, `titles` what indicators are called (their codes where nothing is given).
    """

    plan: Plan
    source: Source
    weights: float = 0.0
    normalise: tuple[str, ...] = ()
    aggregate: tuple[str, ...] = ()
    leave_out: bool = False
    raw: Mapping[str, Floats] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    titles: Mapping[str, Message] = field(default_factory=dict)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied, in the order it is reported in."""
        return tuple(self._factors())

    def _factors(self) -> Iterator[Factor]:
        if self.weights:
            for level, codes in self.levels.items():
                title = Message(f"第{level}级权重", f"weights of level {level}")
                yield Factor(f"weights.{level}", title, len(codes))
        if len(self.normalise) > 1:
            yield Factor(NORMALISE, Message("标准化方法", "normalisation"), 1)
        if len(self.aggregate) > 1:
            yield Factor(AGGREGATE, Message("汇总方法", "aggregation"), 1)
        if self.leave_out:
            yield Factor(LEFT_OUT, Message("去掉一个指标", "an indicator left out"), 1)
        yield from self.source.factors

    @cached_property
    def levels(self) -> dict[int, tuple[str, ...]]:
        """Depth (1 is directly below the root) → codes whose weight has a sibling's to share."""
        found: dict[int, list[str]] = {}
        depth = {self.plan.tree.root: 0}
        for code in self.plan.tree.downward:
            below = self.plan.tree.children.get(code, ())
            depth.update((child, depth[code] + 1) for child in below)
            if len(below) > 1:
                found.setdefault(depth[code] + 1, []).extend(below)
        return {level: tuple(codes) for level, codes in sorted(found.items())}

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The indicators of which some unit has a value."""
        return tuple(
            code
            for code in self.plan.tree.leaves
            if not np.isnan(self.source.values(code, {}, None).rows).all()
        )

    @cached_property
    def in_force(self) -> Floats:
        """Scores of the root as the plan has it, shape (units,)."""
        return self.scores(self.plan)

    def scores(self, plan: Plan, weights: Mapping[str, Floats | float] | None = None) -> Floats:
        """Scores of the root by another plan or other weights, the figures as they are."""
        return self._root(plan, self._leaves(plan, {}, None), weights)

    def run(self, draws: Draws) -> Floats:
        """Scores of the root, shape (replays, units), for numbers of the factors. A factor that
        `draws` leaves out stays as it is in force. Raises what scoring refuses."""
        replays = next(len(numbers) for numbers in draws.values())
        weights = self._weights(draws, replays)
        found = np.full((replays, len(self.in_force)), np.nan)
        step = max(1, _AT_ONCE // (len(self.in_force) * len(self.plan.tree.leaves)))
        for plan, some in self._methods(draws, replays):
            for start in range(0, len(some), step):
                part = some[start : start + step]
                held = {code: array[part, None] for code, array in weights.items()}
                found[part] = self._root(plan, self._leaves(plan, draws, part), held)
        return found

    def _root(
        self,
        plan: Plan,
        leaves: Mapping[str, Floats],
        weights: Mapping[str, Floats | float] | None,
    ) -> Floats:
        # In a replay a mean that is not defined gives no score: it must not stop the others.
        undefined: Literal["refuse", "empty"] = "refuse" if weights is None else "empty"
        way = walk(plan, leaves, weights or tree_weights(plan), self.raw, self.units, undefined)
        return way.values[plan.tree.root]

    def _weights(self, draws: Draws, replays: int) -> dict[str, Floats]:
        found = {code: np.full(replays, weight) for code, weight in tree_weights(self.plan).items()}
        for level, codes in self.levels.items():
            if f"weights.{level}" in draws:
                factors = spread(draws[f"weights.{level}"], self.weights)
                for at, code in enumerate(codes):
                    found[code] *= factors[:, at]
        if LEFT_OUT in draws:
            # The last choice leaves all in.
            out = chosen(draws[LEFT_OUT], len(self.present) + 1)
            for at, code in enumerate(self.present):
                found[code] = np.where(out == at, 0.0, found[code])
        return found

    def _methods(self, draws: Draws, replays: int) -> Iterator[tuple[Plan, NDArray[np.intp]]]:
        """Each pair of methods that was drawn, with the replays that drew it."""
        at = {name: np.zeros(replays, np.intp) for name in (NORMALISE, AGGREGATE)}
        for name, methods in ((NORMALISE, self.normalise), (AGGREGATE, self.aggregate)):
            if name in draws:
                at[name] = chosen(draws[name], len(methods))
        pairs = np.stack([at[NORMALISE], at[AGGREGATE]], axis=1)
        for first, second in np.unique(pairs, axis=0).tolist():
            some = np.flatnonzero((pairs == (first, second)).all(axis=1))
            yield self._plan(draws, first, second), some

    def _plan(self, draws: Draws, normalisation: int, aggregation: int) -> Plan:
        plan = self.plan
        if NORMALISE in draws:
            plan = with_normalisation(plan, self.normalise[normalisation])
        if AGGREGATE in draws:
            plan = with_aggregation(plan, self.aggregate[aggregation])
        return plan

    def _leaves(self, plan: Plan, draws: Draws, some: Some | None) -> dict[str, Floats]:
        return {
            code: self._normalised(plan, code, self.source.values(code, draws, some))
            for code in plan.tree.leaves
        }

    def _normalised(self, plan: Plan, code: str, stack: Stack) -> Floats:
        method, direction = plan.normalise[code], plan.tree.by_code[code].direction
        bounds, scale = plan.bounds.get(code), plan.scale
        if method in _BY_VALUE:
            return stack.spread(normalise(method, stack.rows, direction, bounds, scale))
        rows = [normalise(method, row, direction, bounds, scale) for row in stack.rows]
        return stack.spread(np.stack(rows))


def refuse_pairs(study: Study) -> None:
    """Raises BadInput where a normalisation and an aggregation that are to be tried do not go
    together, or lack bounds, naming both."""
    for method in study.normalise or ("",):
        for aggregation in study.aggregate or ("",):
            plan = with_normalisation(study.plan, method) if method else study.plan
            plan = with_aggregation(plan, aggregation) if aggregation else plan
            try:
                refuse_missing_bounds(plan)
                study.scores(plan)
            except BadInput as error:
                tried = " + ".join(filter(None, (method, aggregation)))
                place = f"{tried}: {error.place}"
                raise BadInput(error.what, error.remedy, place) from error


def with_normalisation(plan: Plan, method: str) -> Plan:
    """The plan with every indicator normalised by `method`."""
    return replace(plan, normalise=dict.fromkeys(plan.normalise, method))


def with_aggregation(plan: Plan, method: str) -> Plan:
    """The plan with every node aggregated by `method`."""
    return replace(plan, aggregate=dict.fromkeys(plan.aggregate, method))


def alternatives_alone(study: Study) -> list[Change]:
    """What each method and each indicator left out does by itself."""
    found = [
        change(name, _methods_title(name, method), study.in_force, study.scores(plan))
        for name, methods, with_method in (
            (NORMALISE, study.normalise, with_normalisation),
            (AGGREGATE, study.aggregate, with_aggregation),
        )
        for method in methods
        if (plan := with_method(study.plan, method)) != study.plan
    ]
    if study.leave_out:
        found.extend(_left_out(study))
    return found


def _methods_title(name: str, method: str) -> Message:
    label = (
        Message("标准化", "normalisation") if name == NORMALISE else Message("汇总", "aggregation")
    )
    return Message(f"{label.zh}：{method}", f"{label.en}: {method}")


def _left_out(study: Study) -> Iterator[Change]:
    for code in study.present:
        weights: Mapping[str, Floats | float] = {**tree_weights(study.plan), code: 0.0}
        scores = study.scores(study.plan, weights)
        name = study.titles.get(code, Message(code, code))
        title = Message(f"去掉{name.zh}", f"without {name.en}")
        yield change(LEFT_OUT, title, study.in_force, scores)
