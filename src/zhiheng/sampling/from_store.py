"""A frame out of a store: one row a case, as it stood on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.frames import Frame

if TYPE_CHECKING:
    from zhiheng.store.lake import Store

WHERE = ("closed", "open", "filed")
"""Cases closed by the day, filed and not closed by then, or filed by then."""
_COLUMNS = ("case", "case_number", "court", "kind", "filed", "closed")


def frame_of_store(store: Store, as_of: int, where: str = "closed") -> Frame:
    """The cases of a store as a frame: court, its level, kind, case number, days filed and closed.

    as_of: days since 1970-01-01; what happened later is not in it. Raises BadInput where no case
    is left, StoreDamaged.
    """
    from zhiheng.store.engine import connect

    con = connect()
    cases = store.relation(con, "cases")
    cases = cases.select(*(name for name in _COLUMNS if name in cases.columns))
    known = cases.filter(cases.filed <= as_of)
    by_then = known.closed.notnull() & (known.closed <= as_of)
    chosen = {"closed": by_then, "open": ~by_then, "filed": known.filed <= as_of}[where]
    rows = known.filter(chosen).order_by("case").to_pyarrow().to_pylist()
    if not rows:
        raise _no_case(str(store.path))
    courts = store.relation(con, "courts").select("court", "level").to_pyarrow().to_pylist()
    levels = {row["court"]: row["level"] for row in courts}
    for row in rows:
        row["level"] = levels.get(row["court"])
        row["closed"] = row["closed"] if row["closed"] and row["closed"] <= as_of else None
    names = ("case_number", "court", "level", "kind", "filed", "closed")
    ordered = sorted(rows, key=lambda row: str(row["case"]))
    columns = {name: tuple(_text(name, row[name]) for row in ordered) for name in names}
    return Frame(str(store.path), tuple(str(row["case"]) for row in ordered), columns)


def _text(name: str, value: Any) -> str:
    from zhiheng.calendar import from_day

    if value is None:
        return ""
    return from_day(value).isoformat() if name in ("filed", "closed") else str(value).strip()


def _no_case(place: str) -> BadInput:
    return BadInput(
        Message("截至该日没有符合条件的案件。", "By that day there is no such case."),
        Message("请改 --as-of 或 --where。", "Change --as-of or --where."),
        place,
    )
