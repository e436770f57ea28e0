"""An index tree as rings: the root in the middle, its parts around it, their parts outside.

The angle of a part is its share of the whole, so that what weighs much takes much room; a part
lies outside the one it belongs to. (A partition of the circle as in Stasko and Zhang, "Focus+
context display and navigation techniques for enhancing radial, space-filling hierarchy
visualizations", IEEE InfoVis 2000.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, degrees, pi, sin

from zhiheng.reports.pictures.scale import text_width

SIZE = 600.0
"""The width and height of the picture."""
_MIDDLE, _HOLE, _RIM = SIZE / 2, 58.0, 4.0
_FONT, _LINE = 11.5, 13.0
_AIR = 5.0


@dataclass(frozen=True)
class Part:
    """A node: what it is called on the picture, what it belongs to ("" is the root), in which
    ring, and its share (0-1) of the whole."""

    id: str
    code: str
    parent: str
    depth: int
    share: float


@dataclass(frozen=True)
class Arc:
    """One part of the picture: `start` and `end` are turns (0-1) from the top, clockwise.

    `path` is its outline. The code stands at `x`, `y`, turned by `turn` degrees; `fits` says
    whether it does.
    """

    part: Part
    start: float
    end: float
    inner: float
    outer: float
    path: str
    x: float
    y: float
    turn: float
    fits: bool


@lru_cache(maxsize=32)
def sunburst(parts: tuple[Part, ...]) -> tuple[Arc, ...]:
    """The arcs of a tree whose parts stand in the order of its table, each after what it belongs
    to; parts without a share are left out."""
    rings = max((part.depth for part in parts), default=1)
    thick = (_MIDDLE - _RIM - _HOLE) / rings
    reached = {"": 0.0}
    arcs = []
    for part in parts:
        start = reached.get(part.parent, 0.0)
        reached[part.parent] = end = start + part.share
        reached[part.id] = start
        if part.share > 0:
            inner = _HOLE + thick * (part.depth - 1)
            arcs.append(_arc(part, start, end, inner, inner + thick))
    return tuple(arcs)


def _arc(part: Part, start: float, end: float, inner: float, outer: float) -> Arc:
    middle, radius = (start + end) / 2, (inner + outer) / 2
    length, width = 2 * pi * radius * (end - start), text_width(part.code, _FONT) + _AIR
    upright = min(length, outer - inner) >= width
    along = length >= _LINE and outer - inner >= width
    x, y = _point(radius, middle)
    turn = 0.0 if upright else _turn(middle)
    path = _outline(start, end, inner, outer)
    return Arc(part, start, end, inner, outer, path, x, y, turn, upright or along)


def _turn(turn: float) -> float:
    """Degrees that set a text along the radius, never upside down."""
    clockwise = degrees(2 * pi * turn) - 90
    return round(clockwise if turn <= 0.5 else clockwise - 180, 1)


def _point(radius: float, turn: float) -> tuple[float, float]:
    angle = 2 * pi * turn
    return round(_MIDDLE + radius * sin(angle), 2), round(_MIDDLE - radius * cos(angle), 2)


def _outline(start: float, end: float, inner: float, outer: float) -> str:
    """The outline as an SVG path; a whole ring is two half rings, as arcs cannot close."""
    if end - start > 0.9999:
        half = start + 0.5
        return _outline(start, half, inner, outer) + _outline(half, start + 1 - 1e-9, inner, outer)
    large = int(end - start > 0.5)
    corners = (_point(outer, start), _point(outer, end), _point(inner, end), _point(inner, start))
    a, b, c, d = (f"{x:g} {y:g}" for x, y in corners)
    far, near = f"{outer:g} {outer:g} 0 {large} 1", f"{inner:g} {inner:g} 0 {large} 0"
    return f"M{a}A{far} {b}L{c}A{near} {d}Z"
