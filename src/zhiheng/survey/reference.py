"""The reference page of the questionnaires, written from their data."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.survey.authored import FORMS, Answer, Asked, Questionnaire, questionnaire

_INTRO = """\
# 问卷 · Questionnaires

Two questionnaires stand beside the index of 2017: one for parties, one for lawyers. They ask what
the court did, act by act, and not how content anybody is: in enforcement one side hardly ever is.
What they bring is auxiliary (2017 system, 五（五）): a file of its own, never a part of an index.
The questions below are written from the data of the product; do not edit this page
(`zhiheng survey reference docs/reference`).

## Commands

```sh
zhiheng survey form parties --courts courts.csv --out parties.xlsx --mapping mapping.csv
zhiheng survey read parties.xlsx
zhiheng survey score --form parties.xlsx --mapping mapping.csv --responses export.csv \\
  --invited invited.csv --out results
```

`form` writes an XLSForm (sheets survey, choices, settings; Chinese and English) that ODK Central
and KoboToolbox take as it is; pyxform has converted it before it is written. Without `--courts`
(columns court, name) the list of courts holds one line to be replaced. `read` checks any XLSForm.

## Exports that are read

| | ODK Central | KoboToolbox |
|---|---|---|
| a question in a group | `group-question` | `group/question`, any of `/ - . : % \\| >` between |
| several answers | `question` with blanks between; `question/choice` 0 or 1 | the same |
| headings | names | names, or labels in any language of the form, with or without the groups' |
| answers | names | names or labels |
| file | CSV | CSV with `;`, or .xlsx; the line of HXL tags is passed over |
| a submission | `KEY`, `meta-instanceID` | `_uuid`, `_id` |
| not to count | `ReviewState` rejected | `_validation_status` not approved |

A submission that stands there twice, an answer that is none of the choices and a scored question
without a column are refused with their place. Questions in a repeat stand in files of their own and
are not read.

## The mapping sheet

CSV or .xlsx, one row an answer; every choice of a scored question needs a row.

| column | meaning |
|---|---|
| question, answer | the names in the form; of a number `5`, `0..9` (both within) or `10..` |
| score | 0 to 100 |
| counts | empty or `score`; `dont_know` (不清楚), `not_applicable` (不适用), `no_answer` (未回答) |
| direction | empty or `positive`; `negative` makes a score its distance from 100 |
| indicator | one, or several with `;`; stands in the question's first row |

"Don't know" is no answer unless a score is given for it; "not applicable" is out of the base; both
are counted. Where several may be chosen the question's score is the mean of those chosen.

## Results

| file | rows |
|---|---|
| `auxiliary.csv` | indicator by group: respondents, mean, and answers by what they counted as |
| `questions.csv` | the same question by question: item non-response |
| `response.csv` | invited, returned, complete, partial, broken off, silent, and the rates |
| `unread.csv` | columns nothing was taken from |

The mean is over respondents; each has the mean of the own answers to the indicator's questions. A
blank is "not asked" where the form's own condition says so; conditions beyond `= != < > and or not
selected()` are named, and blanks count as not answered there.

Response rates are those of the American Association for Public Opinion Research (Standard
Definitions, with the shares given there): of the questions put, more than 80 % answered is complete
(I), 50–80 % partial (P), less a break-off, which counts as no response and is not scored.
RR1 = I / invited, RR2 = (I + P) / invited, with all invited taken as eligible.

**No interval is given.** Whoever answers is no probability sample. With `--design draw.json` the
respondents were drawn, and intervals come from the design through `zhiheng sample`.

**Privacy.** Only closed questions are read. Free text, names, numbers, devices and places are never
taken from the export, no output has a row of one person, and the mean of a group of fewer than five
is withheld. Groups are formed by questions with one choice alone. From a group withheld and the
total somebody may still infer: do not publish breakdowns with a single small group.
"""


def questionnaires_page() -> str:
    """The page as Markdown."""
    lines = (line for name in FORMS for line in _form(questionnaire(name)))
    return _INTRO + "\n" + "\n".join(lines) + "\n"


def _form(form: Questionnaire) -> Iterator[str]:
    yield f"## {form.title.zh} · {form.title.en}"
    yield ""
    yield f"`{form.id}`. {form.intro.zh} {form.intro.en}"
    yield ""
    yield "| question | 问题 | text | act | 行为 | asked when | answers | indicators |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in form.questions:
        yield f"| {' | '.join(_question(one, form))} |"
    yield ""
    yield "| answers | choice | 选项 | text | score |"
    yield "|---|---|---|---|---|"
    for name, answers in form.choices.items():
        for answer in answers:
            yield f"| {' | '.join((f'`{name}`', *_answer(answer)))} |"
    yield ""


def _question(one: Asked, form: Questionnaire) -> tuple[str, ...]:
    section = form.groups[one.group].when if one.group else ""
    when = " and ".join(f"`{text}`" for text in (section, one.when) if text)
    act = (one.act.en, one.act.zh) if one.act else ("", "")
    answers = f"`{one.choices}`" if one.choices else one.kind
    leaves = ", ".join(f"`{name}`" for name in one.indicators)
    return (f"`{one.name}`", one.zh, one.en, *act, when or "always", answers, leaves)


def _answer(one: Answer) -> tuple[str, ...]:
    counts = "—" if one.counts == "score" else one.counts
    return f"`{one.name}`", one.zh, one.en, counts if one.score is None else f"{one.score:g}"
