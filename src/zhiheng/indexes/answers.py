"""Answers of people to the leaves that records cannot give, and what makes one valid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.model import AnswerKind, Indicator

EPOCH = 719163
"""Ordinal of 1970-01-01, day 0."""
FULL = 100
YES = {"有": True, "yes": True, "无": False, "no": False}
VALUE_FIELDS = ("answer", "figure", "numerator", "denominator")
_TAKES: dict[AnswerKind, tuple[str, ...]] = {
    "choice": ("answer",),
    "count": ("figure",),
    "points": ("figure",),
    "ratio": ("numerator", "denominator"),
}
_LABELS = {
    "answer": Message("有/无", "answer"),
    "figure": Message("数值", "figure"),
    "numerator": Message("分子", "numerator"),
    "denominator": Message("分母", "denominator"),
}

Raw = Mapping[str, object]
"""The cells of one row by field name; None or "" where empty."""


@dataclass(frozen=True)
class Court:
    """A court that answers: code (代字), name, level."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class Answer:
    """One person's answer to one leaf for one court.

    By the leaf's `answer_kind`: `present` (choice), `figure` (count, or points 0-100), or
    `numerator` and `denominator` (ratio; 0/0 means nothing to judge). `day` is days since
    1970-01-01. `place` is the row it was read from.
    """

    court: str
    leaf: str
    present: bool | None = None
    figure: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    evidence: str = ""
    answered_by: str = ""
    day: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Answers:
    """The answers of one sheet by (court, leaf); `digest` is the sha256 of the file."""

    by_court_and_leaf: Mapping[tuple[str, str], Answer]
    digest: str = ""

    def get(self, court: str, leaf: str) -> Answer | None:
        """The answer of a court to a leaf, None where there is none."""
        return self.by_court_and_leaf.get((court, leaf))

    def __len__(self) -> int:
        return len(self.by_court_and_leaf)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.by_court_and_leaf.values())


class CellError(Exception):
    """A cell that cannot be used: the field, what is wrong, what to do."""

    def __init__(self, field: str, what: Message, remedy: Message) -> None:
        super().__init__(what.en)
        self.field = field
        self.what = what
        self.remedy = remedy


class BadAnswers(BadInput):
    """A sheet with problems; `problems` has one per cell. Nothing of it was read."""

    shown = 20

    def __init__(self, name: str, problems: tuple[BadInput, ...]) -> None:
        listed = problems[: self.shown]
        more = len(problems) - len(listed)
        zh = [f"{p.place}：{p.what.zh}{p.remedy.zh}" for p in listed]
        en = [f"{p.place}: {p.what.en} {p.remedy.en}" for p in listed]
        if more:
            zh.append(f"……另有{more}处。")
            en.append(f"... and {more} more.")
        super().__init__(
            Message(
                "\n".join((f"答卷有{len(problems)}处问题，未读入任何一条：", *zh)),
                "\n".join((f"{len(problems)} problems; nothing was read:", *en)),
            ),
            Message("请逐处更正后重新提交。", "Correct each of them and hand the sheet in again."),
            place=name,
        )
        self.problems = problems


def is_blank(value: object) -> bool:
    """True for an empty cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def text_of(value: object) -> str:
    """The text of a cell; a whole number is written without a decimal point."""
    if is_blank(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def parse_answer(court: str, leaf: Indicator, row: Raw, place: str) -> Answer:
    """The answer in a row that has one. Raises CellError."""
    takes = _TAKES[leaf.answer_kind]
    _refuse_other_fields(takes, row)
    present = _choice(row["answer"]) if "answer" in takes else None
    numbers = {field: _number(field, row[field]) for field in takes if field != "answer"}
    if leaf.answer_kind == "ratio":
        _check_ratio(numbers["numerator"], numbers["denominator"])
    elif leaf.answer_kind == "points" and numbers["figure"] > FULL:
        raise CellError(
            "figure",
            Message("得分超过100。", "The score is above 100."),
            Message("填0至100。", "Enter 0 to 100."),
        )
    elif leaf.answer_kind == "count":
        _check_whole("figure", numbers["figure"])
    evidence = text_of(row["evidence"])
    claims = bool(present) or any(numbers.values())
    if claims and not evidence and "self_report" in leaf.sources:
        raise CellError(
            "evidence",
            Message("自报数据没有附证明材料。", "Self-reported data without proof."),
            Message("填写证明材料的名称或编号。", "Name the document that proves it."),
        )
    return Answer(
        court,
        leaf.id,
        present,
        evidence=evidence,
        answered_by=text_of(row["answered_by"]),
        day=_day(row["date"]),
        place=place,
        **numbers,
    )


def _refuse_other_fields(takes: tuple[str, ...], row: Raw) -> None:
    wanted = "、".join(_LABELS[field].zh for field in takes)
    wanted_en = ", ".join(_LABELS[field].en for field in takes)
    remedy = Message(f"此项只填{wanted}。", f"This leaf takes only: {wanted_en}.")
    for field in VALUE_FIELDS:
        if field in takes and is_blank(row[field]):
            raise CellError(field, Message("此格应填而未填。", "This cell is missing."), remedy)
        if field not in takes and not is_blank(row[field]):
            raise CellError(field, Message("填错了栏目。", "This is the wrong column."), remedy)


def _choice(value: object) -> bool:
    said = text_of(value).lower()
    if said not in YES:
        raise CellError(
            "answer",
            Message(f"“{said}”不是有或无。", f"{said!r} is neither 有 nor 无."),
            Message("从下拉列表选择有或无。", "Choose 有 (yes) or 无 (no) from the list."),
        )
    return YES[said]


def _number(field: str, value: object) -> float:
    remedy = Message("填不小于0的数。", "Enter a number of 0 or more.")
    try:
        number = math.nan if isinstance(value, bool) else float(text_of(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CellError(field, Message(f"“{value}”不是数。", f"{value!r} is not a number."), remedy)
    if number < 0:
        raise CellError(field, Message("数值为负。", "The number is negative."), remedy)
    return number


def _check_whole(field: str, number: float) -> None:
    if not number.is_integer():
        raise CellError(
            field,
            Message("件数不是整数。", "A count is not a whole number."),
            Message("填整数，没有填0。", "Enter a whole number, 0 if none."),
        )


def _check_ratio(numerator: float, denominator: float) -> None:
    _check_whole("numerator", numerator)
    _check_whole("denominator", denominator)
    if numerator > denominator:
        raise CellError(
            "numerator",
            Message("分子大于分母。", "The numerator is above the denominator."),
            Message("核对两个数。", "Check the two numbers."),
        )


def _day(value: object) -> int | None:
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return value.date().toordinal() - EPOCH
    try:
        return date.fromisoformat(text_of(value)).toordinal() - EPOCH
    except ValueError:
        raise CellError(
            "date",
            Message(f"“{value}”不是日期。", f"{value!r} is not a date."),
            Message("写成2018-06-30的样子。", "Write it as 2018-06-30."),
        ) from None
