"""Reading one level's sheet of answers, cell by cell, strictly."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.utils import get_column_letter

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.answers import (
    VALUE_FIELDS,
    Answer,
    CellError,
    Court,
    Raw,
    is_blank,
    parse_answer,
    text_of,
)
from zhiheng.indexes.model import IndexSet
from zhiheng.indexes.sheet_columns import COLUMNS, spellings
from zhiheng.indexes.workbooks import AnyCell, is_formula

MAX_ROWS = 1_048_576
"""Rows a sheet can have."""
_TOO_LONG = (
    Message("行数超出工作表的限度。", "There are more rows than a sheet can have."),
    Message("重新生成答卷填写。", "Start from a fresh sheet."),
)
_FORMULA = (
    Message("单元格内是公式。", "The cell holds a formula."),
    Message("改为直接填写的值。", "Enter the value itself."),
)
_STRAY = (
    Message("此格不在任何栏目之下。", "The cell is under no column."),
    Message("移到证明材料一栏或删去。", "Move it to the evidence or delete it."),
)


class LevelReader:
    """Reads one level's sheet into `found`, and what is wrong with it into `problems`."""

    def __init__(
        self,
        title: str,
        index_set: IndexSet,
        courts: dict[str, Court] | None,
        found: dict[tuple[str, str], Answer],
        problems: list[BadInput],
    ) -> None:
        self._title = title
        self._level = index_set.level
        self._leaves = {n.indicator.id: n.indicator for n in index_set.leaves()}
        self._courts = courts
        self._found = found
        self._problems = problems
        self._numbers: dict[str, int] = {}

    def read(self, rows: Iterable[tuple[AnyCell, ...]]) -> None:
        """Every row, the heading first."""
        numbered = enumerate(rows, start=1)
        _, heading = next(numbered, (1, ()))
        if not self._read_heading(heading):
            return
        for row, cells in numbered:
            if row > MAX_ROWS:
                self._add(str(row), *_TOO_LONG)
                return
            self._read_row(row, cells)

    def _read_heading(self, cells: tuple[AnyCell, ...]) -> bool:
        fields = spellings()
        before = len(self._problems)
        for number, cell in enumerate(cells):
            label = text_of(cell.value)
            if label in fields and fields[label] not in self._numbers:
                self._numbers[fields[label]] = number
            elif label:
                what = Message(f"不认识的栏目“{label}”。", f"Unknown column {label!r}.")
                remedy = Message("删去此栏或恢复栏名。", "Delete it or give it back its name.")
                self._add(f"{get_column_letter(number + 1)}1", what, remedy)
        for column in COLUMNS:
            needed = column.filled or column.field in ("court", "leaf")
            if needed and column.field not in self._numbers:
                what = Message(f"缺少栏目“{column.label.zh}”。", f"No column {column.label.en!r}.")
                remedy = Message("恢复此栏。", "Put the column back.")
                self._add("1", what, remedy)
        return len(self._problems) == before

    def _read_row(self, row: int, cells: tuple[AnyCell, ...]) -> None:
        raw: Raw = {field: cells[n].value for field, n in self._numbers.items() if n < len(cells)}
        raw = {column.field: None for column in COLUMNS} | dict(raw)
        try:
            self._refuse_strange_cells(row, cells)
            if any(not is_blank(raw[field]) for field in (*VALUE_FIELDS, "evidence")):
                self._keep(raw, row)
        except CellError as error:
            self._add(f"{self._letter(error.field)}{row}", error.what, error.remedy)

    def _refuse_strange_cells(self, row: int, cells: tuple[AnyCell, ...]) -> None:
        for number, cell in enumerate(cells):
            place = f"{get_column_letter(number + 1)}{row}"
            if is_formula(cell):
                self._add(place, *_FORMULA)
            elif number not in self._numbers.values() and not is_blank(cell.value):
                self._add(place, *_STRAY)

    def _keep(self, raw: Raw, row: int) -> None:
        court, leaf_id = text_of(raw["court"]), text_of(raw["leaf"])
        self._check_court(court)
        leaf = self._leaves.get(leaf_id)
        if leaf is None or not leaf.answerable:
            raise CellError(
                "leaf",
                Message(f"没有须填报的指标“{leaf_id}”。", f"No leaf {leaf_id!r} to answer here."),
                Message("恢复原来的指标编号。", "Put the original leaf id back."),
            )
        answer = parse_answer(court, leaf, raw, f"{self._title}!{row}")
        earlier = self._found.setdefault((court, leaf_id), answer)
        if earlier is not answer:
            raise CellError(
                "leaf",
                Message(f"与{earlier.place}行重复回答。", f"Answered before, at {earlier.place}."),
                Message("只留一行。", "Keep one of the rows."),
            )

    def _check_court(self, court: str) -> None:
        remedy = Message("核对法院代字。", "Check the court code.")
        if not court:
            what = Message("缺少法院代字。", "The court code is missing.")
            raise CellError("court", what, remedy)
        if self._courts is None:
            return
        if court not in self._courts:
            what = Message(f"没有法院“{court}”。", f"There is no court {court!r}.")
            raise CellError("court", what, remedy)
        if self._courts[court].level != self._level:
            what = Message(f"“{court}”不是这一级法院。", f"{court!r} is not a court of this level.")
            raise CellError("court", what, remedy)

    def _letter(self, field: str) -> str:
        return str(get_column_letter(self._numbers.get(field, 0) + 1))

    def _add(self, cell: str, what: Message, remedy: Message) -> None:
        self._problems.append(BadInput(what, remedy, place=f"{self._title}!{cell}"))
