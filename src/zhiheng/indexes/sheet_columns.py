"""The columns of the answer sheet and the names of its sheets, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.indexes.model import IndexSet
from zhiheng.law.model import Text


@dataclass(frozen=True)
class Column:
    """One column: its field, heading, width in characters, and whether people fill it in."""

    field: str
    label: Text
    width: int
    filled: bool = False


COLUMNS = (
    Column("court", Text("法院代字", "court code"), 11),
    Column("court_name", Text("法院", "court"), 26),
    Column("leaf", Text("指标编号", "leaf id"), 20),
    Column("title", Text("指标", "indicator"), 44),
    Column("question", Text("问题", "question"), 60),
    Column("source", Text("数据来源", "source"), 26),
    Column("answer", Text("有/无", "answer"), 8, True),
    Column("figure", Text("数值", "figure"), 10, True),
    Column("numerator", Text("分子", "numerator"), 10, True),
    Column("denominator", Text("分母", "denominator"), 10, True),
    Column("evidence", Text("证明材料", "evidence"), 36, True),
    Column("answered_by", Text("填报人", "answered by"), 12, True),
    Column("date", Text("日期", "date"), 12, True),
)
GUIDE = Text("填报说明", "Guide")


def sheet_name(index_set: IndexSet, language: str) -> str:
    """The name of the sheet of one court level."""
    return index_set.zh if language == "zh" else index_set.level


def spellings() -> dict[str, str]:
    """Every heading in both languages → its field."""
    return {said: c.field for c in COLUMNS for said in (c.label.zh, c.label.en)}
