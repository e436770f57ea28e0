"""What the tests need of the cases that stand beside the law."""

from __future__ import annotations

from zhiheng.checks.cases import day_of, facts, frame_of, judged_members, minute_of
from zhiheng.records.catalogue import node_named

__all__ = ["day_of", "facts", "frame_of", "is_node", "judged_members", "minute_of"]


def is_node(name: str) -> bool:
    """Whether a name of a case means a node, of whomever."""
    return node_named(name) is not None
