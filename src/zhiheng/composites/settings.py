"""What one run of the index engine was asked for, as data that can be kept and asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import msgspec

from zhiheng.composites.normalise import Scale
from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.tables import LARGEST
from zhiheng.composites.tree import Node, Tree, tree_of

FILES = ("tree", "data", "bounds", "weights", "gates")
"""The settings that name a file."""
OF_NODES = ("weight", "normalise", "aggregate")
"""What can be set for one code, as `weight.CODE`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every argument of a run, as the user wrote it; "" for what was not asked.

    `range` and `mean_sd` are two numbers; `rank_decimals` rounds scores before they are ranked;
    `nodes` maps `weight.CODE`, `normalise.CODE` and `aggregate.CODE` to what replaces the tree's.
    """

    tree: str
    data: str
    bounds: str = ""
    weights: str = ""
    gates: str = ""
    weight_set: str = ""
    normalise: str = "minmax"
    aggregate: str = "arithmetic"
    range: tuple[float, float] | None = None
    mean_sd: tuple[float, float] | None = None
    availability: str = "0"
    floor: float | None = None
    penalty: str = "negative"
    rank_decimals: int | None = None
    nodes: dict[str, str] = {}

    def scale(self) -> Scale:
        """Where the scales lie. Raises BadInput where an end is no number or they are swapped."""
        low, high = self.range or (0.0, 100.0)
        mean, sd = self.mean_sd or (0.0, 1.0)
        if not (
            low < high and sd > 0 and all(abs(one) <= LARGEST for one in (low, high, mean, sd))
        ):
            raise refused(
                "--range, --mean-sd",
                ("两端必须由小到大，标准差必须为正。", "Low must be below high, sd above 0."),
                ("例如 --range 0 100。", "For instance --range 0 100."),
            )
        return Scale(low, high, mean, sd)

    def decimals(self) -> int | None:
        """The decimals scores are rounded to. Raises BadInput where a double has not as many."""
        if self.rank_decimals is not None and not -15 <= self.rank_decimals <= 15:
            raise refused(
                "--rank-decimals",
                (
                    f"{self.rank_decimals} 不在 -15 到 15 之间。",
                    f"{self.rank_decimals} is not from -15 to 15.",
                ),
                ("例如 --rank-decimals 3。", "For instance --rank-decimals 3."),
            )
        return self.rank_decimals

    def least(self) -> Fraction:
        """The share of children a node needs, exactly as it was written. Raises BadInput."""
        try:
            share = Fraction(self.availability)
        except (ValueError, ZeroDivisionError):
            share = Fraction(-1)
        if not 0 <= share <= 1:
            raise refused(
                "--availability",
                (f"“{self.availability}”不是0到1之间的数。", f"{self.availability!r} is not 0..1."),
                ("写成 0.6 或 2/3。", "Write 0.6 or 2/3."),
            )
        return share

    def checked_floor(self) -> float | None:
        """The floor. Raises BadInput where it is not above 0."""
        if self.floor is not None and not 0 < self.floor <= LARGEST:
            raise refused(
                "--floor",
                ("抬高的下限必须大于0。", "The floor has to be above 0."),
                ("例如 --floor 1。", "For instance --floor 1."),
            )
        return self.floor


def changed(settings: Settings, changes: list[str]) -> Settings:
    """The settings with `name=value` changes, e.g. `normalise=zscore`, `weight.health=0.3`.

    Raises BadInput for a name that does not exist or a value that does not fit it.
    """
    raw = msgspec.to_builtins(settings)
    for change in changes:
        name, sign, value = (part.strip() for part in change.partition("="))
        head, dot, code = name.partition(".")
        if sign and dot and head in OF_NODES and code:
            raw["nodes"] = {**raw["nodes"], name: value}
        elif sign and name in raw and name not in (*FILES, "nodes"):
            raw[name] = value.replace(",", " ").split() if name in ("range", "mean_sd") else value
        else:
            known = [one for one in raw if one not in (*FILES, "nodes")]
            raise unknown_method(
                "--set",
                change,
                (*(f"{one}=…" for one in known), *(f"{w}.CODE=…" for w in OF_NODES)),
            )
    return converted(raw, "--set")


def converted(raw: object, place: str) -> Settings:
    """Plain data as settings. Raises BadInput."""
    try:
        return msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise refused(
            place,
            (f"参数值不合要求（{error}）。", f"A value does not fit its argument ({error})."),
            ("检查参数名和值。", "Check its name and value."),
        ) from error


def with_nodes(tree: Tree, weights: Mapping[str, float], nodes: Mapping[str, str]) -> Tree:
    """The tree with the weights of a set, then with what was set for single codes.

    Raises BadInput for an unknown code, a weight that is none, and what `tree_of` raises.
    """
    found = dict(tree.by_code)
    for code, weight in weights.items():
        found[code] = replace(_node(found, code, "--weights"), weight=weight)
    for name, value in nodes.items():
        what, _, code = name.partition(".")
        found[code] = _with(_node(found, code, name), what, value, name)
    return tree_of(found.values(), "tree")


def _node(nodes: Mapping[str, Node], code: str, place: str) -> Node:
    if code not in nodes:
        raise refused(
            place,
            (f"指标树中没有“{code}”。", f"There is no {code!r} in the tree."),
            ("更正代码。", "Correct the code."),
        )
    return nodes[code]


def _with(node: Node, what: str, value: str, place: str) -> Node:
    if what == "normalise":
        return replace(node, normalise=value, place=place)
    if what == "aggregate":
        return replace(node, aggregate=value, place=place)
    try:
        weight = float(value)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= LARGEST:
        raise refused(
            place,
            (f"“{value}”不是不小于0的权重。", f"{value!r} is no weight of at least 0."),
            ("写一个数，如 0.3。", "Write a number, like 0.3."),
        )
    return replace(node, weight=weight)
