"""How people write a direction, a kind, and that there is no parent."""

from __future__ import annotations

DIRECTIONS = {
    **dict.fromkeys(
        ("", "positive", "pos", "higher", "up", "1", "1.0", "+1", "+", "正", "正向"), 1
    ),
    **dict.fromkeys(
        ("negative", "neg", "lower", "down", "-1", "-1.0", "-", "−1", "−", "负", "负向", "逆向"), -1
    ),
}
"""Spelling, in lower case → 1 where more is better, -1 where less is."""
KINDS = {
    # A node may be either: the word claims nothing.
    **dict.fromkeys(("", "node", "节点"), ""),
    **dict.fromkeys(("indicator", "leaf", "指标"), "indicator"),
    **dict.fromkeys(("aggregate", "index", "root", "汇总"), "aggregate"),
}
"""Spelling, in lower case → indicator, aggregate or "" for no claim."""
NO_PARENT = ("", "-", "—", "na", "n/a", "nan", "none", "null", "无")
"""What stands for no parent, in lower case, unless it is a code of the tree."""
