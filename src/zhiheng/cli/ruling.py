"""`zhiheng ruling check`: a ruling that ends the current enforcement round, read and weighed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.law.model import Citation
    from zhiheng.rulings import CheckedRuling
    from zhiheng.rulings.model import Dated, Finding, Span, Step

PROPOSAL = (
    "以下由程序从裁定文字提出，供人核对；是否合规由人判断。",
    "Proposed from the words of the ruling, to be verified; whether it complies a person decides.",
)
STATES = {
    "evidenced": ("有据", "evidenced"),
    "not_evidenced": ("未见", "not evidenced"),
    "contradicted": ("相反", "contradicted"),
    "not_assessable": ("裁定上看不出", "not assessable from the ruling"),
    "not_applicable": ("不涉及", "not called for"),
}
GROUPS = {
    "substance": ("实质要件", "Substantive conditions"),
    "procedure": ("程序要求", "Procedure"),
    "content": ("裁定书应载事项", "What the ruling has to state"),
    "practice": ("实践核查项（不是法律）", "Checked in practice (not law)"),
    "afterwards": ("裁定之后", "After the ruling"),
}
_QUOTED = 60
"""Characters of a quotation shown; --json has the whole."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng ruling check`."""
    group = typer.Typer(no_args_is_help=True)
    group.command(
        "check", help="核对终本裁定书。Check a ruling that ends the current enforcement round."
    )(_check)
    group.callback()(_group)
    app.add_typer(group, name="ruling", help="裁定书。Rulings.")


def _group() -> None:
    """Keep `check` a command of its own although it is the only one."""


