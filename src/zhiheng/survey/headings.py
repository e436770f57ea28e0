"""Which column of an export holds which question.

ODK Central writes `group-question` and, where several answers are split, `group-question/choice`;
KoboToolbox `group/question/choice` with a separator of the user's own, or labels in place of names,
with or without the groups' labels before them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from zhiheng.survey.model import Form, Labels, Question, straight

SEPARATORS = "/-.:%|>"


@dataclass(frozen=True)
class Column:
    """A column that is read: a question's, or one of its choices (0 or 1) where it is split."""

    heading: str
    question: Question
    choice: str = ""


def columns_of(headings: Iterable[str], form: Form) -> list[Column]:
    """The columns of closed questions, by name where a name fits, else by label.

    A heading that would fit two questions is none; a question in a repeat stands in a file of its
    own and is not read.
    """
    closed = [one for one in form.questions.values() if one.closed and not one.repeated]
    named, labelled = _spelled(closed, _names), _spelled(closed, _labels)
    found = [_column(heading, named) or _column(heading, labelled) for heading in headings]
    return [one for one in found if one]


def _spelled(
    questions: list[Question], spell: Callable[[Question], Iterator[str]]
) -> dict[str, Question]:
    fits: dict[str, list[Question]] = {}
    for one in questions:
        for text in set(map(straight, spell(one))):
            fits.setdefault(text, []).append(one)
    return {text: ones[0] for text, ones in fits.items() if len(ones) == 1}


def _names(question: Question) -> Iterator[str]:
    yield question.name
    for separator in SEPARATORS:
        yield separator.join((*(group.name for group in question.groups), question.name))


def _labels(question: Question) -> Iterator[str]:
    for at, label in enumerate(question.labels):
        yield label
        around = tuple(_label(group.labels, group.name, at) for group in question.groups)
        for separator in SEPARATORS:
            yield separator.join((*around, label))


def _label(labels: Labels, name: str, at: int) -> str:
    return labels[at] if at < len(labels) else name


def _column(heading: str, spelled: dict[str, Question]) -> Column | None:
    said = straight(heading)
    if said in spelled:
        return Column(heading, spelled[said])
    for at, sign in enumerate(said):
        question = spelled.get(said[:at]) if sign in SEPARATORS else None
        if question is not None and question.kind == "multiple":
            for choice in question.choices:
                if said[at + 1 :] in choice.spellings:
                    return Column(heading, question, choice.name)
    return None
