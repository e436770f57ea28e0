"""Answers from an export of ODK Central or KoboToolbox (CSV or .xlsx): closed questions alone.

Nothing else is taken from the file: no free text, name, number, place, device or time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.errors import Message
from zhiheng.sampling.ratings_rows import Row, bad, read_table
from zhiheng.survey.headings import Column, columns_of
from zhiheng.survey.model import Choice, Form, Question, straight
from zhiheng.survey.relevance import Answers

KEYS = ("KEY", "meta-instanceID", "meta/instanceID", "_uuid", "_id")
"""Columns that tell one submission from another, the best first."""
REJECTED = {
    "ReviewState": ("rejected",),
    "_validation_status": ("validation_status_not_approved", "Not Approved", "Not approved"),
}
"""Column → what a manager marks a submission with that is not to count."""
_BLANK = ("", "n/a")
"""Kobo's older exports write n/a where there is no answer."""
_SURVEYED = Message(
    "请用同一表单的导出文件（ODK Central 或 KoboToolbox，CSV 或 xlsx）。",
    "Give an export of the same form (ODK Central or KoboToolbox, CSV or xlsx).",
)


@dataclass(frozen=True)
class Responses:
    """What was answered, a submission each; `unread` are the columns nothing was taken from,
    `rejected` the submissions left out as a manager rejected them."""

    answers: tuple[Answers, ...]
    questions: frozenset[str]
    unread: tuple[str, ...]
    rejected: int


def read_responses(path: Path, form: Form) -> Responses:
    """The answers to the form's closed questions.

    Raises BadInput: an unreadable table, no column of the form, a question in two columns, an
    answer that is none of the choices, a submission twice, or none at all. What was answered is
    never quoted.
    """
    headings, rows = read_table(path)
    columns = columns_of(headings, form)
    if not columns:
        raise bad(path, "没有一列属于此表单。", "No column belongs to this form.", _SURVEYED)
    _refuse_doubled(path, columns)
    kept = [row for row in rows if not _is_tags(row)]
    counted = [row for row in kept if not _is_rejected(row)]
    if not counted:
        raise bad(path, "没有一份答卷。", "There is no submission.", _SURVEYED)
    _refuse_repeated(counted, headings)
    by_question = _by_question(columns)
    read = {one.heading for one in columns}
    return Responses(
        tuple(_answers(row, by_question) for row in counted),
        frozenset(one.question.name for one in columns),
        tuple(heading for heading in headings if heading and heading not in read),
        len(kept) - len(counted),
    )


def _is_tags(row: Row) -> bool:
    """The line of HXL tags below Kobo's headings."""
    return all(cell.startswith("#") for cell in row.cells.values() if cell)


def _is_rejected(row: Row) -> bool:
    return any(row[column] in marks for column, marks in REJECTED.items())


def _refuse_doubled(path: Path, columns: Sequence[Column]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for one in columns:
        before = seen.setdefault((one.question.name, one.choice), one.heading)
        if before != one.heading:
            raise bad(
                path,
                f"“{before}”与“{one.heading}”是同一个问题。",
                f"{before!r} and {one.heading!r} are the same question.",
            )


def _refuse_repeated(rows: Sequence[Row], headings: Sequence[str]) -> None:
    key = next((one for one in KEYS if one in headings), "")
    seen: dict[str, str] = {}
    for row in rows:
        before = seen.setdefault(row[key], row.place) if key and row[key] else row.place
        if before != row.place:
            raise row.bad(f"与 {before} 是同一份答卷。", f"It is the same submission as {before}.")


def _by_question(columns: Sequence[Column]) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for one in columns:
        found.setdefault(one.question.name, []).append(one)
    return found


def _answers(row: Row, by_question: Mapping[str, list[Column]]) -> Answers:
    found = ((name, _answer(row, columns)) for name, columns in by_question.items())
    return {name: answer for name, answer in found if answer}


def _answer(row: Row, columns: list[Column]) -> tuple[str, ...]:
    question = columns[0].question
    split = [one for one in columns if one.choice]
    if split:
        # Told apart without doubt, as labels in one cell are not.
        chosen = tuple(one.choice for one in split if _is_chosen(row, one))
        if chosen or len(split) == len(columns):
            return chosen
    whole = next(one for one in columns if not one.choice)
    text = straight(row[whole.heading])
    if text in _BLANK and not any(text in one.spellings for one in question.choices):
        return ()
    found = _said(question, text)
    if found is None:
        raise _unknown(row, whole.heading)
    return found


def _is_chosen(row: Row, column: Column) -> bool:
    text = row[column.heading].casefold()
    if text in ("1", "true", "1.0"):
        return True
    if text in ("", "0", "false", "0.0", *_BLANK):
        return False
    raise _unknown(row, column.heading)


def _said(question: Question, text: str) -> tuple[str, ...] | None:
    """The names of what was chosen, or the number; None where it is neither."""
    if question.kind == "number":
        return (text,) if _is_number(text) else None
    if question.kind == "one":
        return _chosen(question.choices, text)
    return _several(question.choices, text)


def _is_number(text: str) -> bool:
    try:
        return float(text) - float(text) == 0  # neither infinite nor no number
    except ValueError:
        return False


def _chosen(choices: Sequence[Choice], text: str) -> tuple[str, ...] | None:
    named = [one.name for one in choices if text == one.name]
    found = named or [one.name for one in choices if text in one.spellings]
    return (found[0],) if len(set(found)) == 1 else None


def _several(choices: Sequence[Choice], text: str) -> tuple[str, ...] | None:
    """Choices with blanks between them; None where the text fits none, or fits in two ways: names
    have no blanks, labels may."""
    names = {one.name for one in choices}
    if names.issuperset(text.split()):
        return tuple(dict.fromkeys(text.split()))
    spelled = {label: one.name for one in choices for label in one.spellings if label}
    fits = {frozenset(found): found for found in _parsed(spelled, text)}
    return next(iter(fits.values())) if len(fits) == 1 else None


def _parsed(spelled: Mapping[str, str], text: str) -> Iterator[tuple[str, ...]]:
    """Every way to read the text as different choices one after the other."""
    if not text:
        yield ()
    for label, name in spelled.items():
        if text == label or text.startswith(f"{label} "):
            rest = {k: v for k, v in spelled.items() if v != name}
            yield from ((name, *more) for more in _parsed(rest, text[len(label) :].strip()))


def _unknown(row: Row, heading: str) -> Exception:
    return row.bad(
        f"列“{heading}”的回答不在表单的选项中，或者可作两种理解。",
        f"The answer in column {heading!r} is none of the form's choices, or reads in two ways.",
        Message(
            "请核对表单版本与导出文件是否一致；多选题请导出名称（XML 值）或分列。",
            "Check that the form is the version the answers were given to; export several answers "
            "as names (XML values) or in columns of their own.",
        ),
    )