def _check(
    file: Path = typer.Argument(
        ...,
        help="终本裁定书：文本、.docx 或带文字层的 .pdf。"
        "The ruling: text, .docx, or .pdf with a text layer.",
    ),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.cli import language
    from zhiheng.rulings import check_file

    checked = check_file(file)
    if as_json:
        typer.echo(json.dumps(_report(file.name, checked), ensure_ascii=False, indent=1))
        return
    at = 0 if language() == "zh" else 1
    for line in _lines(file.name, checked, at):
        typer.echo(line)


def _report(name: str, checked: CheckedRuling) -> dict[str, Any]:
    """Everything, with every span; sums in whole 分, days as 2021-01-25."""
    import msgspec

    from zhiheng.rulings.patterns import documents

    report: dict[str, Any] = {"file": name, "notice": {"zh": PROPOSAL[0], "en": PROPOSAL[1]}}
    report |= msgspec.to_builtins(checked)
    for one in report["facts"]["debtors"]:
        del one["names"], one["span"]  # the masked name stands for them
    cites = [cite for one in checked.conditions for cite in one.cites]
    cites += [cite for flag in checked.flags for cite in flag.cites]
    named = sorted({cite.document for cite in cites})
    report["documents"] = {one: msgspec.to_builtins(documents()[one]) for one in named}
    return report


def _lines(name: str, checked: CheckedRuling, at: int) -> Iterator[str]:
    """The whole report in one language: 0 Chinese, 1 English."""
    yield f"{name}：{PROPOSAL[at]}" if at == 0 else f"{name}: {PROPOSAL[at]}"
    yield ""
    yield from _facts(checked, at)
    for group, titles in GROUPS.items():
        yield ""
        yield titles[at]
        for one in checked.conditions:
            if one.group == group:
                yield from _finding(one, at)
    yield ""
    yield from _flags(checked, at)


def _facts(checked: CheckedRuling, at: int) -> Iterator[str]:
    facts = checked.facts
    yield ("事实", "Facts")[at]
    yield _row(("法院", "court")[at], _text(facts.court))
    number = facts.case_number.canonical if facts.case_number else ""
    yield _row(("案号", "case number")[at], number)
    for debtor in facts.debtors:
        yield _row(("被执行人", "debtor")[at] + str(debtor.number), debtor.masked)
    for one in facts.basis:
        yield _row(("执行依据", "document enforced")[at], _text(one))
    yield _row(("裁定日", "day of the ruling")[at], str(facts.ruling_day or ""))
    filed = ("立案", "filed") if facts.filing_stated else ("申请执行", "applied for")
    yield _row(filed[at], str(facts.filing_day or ""))
    yield from (_dated(one, at) for one in facts.dates if one.kind != "ruling")
    yield from _money(checked, at)
    yield from (_step(one, at) for one in facts.steps)
    for cited in facts.cited:
        yield _row(("引用条文", "article cited")[at], f"{cited.known_as} {cited.article}")
    signed = [f"{one.function} {one.name}" for one in facts.signatories]
    yield _row(("署名", "signed by")[at], "、".join(signed))


def _dated(one: Dated, at: int) -> str:
    from zhiheng.rulings.patterns import statement_kinds

    known = statement_kinds().get(one.kind)
    title = (known.title.zh, known.title.en)[at] if known else ("其他日期", "another day")[at]
    return _row(title, f"{one.day}  {_quote(one.span)}")


def _money(checked: CheckedRuling, at: int) -> Iterator[str]:
    from zhiheng.rulings.sums import yuan

    sums = checked.arithmetic
    terms = (
        (("债权", "claimed"), sums.claim),
        (("已执行", "executed"), sums.executed),
        (("未执行", "outstanding"), sums.outstanding),
    )
    for title, fen in terms:
        yield _row(title[at], "" if fen is None else yuan(fen))
    yield _row(("核算", "arithmetic")[at], (sums.reason.zh, sums.reason.en)[at])


def _step(one: Step, at: int) -> str:
    from zhiheng.rulings.patterns import readings

    title = readings().steps[one.kind].title
    objects = [readings().objects[name].title for name in one.objects]
    words = [
        "、".join(name.zh for name in objects) if at == 0 else ", ".join(n.en for n in objects),
        " ".join(str(day) for day in one.days),
        one.count,
        one.duration,
        ("无结果", "nothing found")[at] if one.nothing_found else "",
    ]
    said = " · ".join(word for word in words if word)
    return _row((title.zh, title.en)[at], f"{said}  {_quote(one.span)}".strip())


def _finding(one: Finding, at: int) -> Iterator[str]:
    from rich.cells import set_cell_size

    state = STATES[one.state][at]
    width = 14 if at == 0 else 32
    title, reason = (one.title.zh, one.reason.zh) if at == 0 else (one.title.en, one.reason.en)
    yield f"  {set_cell_size(state, width)}{title}  [{_cited(one.cites, at)}]"
    yield from _because(reason, one.spans, width)
    for each in one.debtors:
        name = (f"被执行人{each.number}（{each.masked}）", f"debtor {each.number} ({each.masked})")
        yield f"  {' ' * width}· {name[at]}: {STATES[each.state][at]}"


def _flags(checked: CheckedRuling, at: int) -> Iterator[str]:
    flags = checked.flags
    states = {one.id: f"[{STATES[one.state][at]}] " for one in checked.conditions}
    if not flags:
        yield ("提示：无", "Flags: none")[at]
        return
    yield (f"提示 {len(flags)} 项", f"{len(flags)} flags")[at]
    for number, one in enumerate(flags, 1):
        title, reason = (one.title.zh, one.reason.zh) if at == 0 else (one.title.en, one.reason.en)
        head = f"  {number}. {states.get(one.id, '')}{title}"
        yield f"{head}：{reason}" if at == 0 else f"{head}: {reason}"
        yield f"     {_cited(one.cites, at)}"


def _because(reason: str, spans: Iterable[Span], width: int) -> Iterator[str]:
    quotes = [_quote(span) for span in spans]
    more = f" +{len(quotes) - 2}" if len(quotes) > 2 else ""
    yield f"  {' ' * width}{reason} {' '.join(quotes[:2])}{more}".rstrip()


def _cited(cites: Iterable[Citation], at: int) -> str:
    from zhiheng.rulings.patterns import documents

    unread = ("（未核对原文）", " (text not verified)")[at]
    told = []
    for cite in cites:
        document = documents()[cite.document]
        name = document.number or document.title.in_language("zh" if at == 0 else "en")
        told.append(f"{name} {cite.place}{'' if cite.grade == 'text' else unread}")
    return "; ".join(told)


def _row(title: str, value: str) -> str:
    from rich.cells import set_cell_size

    return f"  {set_cell_size(title, 26)}{value or '—'}"


def _text(span: Span | None) -> str:
    return "".join(span.text.split()) if span else ""


def _quote(span: Span) -> str:
    """The words in quotation marks on one line, with where they stand."""
    words = _text(span)
    short = words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"
    return f"“{short}”({span.start}–{span.end})"
