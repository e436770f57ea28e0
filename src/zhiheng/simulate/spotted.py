"""What screens have to find: counts by court of every defect that is in the data."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from zhiheng.simulate.world import Ints


@dataclass
class Spotted:
    """Counts by (screen, detail): an array over the courts each."""

    courts: int
    counts: dict[tuple[str, str], Ints] = field(default_factory=dict)

    def enter(self, screen: str, detail: str, court: Ints) -> None:
        """Count rows, given the court (its position) of each."""
        found = np.bincount(court, minlength=self.courts).astype(np.int64)
        key = (screen, detail)
        self.counts[key] = self.counts.get(key, np.zeros(self.courts, np.int64)) + found

    def table(self, codes: tuple[str, ...]) -> pa.Table:
        """Court, screen, detail, count; sorted, without zeros."""
        rows = sorted(
            (codes[position], screen, detail, int(count))
            for (screen, detail), counts in self.counts.items()
            for position, count in enumerate(counts)
            if count
        )
        names = ("court", "screen", "detail", "count")
        types = (pa.string(), pa.string(), pa.string(), pa.int64())
        return pa.table(
            {
                name: pa.array([row[place] for row in rows], kind)
                for place, (name, kind) in enumerate(zip(names, types, strict=True))
            }
        )
