"""The tree of an index: which code stands below which, with what weight and direction."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from zhiheng.composites.aggregate import METHODS as AGGREGATIONS
from zhiheng.composites.normalise import METHODS as NORMALISATIONS
from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.spellings import DIRECTIONS, KINDS, NO_PARENT
from zhiheng.composites.tables import Row, Table

T = TypeVar("T")
RESERVED = "unit"


@dataclass(frozen=True)
class Node:
    """One code of a tree.

    `weight` is relative among siblings; `direction` is 1 or -1; `normalise` and `aggregate` are
    methods of this node alone ("" for the plan's); `place` says where it was defined.
    """

    code: str
    parent: str
    weight: float = 1.0
    direction: int = 1
    unit: str = ""
    kind: str = ""
    normalise: str = ""
    aggregate: str = ""
    place: str = ""


@dataclass(frozen=True)
class Tree:
    """Nodes in the order of their table, known to be one sound tree (see `tree_of`)."""

    nodes: tuple[Node, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the table."""
        return tuple(node.code for node in self.nodes)

    @cached_property
    def by_code(self) -> dict[str, Node]:
        """Code → node."""
        return {node.code: node for node in self.nodes}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Code of an aggregate → the codes directly below it, in the order of the table."""
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node.code)
        return {parent: tuple(codes) for parent, codes in found.items() if parent}

    @cached_property
    def root(self) -> str:
        """The code without a parent."""
        return next(node.code for node in self.nodes if not node.parent)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The indicators, in the order of the table."""
        return tuple(code for code in self.codes if code not in self.children)

    @cached_property
    def heights(self) -> dict[str, int]:
        """Steps from a node down to its deepest indicator; an indicator has 0."""
        found: dict[str, int] = {}
        for code in reversed(self.downward):
            below = (found[child] for child in self.children.get(code, ()))
            found[code] = 1 + max(below, default=-1)
        return found

    @cached_property
    def downward(self) -> tuple[str, ...]:
        """Every code, each after its parent."""
        found = [self.root]
        for code in found:
            found.extend(self.children.get(code, ()))
        return tuple(found)


def read_tree(table: Table) -> Tree:
    """The tree of a table with the columns code, parent and, where wanted, weight, direction, unit,
    kind, normalise, aggregate. Raises BadInput naming the row of whatever makes it no tree."""
    table.need("code", "parent")
    codes = {table.cell(row, "code") for row in table.rows}
    return tree_of((_node(table, row, codes) for row in table.rows), table.name)


def tree_of(nodes: Iterable[Node], place: str = "") -> Tree:
    """The tree of the nodes.

    Raises BadInput: a code given twice, an unknown parent, no root or several, a cycle, a branch
    whose weights are all 0, a `kind` or method that does not fit the node's place.
    """
    tree = Tree(tuple(nodes))
    _refuse_twice(tree)
    _refuse_unknown_parents(tree)
    _refuse_roots(tree, place)
    _refuse_cycle(tree)
    _refuse_misplaced(tree)
    refuse_empty_branches(tree)
    return tree


def _node(table: Table, row: Row, codes: Set[str]) -> Node:
    place = table.place(row.number)
    code = table.cell(row, "code")
    if code in ("", RESERVED):
        raise refused(
            place,
            (f"该行没有 code，或用了“{RESERVED}”。", f"The row has no code, or {RESERVED!r}."),
            (
                f"给每个节点一个代码；“{RESERVED}”是输出表首栏的栏名。",
                f"Give every node a code; {RESERVED!r} heads the first column of every output.",
            ),
        )
    return Node(
        code,
        _parent(table.cell(row, "parent"), codes),
        weight_in(table, row, "weight", 1.0),
        _known(DIRECTIONS, table, row, "direction"),
        table.cell(row, "unit"),
        _known(KINDS, table, row, "kind"),
        _method(NORMALISATIONS, table, row, "normalise"),
        _method(AGGREGATIONS, table, row, "aggregate"),
        place,
    )


def _parent(word: str, codes: Set[str]) -> str:
    return "" if word.casefold() in NO_PARENT and word not in codes else word


def weight_in(table: Table, row: Row, heading: str, default: float) -> float:
    """A weight of at least 0; `default` where the cell is empty. Raises BadInput."""
    weight = table.number(row, heading)
    if weight < 0:
        raise refused(
            table.place(row.number),
            (f"权重 {weight:g} 为负。", f"The weight {weight:g} is negative."),
            (
                "权重不小于0；方向相反的指标用 direction。",
                "Use weights of at least 0; `direction` turns an indicator round.",
            ),
        )
    return default if weight != weight else weight


def _known(spellings: dict[str, T], table: Table, row: Row, heading: str) -> T:
    word = table.word(row, heading)
    found = spellings.get(word.casefold())
    if found is None:
        known = tuple(one for one in spellings if one)
        raise unknown_method(table.place(row.number), word, known, heading)
    return found


def _method(known: tuple[str, ...], table: Table, row: Row, heading: str) -> str:
    word = table.word(row, heading)
    if word and word not in known:
        raise unknown_method(table.place(row.number), word, known, heading)
    return word


def _refuse_twice(tree: Tree) -> None:
    seen: dict[str, Node] = {}
    for node in tree.nodes:
        if node.code in seen:
            first = seen[node.code].place
            raise refused(
                node.place,
                (f"代码“{node.code}”重复（见 {first}）。", f"{node.code!r} stands at {first} too."),
                ("每个代码只写一行。", "Give every code one row."),
            )
        seen[node.code] = node


def _refuse_unknown_parents(tree: Tree) -> None:
    for node in tree.nodes:
        if node.parent and node.parent not in tree.by_code:
            raise refused(
                node.place,
                (
                    f"“{node.code}”的上级“{node.parent}”不在表中。",
                    f"{node.code!r} has the parent {node.parent!r}, which is not in the table.",
                ),
                ("更正上级，或补上该行。", "Correct the parent, or add its row."),
            )


def _refuse_roots(tree: Tree, place: str) -> None:
    roots = [node.code for node in tree.nodes if not node.parent]
    if len(roots) != 1 or len(tree.nodes) == 1:
        named = ", ".join(roots)
        raise refused(
            place,
            (
                f"应有一个根节点（parent 为空）且其下有指标，现有{len(roots)}个根：{named}。",
                f"One root (no parent) with indicators below it is needed; there are {len(roots)}:"
                f" {named}.",
            ),
            ("只让总指数的 parent 为空。", "Leave the parent empty for the index itself only."),
        )


def _refuse_cycle(tree: Tree) -> None:
    reached = set(tree.downward)
    lost = [code for code in tree.codes if code not in reached]
    if lost:
        ring = " → ".join(_ring(tree, lost[0]))
        raise refused(
            tree.by_code[lost[0]].place,
            (f"上级关系成环：{ring}。", f"The parents form a cycle: {ring}."),
            ("更正其中一个 parent。", "Correct one of the parents."),
        )


def _ring(tree: Tree, start: str) -> list[str]:
    way = [start]
    while tree.by_code[way[-1]].parent not in way:
        way.append(tree.by_code[way[-1]].parent)
    closing = tree.by_code[way[-1]].parent
    return [*way[way.index(closing) :], closing]


def _refuse_misplaced(tree: Tree) -> None:
    for node in tree.nodes:
        kind, other = ("aggregate", "normalise") if node.code in tree.children else (
            "indicator", "aggregate")  # fmt: skip
        if (node.kind and node.kind != kind) or getattr(node, other):
            said = getattr(node, other) or node.kind
            raise refused(
                node.place,
                (
                    f"“{node.code}”按上下级关系是 {kind}，与“{said}”不符。",
                    f"{node.code!r} is an {kind} by its place in the tree; {said!r} does not fit.",
                ),
                (
                    "有下级的是 aggregate（可写 aggregate 方法），没有下级的是 indicator"
                    "（可写 normalise 方法）。",
                    "With children: an aggregate (it may name an aggregation). Without: an"
                    " indicator (it may name a normalisation).",
                ),
            )


def refuse_empty_branches(tree: Tree) -> None:
    """Raises BadInput for a node below which every weight is 0."""
    for parent, codes in tree.children.items():
        if not any(tree.by_code[code].weight for code in codes):
            raise refused(
                tree.by_code[parent].place,
                (
                    f"“{parent}”的下级权重全为0。",
                    f"All weights below {parent!r} are 0.",
                ),
                ("至少给一个下级正的权重。", "Give at least one child a positive weight."),
            )
