"""`zhiheng law`: what the product believes the law says, and how much of it is covered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common
from zhiheng.cli.law_powers import powers

if TYPE_CHECKING:
    from zhiheng.law.model import Duty, Law, Text
    from zhiheng.law.rulebook import Rulebook, Standing
    from zhiheng.reports.law.describe import Part

_DUTY = typer.Argument(
    ..., metavar="ID", help="职责编号，如 payment.paid_out 或 A16。A duty's id or row."
)
_STRICT = typer.Option(
    False,
    "--strict",
    help="规则未录入、无案例或无出处时列出并以 1 退出。"
    "List rows without a bearer, a test or a source; exit 1.",
)
_FOLDER = typer.Argument(..., metavar="FOLDER", help="写入的目录。The folder to write to.")
_WIDE = 1000
"""Columns of a table that goes into a file or a pipe: nothing is cut."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng law list|show|coverage|verify|reference|powers`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list", help="列出全部职责。List the duties.")(_list)
    group.command("show", help="显示一项职责的全部依据和案例。Show a duty, its law and its cases.")(
        _show
    )
    group.command("coverage", help="规则逐条的覆盖情况。Where every row of the rulebook stands.")(
        _coverage
    )
    group.command("verify", help="校验规则数据。Verify the data of the law.")(_verify)
    group.command("reference", help="生成参考页（Markdown）。Write the reference pages.")(
        _reference
    )
    group.command("powers", help="列出执行权力清单。List the enforcement powers.")(powers)
    app.add_typer(group, name="law", help="法律规则：职责、依据、覆盖。The law as data.")


