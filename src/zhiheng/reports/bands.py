"""Reference intervals: a score read against fixed cut points instead of against other courts."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import msgspec
import yaml

from zhiheng.language import Translate
from zhiheng.scoring.results import Score


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the cut points were taken from."""

    document: str
    place: str


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cut points (ascending, 0-100) and the coverage (0-1) below which a band is thin."""

    cuts: tuple[float, ...]
    low_coverage: float
    cites: Citation
    reason: dict[str, str]


@dataclass(frozen=True)
class Band:
    """One interval: `rank` counts from the lowest (0); `name` is its range in words."""

    rank: int
    name: str


@cache
def bands() -> Bands:
    """The reference intervals, from data."""
    text = resources.files("zhiheng.reports").joinpath("data/bands.yaml").read_text("utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), Bands)


def all_bands(_: Translate) -> list[Band]:
    """Every interval, the highest first."""
    cuts = bands().cuts
    names = [_("below {high:g}").format(high=cuts[0])]
    names += [
        _("{low:g} to below {high:g}").format(low=low, high=high) for low, high in pairwise(cuts)
    ]
    names.append(_("{low:g} and above").format(low=cuts[-1]))
    return [Band(rank, name) for rank, name in enumerate(names)][::-1]


def band_rank(value: float) -> int:
    """Which interval `value` lies in, counted from the lowest; a cut point opens the upper one.

    The value is taken as printed (one decimal), so that no reader sees "90.0" below 90.
    """
    return bisect_right(bands().cuts, round(value, 1))


def band_of(score: Score, _: Translate) -> Band | None:
    """The interval of `score`; None where there is no value."""
    if score.value is None:
        return None
    rank = band_rank(score.value)
    return next(band for band in all_bands(_) if band.rank == rank)


def is_thin(score: Score) -> bool:
    """Whether too little of the weight has data for the score to stand for the whole."""
    return score.value is not None and score.coverage < bands().low_coverage
