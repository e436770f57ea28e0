"""Several works that count, done on a checked part at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhiheng.checks.kept import Counting
from zhiheng.checks.run import Checked
from zhiheng.law.model import Law
from zhiheng.law.order import in_order


@dataclass(frozen=True, eq=False)
class Counts:
    """Works, and the duties each of them counts (members before their composites)."""

    works: Sequence[Counting[Any]]
    duties: Sequence[tuple[str, ...]]

    @classmethod
    def of(cls, law: Law, works: Sequence[Counting[Any]]) -> Counts:
        """Works with their duties and the members of these."""
        return cls(works, [tuple(duty.id for duty in in_order(law, work.only)) for work in works])

    @property
    def only(self) -> list[str]:
        """The duties that anyone counts."""
        return list(dict.fromkeys(name for each in self.duties for name in each))

    def __call__(self, checked: Checked) -> list[Any]:
        """The result of every work."""
        return [
            work(checked.only(duties)) for work, duties in zip(self.works, self.duties, strict=True)
        ]

    def total(self, plus: Sequence[list[Any]], minus: Sequence[list[Any]] = ()) -> list[Any]:
        """Of every work the sum of its results on cases, less that of its results on others."""
        return [
            work.total([each[n] for each in plus], [each[n] for each in minus])
            for n, work in enumerate(self.works)
        ]
