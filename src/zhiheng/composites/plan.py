"""A plan: everything that decides a score except the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from zhiheng.composites.aggregate import METHODS as AGGREGATIONS
from zhiheng.composites.bounds import Bounds
from zhiheng.composites.gates import Gate
from zhiheng.composites.normalise import METHODS as NORMALISATIONS
from zhiheng.composites.normalise import RANGED, Scale
from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.tree import Tree


@dataclass(frozen=True)
class Plan:
    """A tree with the methods that turn data into scores.

    `normalise` and `aggregate`: code → method, complete (see `plan_of`). `availability`: the share
    of its children a node needs (0 to 1). `floor`: see `combine`.
    """

    tree: Tree
    normalise: Mapping[str, str]
    aggregate: Mapping[str, str]
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    scale: Scale = field(default_factory=Scale)
    availability: Fraction = Fraction(0)
    floor: float | None = None
    penalty: str = "negative"
    gates: tuple[Gate, ...] = ()

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Codes so that each comes after its children and after the scores its gates look at."""
        # Lists, not sets: the order must not hang on how a run hashes its strings.
        before = {code: list(self.tree.children.get(code, ())) for code in self.tree.codes}
        for gate in self.gates:
            if gate.use == "score" and gate.on != gate.node:
                before[gate.node].append(gate.on)
        return tuple(TopologicalSorter(before).static_order())

    @cached_property
    def gates_of(self) -> dict[str, tuple[Gate, ...]]:
        """Code → the gates that may change its score, in their order."""
        found: dict[str, list[Gate]] = {}
        for gate in self.gates:
            found.setdefault(gate.node, []).append(gate)
        return {node: tuple(gates) for node, gates in found.items()}


def plan_of(
    tree: Tree,
    normalise: str = "minmax",
    aggregate: Sequence[str] = ("arithmetic",),
    bounds: Mapping[str, Bounds] | None = None,
    scale: Scale | None = None,
    availability: Fraction = Fraction(0),
    floor: float | None = None,
    penalty: str = "negative",
    gates: tuple[Gate, ...] = (),
) -> Plan:
    """The plan with one method for every node: the node's own, else the general one.

    `aggregate`: one name, or one a level from the lowest up; the level of a node is its height.
    Raises BadInput: an unknown method, a wrong number of them, an indicator without the bounds its
    method needs, a gate on something unknown, gates that wait for each other.
    """
    plan = Plan(
        tree,
        _normalisations(tree, normalise),
        _aggregations(tree, aggregate),
        bounds or {},
        scale or Scale(),
        availability,
        floor,
        penalty,
        gates,
    )
    refuse_missing_bounds(plan)
    _refuse_gates(plan)
    return plan


def _normalisations(tree: Tree, general: str) -> dict[str, str]:
    if general not in NORMALISATIONS:
        raise unknown_method("--normalise", general, NORMALISATIONS)
    return {code: tree.by_code[code].normalise or general for code in tree.leaves}


def _aggregations(tree: Tree, names: Sequence[str]) -> dict[str, str]:
    for name in names:
        if name not in AGGREGATIONS:
            raise unknown_method("--aggregate", name, AGGREGATIONS)
    levels = tree.heights[tree.root]
    if len(names) not in (1, levels):
        raise _wrong_levels(tree, levels, len(names))
    by_level = list(names) * levels if len(names) == 1 else list(names)
    return {
        code: tree.by_code[code].aggregate or by_level[tree.heights[code] - 1]
        for code in tree.codes
        if code in tree.children
    }


def _wrong_levels(tree: Tree, levels: int, given: int) -> Exception:
    named = "; ".join(
        f"{level}: " + ", ".join(code for code in tree.codes if tree.heights[code] == level)
        for level in range(1, levels + 1)
    )
    return refused(
        "--aggregate",
        (
            f"给了{given}种方法，指标树有{levels}层（{named}）。",
            f"{given} methods were named; the tree has {levels} levels ({named}).",
        ),
        (
            "写一种方法，或从最低层到根每层一种，用逗号隔开。",
            "Name one method, or one a level from the lowest up to the root, separated by commas.",
        ),
    )


def refuse_missing_bounds(plan: Plan) -> None:
    """Raises BadInput for an indicator without the bounds its method needs."""
    for code, method in plan.normalise.items():
        limits = plan.bounds.get(code, Bounds())
        target = limits.target_for(plan.tree.by_code[code].direction)
        needed = {"goalposts": limits.lower + limits.upper, "target": target}.get(method, 0.0)
        if needed != needed:
            wanted = "target" if method == "target" else "lower, upper"
            raise refused(
                "--bounds",
                (
                    f"指标“{code}”用 {method}，但没有界值（{wanted}）。",
                    f"The indicator {code!r} uses {method} and has no bounds ({wanted}).",
                ),
                ("在界值表中补上该指标。", "Add the indicator to the table of bounds."),
            )


def _refuse_gates(plan: Plan) -> None:
    known = plan.tree.by_code
    for gate in plan.gates:
        if gate.node not in known or (gate.use == "score" and gate.on not in known):
            lost = gate.on if gate.node in known else gate.node
            raise refused(
                gate.place,
                (f"指标树中没有“{lost}”。", f"There is no {lost!r} in the tree."),
                ("更正代码。", "Correct the code."),
            )
        if gate.effect == "veto" and gate.value != gate.value:
            _refuse_veto_without_end(plan, gate)
    try:
        _ = plan.order
    except CycleError as error:
        ring = " → ".join(error.args[1])
        raise refused(
            plan.gates[0].place,
            (f"门槛互相等待：{ring}。", f"The gates wait for each other: {ring}."),
            (
                "门槛不能取决于其上级的得分；改用原始数值（use=raw）。",
                "A gate cannot hang on a score above its node; use the raw figure (use=raw).",
            ),
        ) from error


def _refuse_veto_without_end(plan: Plan, gate: Gate) -> None:
    """A z-score has no lower end: 0 would be the average."""
    below = [gate.node]
    for code in below:
        below.extend(plan.tree.children.get(code, ()))
    if any(plan.normalise.get(code) == "zscore" for code in below):
        raise refused(
            gate.place,
            (
                "标准分没有最低值，一票否决须写明 value。",
                "Z-scores have no lowest value: this veto has to name its value.",
            ),
            ("在门槛表中填 value。", "Fill in the column `value`."),
        )


def veto_value(plan: Plan, gate: Gate) -> float:
    """What a vetoed node becomes: the gate's value, else the lower end of the scale (0 where no
    indicator is placed on the scale's range)."""
    if gate.value == gate.value:
        return gate.value
    return plan.scale.low if any(m in RANGED for m in plan.normalise.values()) else 0.0
