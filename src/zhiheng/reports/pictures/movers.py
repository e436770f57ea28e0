"""What moves a result most: a bar a factor, as long as its total index, the first-order part
filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from zhiheng.reports.pictures.scale import FOOT, HEAD, NAMES, ROW, WIDTH, Label, Scale, label_of

_LEFT, _RIGHT = 500.0, WIDTH - 20
_STEP = 0.2


@dataclass(frozen=True)
class Factor:
    """A factor with its indices, and how they are written; NaN where nothing varied."""

    title: str
    text: str
    first: float
    total: float


@dataclass(frozen=True)
class Mover:
    """A row: the bar as `wide` as the total index, of which `filled` is the factor by itself."""

    of: Factor
    label: Label
    y: float
    filled: float
    wide: float


@dataclass(frozen=True)
class Movers:
    """A figure of factors, what moves most first."""

    height: float
    scale: Scale
    rows: tuple[Mover, ...]


def movers(factors: Sequence[Factor]) -> Movers:
    """The bars of factors. Indices are estimates: a part below 0 has no bar, one above the whole
    fills it; the numbers beside say what was found."""
    ordered = sorted(factors, key=lambda one: -_known(one.total))
    most = max((_known(one.total) for one in ordered), default=0.0)
    top = 1.0 if most <= 1.0 else _STEP * -(-most // _STEP)
    scale = Scale(0.0, top, _STEP, _LEFT, _RIGHT)
    rows = tuple(_row(one, at, scale) for at, one in enumerate(ordered))
    return Movers(HEAD + ROW * len(rows) + FOOT, scale, rows)


def _row(one: Factor, at: int, scale: Scale) -> Mover:
    wide = scale.place(_known(one.total)) - scale.left
    filled = min(scale.place(_known(one.first)) - scale.left, wide)
    y = HEAD + ROW * (at + 0.5)
    return Mover(one, label_of(one.title, NAMES), y, round(filled, 1), round(wide, 1))


def _known(index: float) -> float:
    return max(index, 0.0) if isfinite(index) else 0.0
