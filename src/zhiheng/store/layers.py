"""Which cases of a store are laid out together: layers of batches, newest on top.

A batch that adds to cases or brings new ones does not touch what was laid out before: its cases
are laid out again, whole, in a layer of their own, and the layers below pass them over. Layers of
like size are merged, so that there are few (their number grows with the logarithm of the batches)
and a record is laid out again seldom.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.store.manifest import Batch, Manifest

MERGED_BELOW = 2
"""A layer is merged with the one above unless it has at least so many times as many rows."""


@dataclass(frozen=True)
class Layer:
    """The cases that batches `first` to `last` (positions in the manifest, both included) touch,
    as they stood after batch `last`. The first layer has all cases of its batches."""

    first: int
    last: int
    rows: int


def layers(manifest: Manifest) -> tuple[Layer, ...]:
    """The layers of a store, lowest first. Each batch is in just one."""
    found: list[Layer] = []
    for position, batch in enumerate(manifest.batches):
        found.append(Layer(position, position, _rows(batch)))
        while len(found) > 1 and found[-2].rows < MERGED_BELOW * found[-1].rows:
            above, below = found.pop(), found.pop()
            found.append(Layer(below.first, above.last, below.rows + above.rows))
    return tuple(found)


def _rows(batch: Batch) -> int:
    return sum(table.rows for table in batch.tables.values())
