"""`zhiheng survey`: questionnaires out and in, answers scored beside the index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.survey.invited import Invited
    from zhiheng.survey.mapping import Scored
    from zhiheng.survey.model import Form
    from zhiheng.survey.rates import Rates
    from zhiheng.survey.responses import Responses
    from zhiheng.survey.score import Person

_BY = ("court", "role", "side")
"""Questions that results are broken down by where the form has them."""


def register(app: typer.Typer) -> None:
    """Add `zhiheng survey form|read|score|reference`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("form", help="生成问卷（XLSForm）。Write a questionnaire (XLSForm).")(_form)
    group.command("read", help="检查 XLSForm 问卷。Check an XLSForm.")(_read)
    group.command("score", help="对答卷计分，作辅助数据。Score the answers.")(_score)
    group.command("reference", help="生成参考页。Write the reference page.")(_reference)
    app.add_typer(group, name="survey", help="当事人、律师问卷。Questionnaires.")


def _form(
    name: str = typer.Argument(..., help="parties（当事人）或 lawyers（律师）。Which."),
    out: Path = typer.Option(..., "--out", help="要写的 .xlsx 文件。The .xlsx to write."),
    courts: Path = typer.Option(None, "--courts", help="法院名单（代字、名称）。The courts."),
    mapping: Path = typer.Option(None, "--mapping", help="同时写计分表 CSV。The mapping sheet."),
) -> None:
    from zhiheng.reports.files import write_whole
    from zhiheng.survey.authored import questionnaire
    from zhiheng.survey.xlsform import mapping_csv, sheets, workbook

    _refuse_name(name)
    form = questionnaire(name)
    content = sheets(form, _courts(courts) if courts else ())
    write_whole(out, workbook(content))
    common.said(f"{out}：{len(form.questions)} 个问题", f"{out}: {len(form.questions)} questions")
    if not courts:
        common.said(
            "choices 表中的 court_1 请换成参加评估的法院，或用 --courts 给出。",
            "Replace court_1 in the sheet choices by the courts assessed, or give --courts.",
        )
    if mapping:
        write_whole(mapping, mapping_csv(form).encode())
        common.said(f"计分表：{mapping}", f"Mapping sheet: {mapping}")


def _refuse_name(name: str) -> None:
    from zhiheng.errors import Message, WrongUse
    from zhiheng.survey.authored import FORMS

    if name not in FORMS:
        raise WrongUse(
            Message(f"没有问卷“{name}”。", f"There is no questionnaire {name!r}."),
            Message(f"可用：{'、'.join(FORMS)}。", f"Use one of {', '.join(FORMS)}."),
        )


def _courts(path: Path) -> list[tuple[str, str, str]]:
    from zhiheng.sampling.ratings_rows import read_rows

    headings = {
        "court": ("court", "代字", "法院代字", "法院"),
        "name": ("name", "名称", "法院名称"),
    }
    rows = read_rows(path, headings)
    for row in rows:
        if not row["court"] or not row["name"] or " " in row["court"]:
            raise row.bad(
                "代字或名称为空，或代字含空格。", "No code or name, or a blank in the code."
            )
    return [(row["court"], row["name"], row["name"]) for row in rows]


def _read(
    path: Path = typer.Argument(..., help="XLSForm（.xlsx）。"), as_json: bool = common.JSON
) -> None:
    import json
    from dataclasses import asdict

    from zhiheng.survey.read_form import read_form

    form = read_form(path)
    if as_json:
        typer.echo(json.dumps(asdict(form), ensure_ascii=False, indent=1))
        return
    languages = "、".join(form.languages) or "—"
    closed = sum(one.closed for one in form.questions.values())
    common.said(
        f"{form.id}《{form.title}》：{len(form.questions)} 个问题，可计分 {closed} 个；"
        f"语言：{languages}",
        f"{form.id} {form.title!r}: {len(form.questions)} questions, {closed} can be scored; "
        f"languages: {languages}",
    )
    for one in form.questions.values():
        typer.echo(f"  {one.name}  {one.kind}  {one.labels[0] if one.labels else ''}")
    for warning in form.warnings:
        common.said(f"提示：{warning}", f"Note: {warning}")


def _score(
    form: Path = typer.Option(..., "--form", help="问卷 XLSForm。The questionnaire (.xlsx)."),
    mapping: Path = typer.Option(..., "--mapping", help="计分表 CSV/xlsx。The mapping sheet."),
    responses: Path = typer.Option(
        ..., "--responses", help="ODK Central、KoboToolbox 导出。The export (CSV/xlsx)."
    ),
    out: Path = typer.Option(..., "--out", help="写入的目录。The folder to write."),
    invited: str = typer.Option("", "--invited", help="邀请人数或名单。How many, or a list."),
    by: list[str] = typer.Option([], "--by", help="分组的问题，可重复。Break down by; repeatable."),
    design: Path = typer.Option(None, "--design", help="抽样记录。The draw (JSON)."),
) -> None:
    from zhiheng.survey.mapping import read_mapping
    from zhiheng.survey.read_form import read_form
    from zhiheng.survey.responses import read_responses
    from zhiheng.survey.score import people

    asked = read_form(form)
    scored = read_mapping(mapping, asked)
    found = read_responses(responses, asked)
    _refuse_missing(responses, scored, found)
    groups = _groups(by, asked, found)
    note = _note(design)
    asked_of = _invited(invited, asked)
    persons = people(found, asked, scored, groups)
    rows = _responses(persons, asked, groups, asked_of)
    _write(out, persons, scored, asked, groups, found, rows, note)
    _say(found, rows[0][3], asked, scored, note, out)


