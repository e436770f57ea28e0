"""The timelines of some cases out of a part: their rows alone, found by the order they lie in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.records.catalogue import PARENTS
from zhiheng.store.arrow_arrays import column_of, numbers
from zhiheng.store.facts import known_name, words_of
from zhiheng.store.layout import Rows
from zhiheng.store.parts import Part
from zhiheng.store.wanted import Needs, Wanted


def case_timelines(part: Part, needs: Needs, case: int) -> dict[str, pa.Table] | None:
    """What `needs` ask of one case, laid out as timelines are; None where the part lacks the case.

    A parent that belongs to another case is there too, with the row of that case.
    """
    return _timelines(part, needs, lambda cases: _rows_of(_numbers(cases, "key"), case))


def court_timelines(part: Part, needs: Needs, court: str) -> dict[str, pa.Table] | None:
    """The same of the cases of one court, without those that count in a layer above; None where
    there is none."""

    def chosen(cases: pa.Table) -> Rows:
        rows = np.flatnonzero(_numbers(cases, "court") == _code_of(cases, court))
        return rows[~part.among_dead(_numbers(cases, "key")[rows])]

    return _timelines(part, needs, chosen)


def _code_of(cases: pa.Table, court: str) -> int:
    words = words_of(cases, "court") or ()
    return words.index(court) if court in words else -1


def _timelines(
    part: Part, needs: Needs, chosen: Callable[[pa.Table], Rows]
) -> dict[str, pa.Table] | None:
    """Of the cases in the rows that `chosen` gives (in order); None where it gives none."""
    cases = _read(part, "case", needs)
    own = chosen(cases)
    if not len(own):
        return None
    whole = {kind: cases if kind == "case" else _read(part, kind, needs) for kind in needs}
    rows = _with_parents(_own_rows(whole, own), whole)
    found = {kind: _taken(table, rows[kind], rows) for kind, table in whole.items()}
    for kind, wanted in needs.items():
        for node in wanted.lists:
            found[f"{kind}.{node}"] = _days(part.read(f"{kind}.{node}"), rows[kind])
    keys = _numbers(cases, "key")[own]
    periods = part.read("intervals")
    return {**found, "intervals": periods.take(column_of(_runs(_numbers(periods, "case"), keys)))}


def _read(part: Part, kind: str, needs: Needs) -> pa.Table:
    wanted = needs[kind]
    facts = [f"f_{name}" for name in wanted.fields]
    parents = [f"p_{parent}" for parent in _parents(kind, wanted, needs)]
    days = [*(f"d_{name}" for name in wanted.nodes), *(f"m_{name}" for name in wanted.minutes)]
    place = "court" if kind == "case" else "at"
    known = [known_name(name) for name in facts]
    return part.read(kind, ["key", place, *parents, *facts, *days], where_there=known)


def _parents(kind: str, wanted: Wanted, needs: Needs) -> Iterator[str]:
    """The kinds of parents whose rows the timeline of a kind has (see `layout`)."""
    for parent, column in PARENTS.get(kind, {}).items():
        if column in wanted.fields and parent in needs:
            yield parent


def _own_rows(whole: Mapping[str, pa.Table], cases: Rows) -> dict[str, Rows]:
    """Of each kind the rows of the cases themselves."""
    return {
        kind: cases if kind == "case" else _runs(_numbers(table, "at"), cases)
        for kind, table in whole.items()
    }


def _rows_of(values: NDArray[np.integer], value: int) -> Rows:
    """Where a value stands among sorted values."""
    return _runs(values, np.array([value], values.dtype))


def _runs(values: NDArray[np.integer], wanted: NDArray[np.integer]) -> Rows:
    """Where some values (sorted, each once) stand among sorted values."""
    # Of one type: else each of the many values would be made into another.
    wanted = wanted.astype(values.dtype)
    first = np.searchsorted(values, wanted)
    many = np.searchsorted(values, wanted, side="right") - first
    before = np.cumsum(many) - many
    found: Rows = np.arange(many.sum()) + np.repeat(first - before, many)
    return found


def _with_parents(rows: dict[str, Rows], whole: Mapping[str, pa.Table]) -> dict[str, Rows]:
    """The same with the rows that these refer to."""
    for _ in PARENTS:  # a parent may have a parent itself
        for kind, table in whole.items():
            for parent in (name for name in whole if f"p_{name}" in table.column_names):
                refers = _numbers(table, f"p_{parent}")[rows[kind]]
                rows[parent] = np.union1d(rows[parent], refers[refers >= 0])
    for kind, table in whole.items():
        if kind != "case":
            rows["case"] = np.union1d(rows["case"], _numbers(table, "at")[rows[kind]])
    return rows


def _taken(table: pa.Table, chosen: Rows, rows: Mapping[str, Rows]) -> pa.Table:
    """Some rows of a timeline, the rows they refer to counted anew."""
    taken = table.take(column_of(chosen))
    for place, name in enumerate(taken.column_names):
        kind = "case" if name == "at" else name.removeprefix("p_")
        if name == "at" or name.startswith("p_"):
            refers = _numbers(taken, name)
            anew = np.where(refers >= 0, np.searchsorted(rows[kind], refers), -1)
            taken = taken.set_column(place, name, column_of(anew.astype(np.int32)))
    return taken


def _days(days: pa.Table, rows: Rows) -> pa.Table:
    """Of a day list the days of some rows, these counted anew."""
    taken = days.take(column_of(np.flatnonzero(np.isin(_numbers(days, "at"), rows))))
    anew = np.searchsorted(rows, _numbers(taken, "at")).astype(np.int32)
    return taken.set_column(0, "at", column_of(anew))


def _numbers(table: pa.Table, name: str) -> NDArray[np.integer]:
    return numbers(table.column(name))
