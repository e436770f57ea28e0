"""What stands between the rulebook and being whole: every row borne or accounted for, everything
that bears one proved, cited and without a day on which two versions or none are in force.

A row borne by duties is proved by the cases beside them. What has no cases of its own (a figure, an
edition, a programme, a screen) is proved by the tests the row names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from zhiheng.law.load import problems as law_problems
from zhiheng.law.model import Duty, Law, Text
from zhiheng.law.rulebook import Rulebook, Standing
from zhiheng.law.rulebook import problems as rulebook_problems


def lacking(
    found: Iterable[Standing], rulebook: Rulebook, law: Law, others: Mapping[str, str]
) -> dict[str, list[Text]]:
    """Row → what it lacks, rows that lack nothing left out.

    `others`: what bears a row besides duties (figures, screens) → the row. What concerns the
    rulebook as a whole stands under "".
    """
    lacks = {one.row: list(_of_row(one, rulebook, law)) for one in found}
    if not lacks:
        lacks[""] = [Text("规则清单是空的", "the rulebook has no row at all")]
    for fault in rulebook_problems(rulebook, law, others):
        who, _, what = fault.partition(": ")
        lacks.setdefault(_row_of(who, law, others), []).append(_told(f"{who}: {what}"))
    return {row: texts for row, texts in lacks.items() if texts}


def _of_row(one: Standing, rulebook: Rulebook, law: Law) -> Iterator[Text]:
    if one.state == "open":
        yield Text("尚无承载", "nothing bears it")
    for name in one.duties:
        yield from _of_duty(law.duties[name], law)
    if one.state == "computed" and not one.duties and not rulebook.rows[one.row].proved_by:
        yield Text("没有案例，也未注明由哪个测试证明", "it has no cases and names no test")


def _of_duty(duty: Duty, law: Law) -> Iterator[Text]:
    if not duty.cases:
        yield Text(f"{duty.id}：没有案例", f"{duty.id}: it has no case")
    yield from (_told(fault) for fault in law_problems(law, [duty]))


def _row_of(bearer: str, law: Law, others: Mapping[str, str]) -> str:
    """The row a problem belongs to: the row itself, or that of the duty, figure or screen."""
    if bearer in law.duties:
        return law.duties[bearer].rulebook
    return others.get(bearer, bearer if len(bearer) == len("A01") else "")


def _told(fault: str) -> Text:
    return Text(fault, fault)
