"""The lines of an edition in words: thresholds, what was reached, verdicts, shares of courts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from zhiheng.indexes.model import Line
from zhiheng.language import Translate, marked
from zhiheng.reports.words import LEVEL_NAMES, named
from zhiheng.scoring.results import GroupShare, LineScore, Scored

REACHED_NAMES = {
    "yes": marked("reached"),
    "no": marked("not reached"),
    "no_data": marked("no data"),
    "no_verdict": marked("no threshold published"),
}
"""Whether a line is reached; what is missing has words of its own, never "not reached"."""

PASSED_NAMES = {
    "yes": marked("passed"),
    "no": marked("not passed"),
    "undetermined": marked("undetermined"),
}

_DIGITS = 6


@dataclass(frozen=True)
class LineCount:
    """How many courts stand where on one line; `counts` has every key of REACHED_NAMES."""

    line: LineScore
    counts: Mapping[str, int]


def line_counts(evaluation: Scored) -> list[LineCount]:
    """The courts by line and by whether they reach it, in the order of the lines; lines that
    share an id and yet differ in title or threshold are counted apart."""
    first: dict[tuple[object, ...], LineScore] = {}
    counts: Counter[tuple[tuple[object, ...], str]] = Counter()
    for court in evaluation.courts:
        for line in court.lines:
            key = (line.line, line.zh, line.at_least, line.at_most, line.veto)
            first.setdefault(key, line)
            counts[key, line.reached] += 1
    return [
        LineCount(line, {state: counts[key, state] for state in REACHED_NAMES})
        for key, line in first.items()
    ]


def line_title(line: LineScore | Line, language: str) -> str:
    """The title of a line."""
    return line.zh if language == "zh" else line.en


def threshold_text(line: LineScore | Line | GroupShare) -> str:
    """The threshold: ≥ 90%, ≤ 5%, or both; "—" where none is published."""
    at_most = None if isinstance(line, GroupShare) else line.at_most
    ends = (("≥", line.at_least), ("≤", at_most))
    return " ".join(f"{sign} {end:g}%" for sign, end in ends if end is not None) or "—"


def value_text(value: float, line: LineScore | GroupShare) -> str:
    """A percentage with as many decimals as show on which side of the threshold it stands."""
    at_most = None if isinstance(line, GroupShare) else line.at_most
    ends = [end for end in (line.at_least, at_most) if end is not None]
    for digits in range(1, _DIGITS + 1):
        shown = round(value, digits)
        if all(_side(shown, end) == _side(value, end) for end in ends):
            break
    return f"{value:.{digits}f}%"


def _side(value: float, end: float) -> int:
    return (value > end) - (value < end)


def differs(line: LineScore) -> bool:
    """Whether the number held against the line is another than the court's own."""
    return line.judged is not None and line.judged != line.value


def group_name(group: GroupShare, _: Translate) -> str:
    """The level of a share of courts; "" is all levels together."""
    return named(LEVEL_NAMES, group.level, _) if group.level else _("All levels together")


def judged_note(_: Translate) -> str:
    """Why a second number stands beside the court's own."""
    return _(
        "Where the figure comes from a sample, the decision rule says which number of it is held"
        " against the line."
    )


def group_note(_: Translate) -> str:
    """How the share of courts is counted."""
    return _(
        "The share is the courts that reach every line ÷ the courts that could be judged. Courts"
        " that miss no line but lack data on one are undetermined and stand outside it."
    )
