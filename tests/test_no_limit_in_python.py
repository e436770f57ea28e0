"""A limit of the law stands in the law's data and nowhere else: no module of the rooms that judge
may hold its number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import zhiheng
from zhiheng.law.load import load_law
from zhiheng.law.model import Limit

ROOMS = ("law", "checks", "screens", "measures", "scoring", "intake", "simulate")
ROOT = Path(zhiheng.__file__).parent

ABOUT_TIME = re.compile(
    r"day|month|hour|minute|week|due|limit|deadline|within|grace|elapsed|passed|since|calendar"
    r"|start|stop|begun|began|filed|closed|arrived|_on\b"
)
"""What source text speaks of when a number beside it could be a length of time."""

ALLOWED = {
    ("checks/boundaries.py", "limit.hours * 60"): "minutes in an hour",
    ("checks/deadline.py", "hours * 60"): "minutes in an hour",
    ("intake/moments.py", "int(hour) * 60"): "minutes in an hour",
    ("screens/entry.py", "MINUTES_PER_HOUR = 60"): "minutes in an hour",
    ("checks/wording.py", "0 < e.due - e.unrolled < 15"): "longer than any run of rest days",
    (
        "simulate/closure_after.py",
        "making.closed.day[partner] + 5",
    ): "made-up gap before a resumption",
    (
        "simulate/closure_after.py",
        "_some(making, 'debtor_change_asked', ended, making.closed.day[ended], 12, 400)",
    ): "made-up days of a range",
    ("simulate/money.py", "payments.day + 15"): "made-up day of a payment without a notice",
}
"""(module, expression) → why its number is not a limit of the law."""


def limits() -> set[int]:
    """The counts of every limit of the law; zero and one say nothing."""
    found: set[int] = set()
    law = load_law()
    for duty in law.duties.values():
        for version in duty.versions:
            found |= set(counts(version))
    for assumption in law.assumptions.values():
        for choice in assumption.choices.values():
            found |= set(choice.settings.get("limit", {}).values())
    return {number for number in found if number > 1}


def counts(value: object) -> Iterator[int]:
    if isinstance(value, Limit):
        yield value.count
    elif isinstance(value, tuple):
        for one in value:
            yield from counts(one)
    elif hasattr(value, "__struct_fields__"):
        for field in value.__struct_fields__:
            yield from counts(getattr(value, field))


def suspects(source: str, numbers: set[int]) -> Iterator[str]:
    """Comparisons, sums, products, calls and assignments in which such a number stands directly
    beside something that speaks of time."""
    for node in ast.walk(ast.parse(source)):
        beside = list(operands(node))
        if any(is_limit(one, numbers) for one in beside):
            text = ast.unparse(node)
            if ABOUT_TIME.search(text.lower()):
                yield text


def operands(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            yield from (node.left, *node.comparators)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()):
            yield from (node.left, node.right)
        case ast.Call(func=ast.Name(id="spread")):
            return  # a draw from a range of days is made up
        case ast.Call():
            yield from (*node.args, *(word.value for word in node.keywords))
        case ast.Assign(value=ast.expr() as value) | ast.AnnAssign(value=ast.expr() as value):
            yield value


def is_limit(node: ast.expr, numbers: set[int]) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and node.value in numbers


def modules() -> list[Path]:
    found = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    return [file for file in found if not file.name.startswith("test_")]


def found_in_rooms() -> list[tuple[str, str]]:
    numbers = limits()
    return [
        (file.relative_to(ROOT).as_posix(), text)
        for file in modules()
        for text in suspects(file.read_text(encoding="utf-8"), numbers)
    ]


def test_no_module_that_judges_holds_the_number_of_a_limit() -> None:
    assert [one for one in found_in_rooms() if one not in ALLOWED] == []


def test_every_exception_is_still_needed() -> None:
    assert set(ALLOWED) <= set(found_in_rooms())


def test_the_scan_sees_modules_and_limits() -> None:
    assert {7, 30, 48} <= limits()
    assert {file.parent.name for file in modules()} >= {"law", "checks", "measures", "simulate"}


def test_the_scan_finds_a_limit_however_it_is_written() -> None:
    written = [
        "late = days > 30",
        "due = start + 30",
        "end = calendar.add_workdays(start, 30)",
        "end = start + timedelta(days=30)",
        "PAYMENT_LIMIT = 30",
        "hours: int = 30",
    ]
    assert all(list(suspects(one, {30})) for one in written)


def test_the_scan_leaves_other_numbers_alone() -> None:
    harmless = ["late = days > 31", "width = 30", "rows[30]", "days = 0", "share = 30 / cases"]
    assert not [text for one in harmless for text in suspects(one, {30})]
