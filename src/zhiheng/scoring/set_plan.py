"""An edition's set as a plan of the general index engine: one arithmetic under both."""

from __future__ import annotations

from functools import lru_cache

from zhiheng.composites.plan import Plan, plan_of
from zhiheng.composites.tree import Node, Tree
from zhiheng.indexes.model import IndexSet

TOTAL = "total"
"""The code of the root, which is called "" among scores."""


@lru_cache(maxsize=32)
def plan_of_set(index: IndexSet) -> Plan:
    """The tree and weights of a set, its leaves taken as they are, nodes as weighted means."""
    nodes = [Node(TOTAL, "")]
    nodes += [
        Node(node.indicator.id, node.parent or TOTAL, node.indicator.weight)
        for node in index.walk()
    ]
    return plan_of(Tree(tuple(nodes)), normalise="none", aggregate=("arithmetic",))


def code_of(node: str) -> str:
    """The code in the plan of a node's id among scores."""
    return node or TOTAL
