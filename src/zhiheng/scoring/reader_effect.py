"""What reviewers themselves add to the error of a court's items: strict ones are strict on every
file they read, and more files do not make that smaller.

The variance between reviewers is estimated of each item from the files read twice; a court's share
then has, on top of the sampling variance, σ_b² (Σ m_g² / n² - 1/n) with m_g of its n files read by
reviewer g (Hansen, Hurwitz and Bershad 1961; see `sampling.agreement_effect`). What a reviewer does
on one item is taken to be independent of what the same reviewer does on another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from zhiheng.sampling.agreement import MISSING
from zhiheng.sampling.agreement_report import effect_of
from zhiheng.sampling.arrays import Floats
from zhiheng.sampling.ratings import NOT_APPLICABLE, Item, Rating, items_of

Added = Mapping[tuple[str, str], float]
"""Court and item → variance that reviewers add to the court's share (0-1, squared)."""


def added_by_readers(ratings: Iterable[Rating], court_of: Mapping[str, str]) -> Added:
    """What reviewers add, by court and item. `court_of`: file → court; other files still tell how
    reviewers differ. Items of which too few files were read twice are left out."""
    found: dict[tuple[str, str], float] = {}
    for item in items_of(ratings):
        effect = effect_of(item)
        if effect is not None:
            loads = _loads(item, court_of)
            found |= {(c, item.name): _added(effect.between, m) for c, m in loads.items()}
    return found


def _loads(item: Item, court_of: Mapping[str, str]) -> dict[str, Floats]:
    """Court → how many of its files each reviewer read; one read by two counts half for each."""
    out = [place for place, name in enumerate(item.categories) if name == NOT_APPLICABLE]
    given = (item.codes != MISSING) & ~np.isin(item.codes, out)
    shares = given / np.maximum(given.sum(axis=1), 1)[:, None]
    found: dict[str, Floats] = {}
    for file, row in zip(item.files, shares, strict=True):
        court = court_of.get(file)
        if court is not None and row.any():
            found[court] = found.get(court, np.zeros(len(row))) + row
    return found


def _added(between: float, loads: Floats) -> float:
    n = float(loads.sum())
    return max(between * (float((loads**2).sum()) / n**2 - 1 / n), 0.0)
