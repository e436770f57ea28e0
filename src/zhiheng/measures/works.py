"""Two works on a checked part at once, so that it is checked only once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from zhiheng.checks.over_parts import Work
from zhiheng.checks.run import Checked

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Both(Generic[A, B]):
    """The results of two works."""

    first: Work[A]
    second: Work[B]

    def __call__(self, checked: Checked) -> tuple[A, B]:
        """Both results."""
        return self.first(checked), self.second(checked)
