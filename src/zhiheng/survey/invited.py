"""How many were asked to answer: a number, or a list with the court of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiheng.errors import Message, WrongUse
from zhiheng.sampling.ratings_rows import Row, bad, read_rows
from zhiheng.survey.model import Question

_HEADINGS = {
    "court": ("court", "法院", "法院代字"),
    "invited": ("invited", "邀请数", "发放数"),
}


@dataclass(frozen=True)
class Invited:
    """All who were invited (None where not said), and by choice of the court question."""

    total: int | None = None
    by_court: Mapping[str, int] = field(default_factory=dict)


def read_invited(word: str, court: Question | None) -> Invited:
    """A number, or a table with court and how many were invited (or one row a person).

    Nothing else of the table is read. Raises WrongUse for a word that is neither, BadInput for a
    court the form does not have or a number below 0.
    """
    if word.isdecimal():
        return Invited(int(word))
    path = Path(word)
    if not path.is_file():
        raise WrongUse(
            Message(f"“{word}”不是数，也不是文件。", f"{word!r} is neither a number nor a file."),
            Message("如 --invited 500 或 --invited invited.csv。", "Such as --invited 500."),
            "--invited",
        )
    if court is None:
        raise bad(path, "表单没有选法院的问题。", "The form has no question that chooses a court.")
    counts: Counter[str] = Counter()
    for row in read_rows(path, _HEADINGS, optional=("invited",)):
        counts[_court(row, court)] += _number(row)
    return Invited(counts.total(), dict(counts))


def _court(row: Row, court: Question) -> str:
    found = [one.name for one in court.choices if row["court"] in one.spellings]
    if not found:
        raise row.bad("表单中没有这个法院。", "The form has no such court.")
    return found[0]


def _number(row: Row) -> int:
    if "invited" not in row.cells:
        return 1
    if not row["invited"].isdecimal():
        raise row.bad("邀请数不是整数。", "The number invited is no whole number.")
    return int(row["invited"])
