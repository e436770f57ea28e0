"""How far the ranks of a level's courts move with other weights, choices and data."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.sensitivity.alone import Change
from zhiheng.sensitivity.analysis import Analysis
from zhiheng.sensitivity.factors import Floats


@dataclass(frozen=True, eq=False)
class SetMoved:
    """The replays of one level: root scores in force (courts,), what was varied together ("method",
    "data", "both"), and what each alternative does by itself."""

    level: str
    courts: tuple[str, ...]
    in_force: Floats
    analyses: tuple[Analysis, ...]
    alone: tuple[Change, ...]
