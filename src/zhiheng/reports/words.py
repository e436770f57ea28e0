"""The words of the reports: sources, levels, methods, numbers and days."""

from __future__ import annotations

from datetime import date
from functools import cache

from zhiheng.language import Translate, marked
from zhiheng.scoring.results import Score

EPOCH = date(1970, 1, 1).toordinal()

LEVELS = ("supreme", "high", "intermediate", "basic")

LEVEL_NAMES = {
    "supreme": marked("The Supreme People's Court"),
    "high": marked("High courts"),
    "intermediate": marked("Intermediate courts"),
    "basic": marked("Basic courts"),
}

# Glyphs are shapes, not colours, and stand in every Chinese font (GB 2312).
STATE_GLYPHS = {
    "met": "●",
    "late": "▲",
    "overdue": "■",
    "excused": "◇",
    "undeterminable": "○",
    "not_due": "△",
    "discharged": "□",
    "not_applicable": "※",
}

STATES = tuple(STATE_GLYPHS)
"""The eight outcome states in the order reports show them; `facts.state_name` has their words."""

STATE_MEANINGS = {
    "met": marked("The duty was performed within its limit; a condition holds."),
    "late": marked("The duty was performed, but after its limit."),
    "overdue": marked(
        "The limit has passed and the duty has not been performed; a condition does not hold."
    ),
    "excused": marked("The limit has passed, but a ground and its approval are on record."),
    "undeterminable": marked("A fact needed to judge is missing; the row says which."),
    "not_due": marked("The due day is still ahead on the as-of day."),
    "discharged": marked("Another event ended the duty before it was due."),
    "not_applicable": marked("The conditions of the duty were not present."),
}

FINDING_STATES = ("late", "overdue", "excused", "undeterminable")
"""The states that have a row of their own in an evaluation's findings."""

SOURCE_NAMES = {
    "system": marked("system extraction"),
    "file_review": marked("file review"),
    "website": marked("website observation"),
    "self_report": marked("self-report"),
    "questionnaire": marked("questionnaire"),
    "answer": marked("answer sheet"),
    "sample": marked("files drawn and read"),
    "": marked("none"),
}

SCORE_STATES = {
    "no_data": marked("no data"),
    "not_applicable": marked("not applicable"),
}

SUBJECT_NAMES = {
    "case": marked("case"),
    "party": marked("party"),
    "asset": marked("asset"),
    "payment": marked("payment"),
    "clue": marked("clue"),
    "document": marked("document"),
    "interval": marked("interval"),
    "petition": marked("petition"),
    "entrustment": marked("entrustment"),
    "listing": marked("listing"),
    "referral": marked("referral"),
}

METHOD_NAMES = {
    "share": marked("Share: 100 × fulfilled ÷ (fulfilled + done late + overdue)"),
    "figure": marked("Share: 100 × numerator ÷ denominator of the figure"),
    "band": marked("Bands: each subject scores by its band; the leaf is their mean"),
    "all_or_nothing": marked(
        "All or nothing: 100 × cases where every condition holds ÷ cases that can be judged"
    ),
    "complement": marked("Complement: 100 × (1 − numerator ÷ denominator of the figure)"),
    "presence": marked("Presence: present 100, absent 0"),
    "absence": marked("Absence: none 100"),
    "answered_share": marked("Share answered: 100 × numerator ÷ denominator"),
    "answered_complement": marked("Complement answered: 100 × (1 − numerator ÷ denominator)"),
    "within_days": marked(
        "Days: a mean number of days within the limit scores 100; beyond it the score falls as the"
        " assumption says"
    ),
}


def named(names: dict[str, str], key: str, _: Translate) -> str:
    """The translated name of `key`; a key without one is shown as it is, never dropped."""
    return _(names[key]) if key in names else key


@cache
def day_text(day: int) -> str:
    """`day` (days since 1970-01-01) as 2026-11-22."""
    return date.fromordinal(day + EPOCH).isoformat()


def number_text(value: float | None) -> str:
    """A count or an amount with thousands separators; two decimals only where there are any."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def percent_text(share: float) -> str:
    """A share (0-1) in per cent; never rounded up to 100 % or down to 0 %."""
    percent = round(share * 100, 1)
    if percent == 100 and share < 1:
        percent = 99.9
    if percent == 0 and share > 0:
        percent = 0.1
    return f"{percent:g}%" if percent in (0, 100) else f"{percent:.1f}%"


def days_text(days: float, _: Translate) -> str:
    """A mean number of days with one decimal."""
    return _("{days} days").format(days=f"{days:,.1f}")


def score_text(score: Score | None, _: Translate) -> str:
    """The score with one decimal, or in words why there is none; missing is never 0."""
    if score is None:
        return named(SCORE_STATES, "no_data", _)
    if score.value is None:
        return named(SCORE_STATES, score.state, _)
    return f"{score.value:.1f}"
