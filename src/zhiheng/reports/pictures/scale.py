"""Straight scales, and the room that a text takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TypeVar

WIDTH = 1176.0
"""The width of a picture in its own units, which are CSS pixels at the width of the report."""
FONT = 13.0
"""The size of a picture's texts; on A4 landscape they are still larger than 11 pixels."""
ROW = 22.0
"""The height of a row."""
HEAD, FOOT = 26.0, 10.0
NAMES = 300.0
"""The width of the column of names."""
MOST_ROWS = 30
"""Rows of one figure: as many as a printed page holds."""
_LEAST = 0.1
"""The least part of the whole scale that is shown."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
Item = TypeVar("Item")


@dataclass(frozen=True)
class Tick:
    """A line of the grid at `x` with the number under it."""

    x: float
    label: str


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` laid out from `left` to `right`; grid lines every `step`."""

    low: float
    high: float
    step: float
    left: float
    right: float

    def place(self, value: float) -> float:
        """Where a value lies; what lies beyond the scale lies at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The lines of the grid from `low` to `high`."""
        count = round((self.high - self.low) / self.step)
        values = (self.low + self.step * number for number in range(count + 1))
        return tuple(Tick(self.place(value), f"{round(value, 6):g}") for value in values)


@dataclass(frozen=True)
class Label:
    """A text at the left of a row: `squeezed` is the width to press it into, None where it fits."""

    text: str
    squeezed: float | None = None


def scale_of(
    values: Sequence[float], ends: tuple[float, float], left: float, right: float
) -> Scale:
    """A scale with round numbers around `values`, never beyond `ends`, and so wide that small
    differences look small."""
    low, high = min(values, default=ends[0]), max(values, default=ends[1])
    more = max(_LEAST * (ends[1] - ends[0]) - (high - low), 0.0) / 2
    low, high = max(low - more, ends[0]), min(high + more, ends[1])
    step = _step((high - low) / 8, least=(ends[1] - ends[0]) / 100)
    first, last = floor(low / step) * step, ceil(high / step) * step
    return Scale(max(first, ends[0]), min(last, ends[1]), step, left, right)


def ranks_scale(count: int, left: float, right: float) -> Scale:
    """The ranks from 1 to `count`, the best at the left, with a grid of whole ranks."""
    step = max(1.0, _step(count / 15, least=1.0))
    step = float(ceil(step))
    return Scale(1.0, 1.0 + step * max(1, ceil((count - 1) / step)), step, left, right)


def _step(wanted: float, least: float) -> float:
    """The next round number from `wanted` upwards."""
    wanted = max(wanted, least)
    power = 10.0 ** floor(log10(wanted))
    return next(step * power for step in _STEPS if step * power >= wanted * (1 - 1e-9))


def label_of(text: str, width: float = NAMES, font: float = FONT) -> Label:
    """A text that takes no more than `width`."""
    return Label(text, width if text_width(text, font) > width else None)


def text_width(text: str, font: float = FONT) -> float:
    """The width of a text, rather too much than too little: Chinese takes a square a character."""
    return font * sum(1.0 if ord(character) > 0x2E7F else 0.62 for character in text)


def runs_of(rows: Sequence[Item]) -> list[Sequence[Item]]:
    """The rows in runs that one figure can hold."""
    return [rows[at : at + MOST_ROWS] for at in range(0, len(rows), MOST_ROWS)]
