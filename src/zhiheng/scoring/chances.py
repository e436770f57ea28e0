"""The chance that a court keeps a line, from the files of it that were read."""

from __future__ import annotations

from math import floor

from scipy.stats import beta

from zhiheng.inference.chances import JEFFREYS, chance_of_share
from zhiheng.scoring.readings import Read


def chance_of_line(read: Read, at_least: float | None, at_most: float | None) -> float | None:
    """P(the court's true percentage lies within the line's threshold) given what was read.

    Jeffreys' prior: over the files not read where every file weighs the same (and where the line
    asks for every file), else by the beta law with the effective size of the sample. None where
    nothing applied or there is no threshold.
    """
    if read.applies == 0 or (at_least is None and at_most is None):
        return None
    above = 1.0 if at_least is None else _reaches(read, at_least / 100)
    beyond = 0.0 if at_most is None else _exceeds(read, at_most / 100)
    return max(above - beyond, 0.0)


def _reaches(read: Read, line: float) -> float:
    if read.plain or line >= 1:
        return chance_of_share(line, read.yes, read.applies, _applicable(read))
    size = _size(read)
    value = read.share.value
    return float(beta.sf(line, size * value + JEFFREYS, size * (1 - value) + JEFFREYS))


def _exceeds(read: Read, line: float) -> float:
    """P(the share lies above the line)."""
    if not read.plain:
        return _reaches(read, line)
    files = _applicable(read)
    # The next share that so many files can have.
    return chance_of_share(
        (floor(round(line * files, 9)) + 1) / files, read.yes, read.applies, files
    )


def _applicable(read: Read) -> int:
    """How many files of the court the item applies to, as the sample has it."""
    return max(round(read.applies * read.there / read.read), read.applies)


def _size(read: Read) -> float:
    value, variance = read.share.value, read.share.variance
    if read.share.at_edge or not variance > 0:
        return read.share.kish
    return float(value * (1 - value) / variance)
