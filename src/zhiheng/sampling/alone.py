"""A court drawn before its files: given that it was, its files are a draw of their own.

As a domain of the whole draw it would be one unit of the first stage, which shows no variance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiheng.sampling.arrays import Codes, Flags, Floats
from zhiheng.sampling.design import Design, design_of
from zhiheng.sampling.readings import Readings, kept


def drawn_alone(design: Design, inside: Flags) -> Design | None:
    """The design of the files `inside` where they are a draw by themselves: whole strata, or one
    unit of the first stage (given that it was drawn). None where they share a draw with others.
    """
    if design.cells is not None:
        return None
    lots, there = _lots(design)
    own, strata = lots[inside], len(design.stages[0].names)
    several = bool((own >= strata).any()) and len(np.unique(own)) > 1
    if several or np.isin(lots[~inside], own).any():
        return None
    return design_of(
        len(own),
        weights=design.weights[inside] if (own < strata).all() else None,
        strata=own,
        population=there[inside],
        lonely=design.lonely,
    )


def _lots(design: Design) -> tuple[Codes, Floats]:
    """Of every file the simple draw it comes from, and how many files that has: its stratum, or
    the unit that was drawn before it (numbered after the strata)."""
    first = design.stages[0]
    stratum = first.group[first.unit]
    if len(design.stages) == 1:
        return stratum, first.population[stratum]
    within = design.stages[1].population[first.unit]
    # A file that was drawn by itself is a unit of one.
    units_first = np.zeros(len(first.names), np.bool_)
    np.logical_or.at(units_first, stratum, within > 1)
    behind = units_first[stratum]
    lot = np.where(behind, len(first.names) + first.unit, stratum)
    return lot, np.where(behind, within, first.population[stratum])


def court_alone(found: Readings, inside: Flags) -> Readings | None:
    """The readings of a court that was drawn before its files, with their own design; None for
    any other domain, which the whole design serves."""
    design = drawn_alone(found.design, inside) if len(found.design.stages) > 1 else None
    if design is None:
        return None
    flags = {name: getattr(found, name)[inside] for name in ("yes", "applies", "asked")}
    rows = np.flatnonzero(inside).tolist()
    return replace(found, sampled=kept(found.sampled, rows), design=design, **flags)
