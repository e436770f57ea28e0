"""The results as tables that stand beside an index, never in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhiheng.errors import Message
from zhiheng.sampling.ratings_rows import csv_text
from zhiheng.survey.invited import Invited
from zhiheng.survey.mapping import Scored
from zhiheng.survey.model import Form
from zhiheng.survey.rates import Rates, rates
from zhiheng.survey.responses import Responses
from zhiheng.survey.score import Figure, Person, State, figure, indicators_of, split

FEW = 5
"""Below so many respondents a group's mean would tell what single persons said."""
NO_SAMPLE = Message(
    "辅助数据：自愿作答者的回答不是概率样本，不给区间，不计入指数。",
    "Auxiliary: answers of whoever answered are no probability sample; no interval is given, "
    "and they enter no index.",
)
DRAWN = Message(
    "辅助数据：受访者由概率抽样产生，区间须按抽样设计用 zhiheng sample 估计；不计入指数。",
    "Auxiliary: the respondents were drawn with probability; intervals must come from the design, "
    "through `zhiheng sample`. They enter no index.",
)
AUXILIARY = (
    "indicator", "by", "group", "label", "respondents", "mean", "scored", "dont_know",
    "not_applicable", "not_answered", "not_asked", "withheld", "note",
)  # fmt: skip
QUESTIONS = ("question", "indicator", *AUXILIARY[4:-1])
RESPONSE = (
    "by", "group", "label", "invited", "returned", "complete", "partial", "break_off",
    "not_returned", "rr1", "rr2", "formula",
)  # fmt: skip
_FORMULA = "AAPOR RR1 = complete/invited; RR2 = (complete+partial)/invited; all invited eligible"
_STATES: tuple[State, ...] = ("score", "dont_know", "not_applicable", "no_answer", "not_asked")


def auxiliary_csv(
    persons: Sequence[Person],
    mapping: Mapping[str, Scored],
    form: Form,
    by: Sequence[str],
    note: str,
) -> str:
    """One row an indicator and group; the first rows are of everybody (`by` empty)."""
    rows = []
    for name, value, own in split(persons, by):
        label = label_of(form, name, value)
        for indicator, questions in indicators_of(mapping).items():
            found = figure(own, questions)
            rows.append((indicator, name, value, label, *_figure(found), note))
    return csv_text(AUXILIARY, rows)


def questions_csv(persons: Sequence[Person], mapping: Mapping[str, Scored]) -> str:
    """One row a question, over everybody: item non-response stands there."""
    return csv_text(
        QUESTIONS,
        (
            (name, ";".join(one.indicators), *_figure(figure(persons, [name])))
            for name, one in mapping.items()
        ),
    )


def _figure(one: Figure) -> tuple[object, ...]:
    withheld = 0 < one.respondents < FEW
    counts = (one.counts.get(state, 0) for state in _STATES)
    return one.respondents, None if withheld else one.mean, *counts, withheld


def response_rows(
    persons: Sequence[Person], form: Form, by: Sequence[str], invited: Invited, court: str
) -> list[tuple[str, str, str, Rates]]:
    """Response by group: question, choice, label, rates. A court nobody answered from is there."""
    rows = []
    for name, value, own in split(persons, by):
        number = invited.total if not name else None
        if name == court and value and invited.by_court:
            number = invited.by_court.get(value, 0)
        found = rates((one.outcome for one in own), number)
        rows.append((name, value, label_of(form, name, value), found))
    seen = {value for name, value, _, _ in rows if name == court}
    for value in sorted(set(invited.by_court) - seen):
        found = rates((), invited.by_court[value])
        rows.append((court, value, label_of(form, court, value), found))
    return rows


def response_csv(rows: Iterable[tuple[str, str, str, Rates]]) -> str:
    """Response by group, with the formulas."""
    return csv_text(
        RESPONSE,
        (
            (
                name, value, label, one.invited, one.returned, one.complete, one.partial,
                one.break_off, one.not_returned, one.rr1, one.rr2, _FORMULA,
            )
            for name, value, label, one in rows
        ),
    )  # fmt: skip


def unread_csv(responses: Responses, form: Form) -> str:
    """The columns nothing was taken from, and why."""
    return csv_text(
        ("column", "why"), ((heading, _why(heading, form)) for heading in responses.unread)
    )


def _why(heading: str, form: Form) -> str:
    ours = any(
        heading == one.name or heading.endswith(tuple(f"{sign}{one.name}" for sign in "/-.:"))
        for one in form.questions.values()
    )
    return "open question, repeat, person, place or device" if ours else "not a closed question"


def label_of(form: Form, question: str, value: str) -> str:
    """The first label of a choice, "" where there is none."""
    choices = form.questions[question].choices if question in form.questions else ()
    return next((one.labels[0] for one in choices if one.name == value and one.labels), "")
