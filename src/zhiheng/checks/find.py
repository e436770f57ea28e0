"""Explain a duty on a case: find the case in the store, its subjects, and each one's outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from zhiheng.checks.cents import amount_facts, duty_in_cents
from zhiheng.checks.explain import Explanation, explain, single, version_on
from zhiheng.checks.members import member_results
from zhiheng.checks.one_case import check_case
from zhiheng.checks.run import Checked
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput, Message
from zhiheng.law.model import Duty
from zhiheng.records.case_numbers import parse_case_number
from zhiheng.store.few_rows import few_rows
from zhiheng.store.lake import Store


@dataclass(frozen=True)
class FoundCase:
    """A case as the store knows it."""

    key: int
    number: str
    court: str


def find_case(store: Store, written: str, court: str = "") -> FoundCase:
    """The case with a case number, however its brackets are written.

    `court`: only cases of that court are seen; another court's is not found.

    Raises UnreadableCaseNumber; BadInput where the store does not have it.
    """
    parsed = parse_case_number(written)
    number = str(parsed)
    rows = _cases(store, number, court or (None if parsed.old_form else parsed.court_code))
    if not rows and not court and not parsed.old_form:
        rows = _cases(store, number, None)
    if not rows:
        raise _no_such_case(number)
    if len(rows) > 1:
        listed = "、".join(row["case_id"] for row in rows)
        raise BadInput(
            Message(f"有多个案件使用此案号：{listed}。", f"Several cases bear it: {listed}."),
            Message("案号应当唯一，请更正记录。", "A case number is unique: mend the records."),
            number,
        )
    return FoundCase(rows[0]["case"], number, rows[0]["court"])


def _cases(store: Store, number: str, court: str | None) -> list[dict[str, Any]]:
    """The cases with a number. Cases lie in the order of their courts, so that one court's are
    found without reading the others' (a number of today names its court)."""
    where = {"case_number": [number], **({"court": [court]} if court else {})}
    return few_rows(store, "cases", where, ("case", "case_id", "court"))


def _no_such_case(number: str) -> BadInput:
    return BadInput(
        Message("数据仓中没有这个案件。", "The store has no such case."),
        Message("请核对案号，或先导入该案。", "Check the number, or take the case in first."),
        number,
    )


def explain_case(
    store: Store, case: FoundCase, duties: Sequence[Duty], setting: Setting
) -> list[Explanation]:
    """For each duty one explanation for each subject of the case that it is per (one for the
    case)."""
    only = [duty.id for duty in duties]
    checked = check_case(store, setting, only, case.court, case.key)
    if checked is None:
        return []
    return [one for duty in duties for one in _explained(checked, case, duty, setting, store)]


def _explained(
    checked: Checked, case: FoundCase, duty: Duty, setting: Setting, store: Store
) -> list[Explanation]:
    duty = duty_in_cents(duty, amount_facts())
    frame = checked.frame(duty).as_of(setting.as_of)
    outcomes = checked.outcomes[duty.id]
    rows = np.flatnonzero(frame.case == case.key)
    explanations = [explain(duty, frame, outcomes, int(row), setting) for row in rows]
    if duty.kind != "composite":
        return explanations
    version = version_on(duty, single(frame, int(rows[0]))) if len(rows) else None
    if version is None:
        return explanations
    duties = setting.law.duties
    found = member_results(checked, case.key, version, duties, store)
    return [replace(explanation, members=found) for explanation in explanations]
