"""Bounds of indicators: goalposts, a minimum and maximum of one's own, a target, a log scale."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.composites.problems import refused, unknown_method
from zhiheng.composites.tables import Row, Table

NONE = float("nan")
_SCALES = {"": False, "linear": False, "log": True, "ln": True, "log10": True}
"""The base of the logarithm does not matter: a place between two bounds is the same in each."""
_YES = {
    "": None,
    **dict.fromkeys(("yes", "y", "true", "1", "是"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否"), False),
}


@dataclass(frozen=True)
class Bounds:
    """What is set for one indicator, in its own unit; NaN where nothing is.

    `log`: values and bounds are placed by their natural logarithm. `clip`: what lies beyond is
    moved to the bound; None leaves that to the method.
    """

    lower: float = NONE
    upper: float = NONE
    target: float = NONE
    log: bool = False
    clip: bool | None = None

    def target_for(self, direction: int) -> float:
        """The target: `target`, or else the bound on the better side."""
        if self.target == self.target:
            return self.target
        return self.upper if direction > 0 else self.lower


def read_bounds(table: Table) -> dict[str, Bounds]:
    """Code → bounds, from a table with the columns code, lower, upper and, where wanted, target,
    scale (linear, log), clip (yes, no). Raises BadInput naming the row."""
    table.need("code", "lower", "upper")
    found: dict[str, Bounds] = {}
    for row in table.rows:
        code = table.cell(row, "code")
        if not code or code in found:
            raise refused(
                table.place(row.number),
                (f"代码“{code}”为空或重复。", f"The code {code!r} is empty or stands twice."),
                ("每个指标只写一行。", "Give every indicator one row."),
            )
        found[code] = _bounds(table, row)
    return found


def _bounds(table: Table, row: Row) -> Bounds:
    place = table.place(row.number)
    lower, upper, target = (table.number(row, one) for one in ("lower", "upper", "target"))
    scale, clip = (table.word(row, heading).casefold() for heading in ("scale", "clip"))
    if scale not in _SCALES:
        raise unknown_method(place, scale, ("linear", "log"), "scale")
    if clip not in _YES:
        raise unknown_method(place, clip, ("yes", "no"), "clip")
    _refuse_order(place, lower, upper)
    if (
        _SCALES[scale]
        and min((one for one in (lower, upper, target) if one == one), default=1.0) <= 0
    ):
        raise refused(
            place,
            ("对数刻度的界值必须大于0。", "On a log scale every bound has to be above 0."),
            ("更正界值，或把 scale 改为 linear。", "Correct it, or use the linear scale."),
        )
    return Bounds(lower, upper, target, _SCALES[scale], _YES[clip])


def _refuse_order(place: str, lower: float, upper: float) -> None:
    if lower >= upper:
        raise refused(
            place,
            (
                f"下界 {lower:g} 不小于上界 {upper:g}。",
                f"The lower bound {lower:g} is not below the upper {upper:g}.",
            ),
            (
                "写成 lower < upper；反向指标在指标树中用 direction 标明。",
                "Write lower < upper; an indicator is turned round by `direction` in the tree.",
            ),
        )