def _list(as_json: bool = common.JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.law.load import load_law

    duties = sorted(load_law().duties.values(), key=lambda duty: duty.rulebook)
    if as_json:
        _print_json([_summary(duty) for duty in duties])
        return
    headings = {
        "zh": ("编号", "规则行", "职责", "对象", "种类", "性质", "期限", "施行", "核对"),
        "en": ("id", "row", "duty", "per", "kind", "nature", "limit", "since", "verified"),
    }
    print_table(headings[language()], [_line(duty, language()) for duty in duties])


def _line(duty: Duty, language: str) -> tuple[str, ...]:
    from zhiheng.reports.law import words
    from zhiheng.reports.law.describe import verified

    return (
        duty.id,
        duty.rulebook,
        duty.title.in_language(language),
        words.subject_words(duty.per, language),
        words.kind_words(duty.kind, language),
        words.pick(words.NATURES[duty.nature], language),
        words.limit_of(duty, language),
        words.in_force(duty),
        duty.last_verified_on or verified(duty, language),
    )


def _summary(duty: Duty) -> dict[str, Any]:
    from zhiheng.reports.law import words

    return {
        "id": duty.id,
        "row": duty.rulebook,
        "zh": duty.title.zh,
        "en": duty.title.en,
        "per": duty.per,
        "kind": duty.kind,
        "nature": duty.nature,
        "limit": words.limit_of(duty, "en"),
        "in_force_since": words.in_force(duty),
        "last_verified_on": duty.last_verified_on,
        "verified_by": duty.verified_by or "maintainers",
        "cases": len(duty.cases),
    }


def _show(name: str = _DUTY, as_json: bool = common.JSON) -> None:
    import msgspec

    from zhiheng.law.load import load_law

    law = load_law()
    duties = _named(law, name)
    if as_json:
        shown = [{**msgspec.to_builtins(duty), **_behind(duty, law)} for duty in duties]
        _print_json(shown[0] if len(shown) == 1 else shown)
        return
    for duty in duties:
        _print_duty(duty, law)


def _named(law: Law, name: str) -> list[Duty]:
    """The duties that bear a row, or the one of that id. Raises WrongUse."""
    from zhiheng.cli.check import duty_ids

    return [law.duties[one] for one in duty_ids(law, name)]


def _print_duty(duty: Duty, law: Law) -> None:
    from zhiheng.cli import language
    from zhiheng.reports.law.describe import describe

    typer.echo(f"{duty.id}  {duty.title.in_language(language())}")
    for part in describe(duty, law, language()):
        _print_part(part)


def _behind(duty: Duty, law: Law) -> dict[str, Any]:
    """The documents a duty cites and the assumptions it makes, as JSON-ready data."""
    import msgspec

    cited = {cite.document for version in duty.versions for cite in version.cites}
    return {
        "documents": {name: msgspec.to_builtins(law.documents[name]) for name in sorted(cited)},
        "assumed": {name: msgspec.to_builtins(law.assumptions[name]) for name in duty.assumptions},
    }


def _print_part(part: Part) -> None:
    if part.heading:
        typer.echo(f"\n{part.heading}")
    for line in part.lines:
        typer.echo(f"  {line}")
    if part.table:
        print_table(*part.table)


def _coverage(strict: bool = _STRICT, as_json: bool = common.JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.law.load import load_law
    from zhiheng.law.rulebook import STATES, load_rulebook
    from zhiheng.reports.law.coverage import standings

    rulebook = load_rulebook()
    found = standings(load_law(), rulebook)
    count = Counter(one.state for one in found)
    counts = {state: count[state] for state in STATES}
    lacks = _lacking(found, rulebook) if strict else {}
    if as_json:
        rows = [_standing_data(one, rulebook) for one in found]
        told = {row: [text.en for text in texts] for row, texts in lacks.items()}
        _print_json({"counts": counts, "rows": rows, **({"lacking": told} if strict else {})})
    else:
        _print_coverage(found, counts, rulebook, language())
        for row, texts in lacks.items():
            for text in texts:
                common.said(f"{row} 缺：{text.zh}", f"{row} lacks: {text.en}")
    if lacks:
        raise typer.Exit(1)


def _lacking(found: list[Standing], rulebook: Rulebook) -> dict[str, list[Text]]:
    from zhiheng.law.load import load_law
    from zhiheng.law.strict import lacking
    from zhiheng.reports.law.coverage import bearers

    others = bearers()
    return lacking(found, rulebook, load_law(), {**others.figures, **others.screens})


def _print_coverage(
    found: list[Standing], counts: dict[Any, int], rulebook: Rulebook, language: str
) -> None:
    from zhiheng.reports.law.words import ROW_STATES, pick

    headings = {
        "zh": ("规则行", "内容", "状态", "承载或问题", "案例数"),
        "en": ("row", "what", "state", "borne by, or question", "cases"),
    }
    rows = [_coverage_line(one, rulebook, language) for one in found]
    print_table(headings[language], rows)
    parts = [f"{pick(ROW_STATES[state], language)} {number}" for state, number in counts.items()]
    parts.append(f"{pick(('合计', 'all'), language)} {len(found)}")
    typer.echo(pick(("，", ", "), language).join(parts))


def _coverage_line(one: Standing, rulebook: Rulebook, language: str) -> tuple[str, ...]:
    from zhiheng.reports.law.words import ROW_STATES, joined, pick

    row = rulebook.rows[one.row]
    said = row.question or row.out_of_scope
    told = joined(one.bearers, language)
    return (
        one.row,
        row.title.in_language(language),
        pick(ROW_STATES[one.state], language),
        told or (said.in_language(language) if said else ""),
        str(one.cases or ""),
    )


def _standing_data(one: Standing, rulebook: Rulebook) -> dict[str, Any]:
    import msgspec

    row = msgspec.to_builtins(rulebook.rows[one.row])
    return {**row, **msgspec.to_builtins(one)}


def _verify(as_json: bool = common.JSON) -> None:
    from zhiheng.law.load import load_law
    from zhiheng.law.verify import remarks

    law = load_law()
    wrong, told = _problems(law), remarks(law)
    if as_json:
        _print_json({"problems": wrong, "remarks": told})
    else:
        _print_verdict(wrong, told)
    if wrong:
        raise typer.Exit(1)


def _problems(law: Law) -> list[str]:
    from zhiheng.calendar import load_calendar
    from zhiheng.checks.boundaries import untried
    from zhiheng.checks.vocabulary import misnamed
    from zhiheng.law.rulebook import load_rulebook
    from zhiheng.law.verify import problems
    from zhiheng.reports.law.coverage import figure_rows

    found = problems(law, load_rulebook(), figure_rows())
    calendar = load_calendar()
    for duty in law.duties.values():
        found += [f"{duty.id}: {gap}" for gap in (*misnamed(duty), *untried(duty, calendar))]
    return found


def _print_verdict(wrong: list[str], told: list[str]) -> None:
    for one in told:
        common.said(f"说明：{one}", f"remark: {one}")
    for one in wrong:
        common.said(f"问题：{one}", f"problem: {one}")
    if wrong:
        common.said(f"{len(wrong)}处问题", f"{len(wrong)} problems")
    else:
        common.said(f"合格，说明{len(told)}条", f"sound, {len(told)} remarks")


def _reference(folder: Path = _FOLDER) -> None:
    from zhiheng.reports.law.pages import write

    for file in write(folder):
        typer.echo(str(file))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    table = Table(*headings, box=box.SIMPLE)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