def _refuse_missing(path: Path, scored: dict[str, Scored], found: Responses) -> None:
    from zhiheng.sampling.ratings_rows import bad

    missing = [name for name in scored if name not in found.questions]
    if missing:
        said = "、".join(missing)
        raise bad(path, f"导出文件缺少问题：{said}。", f"The export lacks questions: {said}.")


def _groups(by: Sequence[str], form: Form, found: Responses) -> list[str]:
    """The questions to break down by; only choices, as what somebody wrote is never printed."""
    from zhiheng.errors import Message, WrongUse

    single = [n for n, one in form.questions.items() if one.kind == "one" and n in found.questions]
    for name in by:
        if name not in single:
            raise WrongUse(
                Message(f"“{name}”不是单选题。", f"{name!r} is not a question with one choice."),
                Message(f"可用：{'、'.join(single)}。", f"Use one of {', '.join(single)}."),
                "--by",
            )
    return list(dict.fromkeys(by)) or [name for name in _BY if name in single]


def _note(design: Path | None) -> str:
    from zhiheng.cli import language
    from zhiheng.survey.results import DRAWN, NO_SAMPLE

    if design is None:
        return NO_SAMPLE.in_language(language())
    _refuse_design(design)
    return DRAWN.in_language(language())


def _refuse_design(path: Path) -> None:
    import json

    from zhiheng.sampling.ratings_rows import bad

    try:
        sound = isinstance(json.loads(path.read_text("utf-8-sig")), dict)
    except (OSError, ValueError):
        sound = False
    if not sound:
        raise bad(path, "不是抽样记录（JSON）。", "It is no record of a draw (JSON).")


def _invited(word: str, form: Form) -> Invited:
    from zhiheng.survey.invited import Invited, read_invited

    return read_invited(word, form.questions.get("court")) if word else Invited()


def _responses(
    persons: list[Person], form: Form, groups: list[str], invited: Invited
) -> list[tuple[str, str, str, Rates]]:
    from zhiheng.errors import BadInput, Message
    from zhiheng.survey.results import response_rows

    rows = response_rows(persons, form, groups, invited, "court")
    for name, value, _, one in rows:
        if one.not_returned is not None and one.not_returned < 0:
            raise BadInput(
                Message(
                    f"收回 {one.returned} 份，多于邀请的 {one.invited} 人。",
                    f"{one.returned} came back of {one.invited} invited.",
                ),
                Message("请核对 --invited。", "Check --invited."),
                f"{name}={value}" if name else "--invited",
            )
    return rows


def _write(
    out: Path,
    persons: list[Person],
    scored: dict[str, Scored],
    form: Form,
    groups: list[str],
    found: Responses,
    rows: list[tuple[str, str, str, Rates]],
    note: str,
) -> None:
    from zhiheng.reports.files import new_folder
    from zhiheng.survey import results

    texts = {
        "auxiliary.csv": results.auxiliary_csv(persons, scored, form, groups, note),
        "questions.csv": results.questions_csv(persons, scored),
        "response.csv": results.response_csv(rows),
        "unread.csv": results.unread_csv(found, form),
    }
    with new_folder(out) as folder:
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8", newline="")


def _say(
    found: Responses, all_: Rates, form: Form, scored: dict[str, Scored], note: str, out: Path
) -> None:
    from zhiheng.survey.score import unknown_conditions

    common.said(
        f"收回 {all_.returned} 份：完整 {all_.complete}，部分 {all_.partial}，"
        f"中途退出 {all_.break_off}（不计分）；审核剔除 {found.rejected}",
        f"{all_.returned} came back: {all_.complete} complete, {all_.partial} partial, "
        f"{all_.break_off} broken off (not scored); {found.rejected} rejected by a manager",
    )
    if all_.rr1 is None or all_.rr2 is None:
        common.said(
            "未给出邀请人数（--invited），没有回收率。",
            "Without --invited there is no response rate.",
        )
    else:
        common.said(
            f"邀请 {all_.invited} 人，未回 {all_.not_returned}：AAPOR RR1 {all_.rr1:.1%}，"
            f"RR2 {all_.rr2:.1%}",
            f"{all_.invited} invited, {all_.not_returned} silent: AAPOR RR1 {all_.rr1:.1%}, "
            f"RR2 {all_.rr2:.1%}",
        )
    unknown = unknown_conditions(form, scored, found.questions)
    if unknown:
        said = "、".join(unknown)
        common.said(
            f"不能判断是否问到，空白按未回答计：{said}",
            f"Whether these were asked cannot be told; blanks count as not answered: {said}",
        )
    common.said(
        f"未读取 {len(found.unread)} 列（文字、姓名、号码、位置、设备等一律不取），见 unread.csv",
        f"{len(found.unread)} columns were not read (text, names, numbers, places, devices are "
        "never taken): see unread.csv",
    )
    typer.echo(note)
    common.said(f"结果：{out}", f"Results in {out}")


def _reference(
    folder: Path = typer.Argument(..., help="写入的目录。The folder to write to."),
) -> None:
    from zhiheng.reports.files import write_whole
    from zhiheng.survey.reference import questionnaires_page

    write_whole(folder / "questionnaires.md", questionnaires_page().encode())
    typer.echo(str(folder / "questionnaires.md"))
