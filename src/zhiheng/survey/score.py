"""Scores of a questionnaire, question by question and indicator by indicator.

A respondent's score on an indicator is the mean of the answers scored for it; the indicator's score
is the mean over the respondents who have one. "Don't know" is no answer by default, "not
applicable" is out of the base; both are counted. There is no interval: those who answer are no
probability sample, and an interval would say how far chance reaches where chance chose nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zhiheng.survey.authored import Counts
from zhiheng.survey.mapping import Rule, Scored
from zhiheng.survey.model import Form, Question
from zhiheng.survey.rates import Outcome, outcome
from zhiheng.survey.relevance import Answers, Test, condition
from zhiheng.survey.responses import Responses

State = Literal[Counts, "not_asked"]


@dataclass(frozen=True)
class Person:
    """One respondent: the state of every scored question, the scores given, how full the form is.

    `groups` is the choice made in every question the results are broken down by.
    """

    states: Mapping[str, State]
    scores: Mapping[str, float]
    outcome: Outcome
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """A mean score 0…100 and what it rests on.

    `respondents` have at least one scored answer; `mean` is None where there are none. The counts
    are of answers, over all questions of the indicator.
    """

    mean: float | None
    respondents: int
    counts: Mapping[State, int]


def people(
    responses: Responses, form: Form, mapping: Mapping[str, Scored], by: Sequence[str]
) -> list[Person]:
    """The respondents, in the order of the export."""
    read = {name: form.questions[name] for name in form.questions if name in responses.questions}
    asked = {name: _asked(question, read) for name, question in read.items()}
    return [_person(answers, asked, mapping, by) for answers in responses.answers]


def unknown_conditions(form: Form, mapping: Mapping[str, Scored], read: Iterable[str]) -> list[str]:
    """Scored questions of which it cannot be told whether they were asked: blanks count as not
    answered there."""
    known = {name: form.questions[name] for name in form.questions if name in set(read)}
    return [
        name
        for name, one in mapping.items()
        if any(condition(text, known) is None for text in one.question.conditions)
    ]


def _asked(question: Question, read: Mapping[str, Question]) -> Test:
    tests = [condition(text, read) for text in question.conditions]
    understood = [test for test in tests if test is not None]
    return lambda answers: all(test(answers) for test in understood)


def _person(
    answers: Answers,
    asked: Mapping[str, Test],
    mapping: Mapping[str, Scored],
    by: Sequence[str],
) -> Person:
    put = {name for name, test in asked.items() if test(answers)}
    states: dict[str, State] = {}
    scores: dict[str, float] = {}
    for name, one in mapping.items():
        if name not in put and name not in answers:
            states[name] = "not_asked"
            continue
        states[name], score = _state(answers.get(name, ()), one)
        if score is not None:
            scores[name] = score
    silent = {name for name in put if name not in answers or states.get(name) == "no_answer"}
    groups = {name: " ".join(answers.get(name, ())) for name in by}
    return Person(states, scores, outcome(len(put - silent), len(put)), groups)


def _state(answer: tuple[str, ...], one: Scored) -> tuple[State, float | None]:
    rules = [_rule(text, one) for text in answer]
    scores = [rule.score for rule in rules if rule and rule.score is not None]
    if scores:
        return "score", sum(scores) / len(scores)
    for state in ("dont_know", "not_applicable"):
        if any(rule and rule.counts == state for rule in rules):
            return state, None
    return "no_answer", None


def _rule(text: str, one: Scored) -> Rule | None:
    if one.question.kind != "number":
        return one.rules[text]
    value = float(text)
    return next((rule for rule in one.rules.values() if rule.low <= value <= rule.high), None)


def indicators_of(mapping: Mapping[str, Scored]) -> dict[str, list[str]]:
    """Indicator → its questions, in the order of the mapping."""
    found: dict[str, list[str]] = {}
    for name, one in mapping.items():
        for indicator in one.indicators:
            found.setdefault(indicator, []).append(name)
    return found


def figure(persons: Iterable[Person], questions: Sequence[str]) -> Figure:
    """The figure of an indicator from its questions, over some respondents.

    Break-offs count as no response and are left out.
    """
    counts: Counter[State] = Counter()
    own = []
    for person in persons:
        if person.outcome == "break_off":
            continue
        counts.update(person.states[name] for name in questions)
        scores = [person.scores[name] for name in questions if name in person.scores]
        if scores:
            own.append(sum(scores) / len(scores))
    return Figure(sum(own) / len(own) if own else None, len(own), counts)


def split(persons: Sequence[Person], by: Sequence[str]) -> list[tuple[str, str, list[Person]]]:
    """Everybody, then the respondents of every group: question, choice, who."""
    found: list[tuple[str, str, list[Person]]] = [("", "", list(persons))]
    for name in by:
        for value in sorted({person.groups[name] for person in persons}):
            found.append((name, value, [one for one in persons if one.groups[name] == value]))
    return found
