"""One run: files read, a plan made of them, the units scored; and the same again from its log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from zhiheng.composites.aggregate import FLOORED, PENALTIES
from zhiheng.composites.bounds import read_bounds
from zhiheng.composites.data import Data, read_data
from zhiheng.composites.gates import Gate, read_gates
from zhiheng.composites.normalise import PLACED, RANGED
from zhiheng.composites.plan import Plan, plan_of
from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.result import Result, score
from zhiheng.composites.settings import FILES, Settings, with_nodes
from zhiheng.composites.tables import Table, read_table
from zhiheng.composites.tree import Tree, read_tree
from zhiheng.composites.weight_sets import read_weights
from zhiheng.errors import BadInput, Message


@dataclass(frozen=True)
class Run:
    """What was asked, the digests of the files (by setting), the data and the result."""

    settings: Settings
    digests: Mapping[str, str]
    data: Data
    result: Result
    notes: tuple[Message, ...]


def run(settings: Settings, find: Callable[[str, str], Path] | None = None) -> Run:
    """Score as the settings say.

    `find(setting, name)` gives the path of a file named in the settings (the name itself by
    default). Raises BadInput for whatever is wrong with settings or files.
    """
    where = find or (lambda _, name: Path(name))
    names = {role: getattr(settings, role) for role in FILES}
    tables = {role: read_table(where(role, name)) for role, name in names.items() if name}
    plan = _plan(settings, tables)
    wanted = (*plan.tree.leaves, *(gate.on for gate in plan.gates if gate.use == "raw"))
    data = read_data(tables["data"], wanted)
    result = score(plan, data, settings.decimals())
    digests = {role: table.digest for role, table in tables.items()}
    return Run(settings, digests, data, result, (*_notes(settings, plan, data), *result.notes))


def _plan(settings: Settings, tables: Mapping[str, Table]) -> Plan:
    if settings.weight_set and not settings.weights:
        raise _set_without_table(settings.weight_set)
    if settings.penalty not in PENALTIES:
        raise unknown_method("--penalty", settings.penalty, tuple(PENALTIES))
    bare = read_tree(tables["tree"])
    tree = with_nodes(bare, _weights(settings, tables, bare), settings.nodes)
    return plan_of(
        tree,
        settings.normalise,
        tuple(one.strip() for one in settings.aggregate.split(",")),
        read_bounds(tables["bounds"]) if "bounds" in tables else {},
        settings.scale(),
        settings.least(),
        settings.checked_floor(),
        settings.penalty,
        _gates(tables),
    )


def _weights(settings: Settings, tables: Mapping[str, Table], tree: Tree) -> dict[str, float]:
    if "weights" not in tables:
        return {}
    return read_weights(tables["weights"], tree.codes, settings.weight_set)


def _set_without_table(name: str) -> BadInput:
    return refused(
        "--weight-set",
        (f"要用“{name}”这套权重，却没有权重表。", f"The set {name!r} is in no table of weights."),
        ("用 --weights 给出权重表。", "Name the table by --weights."),
    )


def _gates(tables: Mapping[str, Table]) -> tuple[Gate, ...]:
    return read_gates(tables["gates"]) if "gates" in tables else ()


def _notes(settings: Settings, plan: Plan, data: Data) -> list[Message]:
    """What was given and has no effect."""
    found = []
    methods = set(plan.normalise.values())
    if settings.range and not methods & set(RANGED):
        found.append(_without_effect("--range", methods))
    if settings.mean_sd and "zscore" not in methods:
        found.append(_without_effect("--mean-sd", methods))
    if settings.bounds and not methods & set(PLACED):
        found.append(_without_effect("--bounds", methods))
    found.extend(_unused(settings, set(plan.aggregate.values())))
    found.extend(_named(plan.tree, plan, data))
    return found


def _unused(settings: Settings, methods: set[str]) -> list[Message]:
    found = []
    if settings.floor is not None and not methods & set(FLOORED):
        found.append(_without_effect("--floor", methods))
    if settings.penalty != "negative" and "mazziotta-pareto" not in methods:
        found.append(_without_effect("--penalty", methods))
    return found


def _without_effect(option: str, methods: set[str]) -> Message:
    used = ", ".join(sorted(methods))
    return Message(f"{option} 对 {used} 不起作用。", f"{option} has no effect on {used}.")


def _named(tree: Tree, plan: Plan, data: Data) -> list[Message]:
    found = []
    lost = ", ".join(code for code in plan.bounds if code not in tree.leaves)
    if lost:
        found.append(
            Message(f"界值表中不是指标的代码已忽略：{lost}。", f"Bounds of no indicator: {lost}.")
        )
    turned = ", ".join(code for code in tree.children if tree.by_code[code].direction < 0)
    if turned:
        found.append(
            Message(
                f"汇总节点的方向不起作用：{turned}。",
                f"The direction of an aggregate has no effect: {turned}.",
            )
        )
    shadowed = ", ".join(code for code in data.ignored if code in tree.children)
    if shadowed:
        found.append(
            Message(
                f"数据中的 {shadowed} 是指标树的汇总节点，由下级计算，数据栏已忽略。",
                f"{shadowed}: computed from the tree; the columns of that name are ignored.",
            )
        )
    return found
