"""`zhiheng review`: files dealt to reviewers, how far they agree, differences decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common, review_simulate

if TYPE_CHECKING:
    from zhiheng.sampling.adjudication import Final
    from zhiheng.sampling.agreement_report import ItemAgreement, ReviewerAgreement

_OUT = typer.Option(..., "--out", help="写入的目录。The folder to write.")
_REVIEWS = typer.Option(
    ..., "--reviews", help="评查结果 CSV/xlsx，或填好的评查表目录；可重复。Answers; repeatable."
)


def register(app: typer.Typer) -> None:
    """Add `zhiheng review assign|agreement|adjudicate|simulate`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("assign", help="分派案卷，部分案卷盲评两次。Deal files to reviewers.")(_assign)
    group.command("agreement", help="评查人之间的一致性。How far reviewers agree.")(_agreement)
    group.command("adjudicate", help="裁定分歧，得出最终答案。Settle differences.")(_adjudicate)
    review_simulate.register(group)
    app.add_typer(group, name="review", help="案卷评查：分派、一致性、裁定。Review of files.")


def _assign(
    sample: Path = typer.Option(..., "--sample", help="抽取的案卷。The drawn files (CSV/xlsx)."),
    reviewers: Path = typer.Option(..., "--reviewers", help="评查人名单。The reviewers."),
    share: float = typer.Option(0.2, "--share", help="盲评两次的比例。Share to be read twice."),
    seed: str = typer.Option(..., "--seed", help="种子，公开后任何人可重做。Seed of the lot."),
    items: Path = typer.Option(None, "--items", help="评查项清单。The items to answer."),
    out: Path = _OUT,
) -> None:
    from zhiheng.cli import language
    from zhiheng.reports.files import new_folder
    from zhiheng.sampling import reviewers as lots
    from zhiheng.sampling import reviewers_sheets as sheets

    _refuse_share(share)
    files, people = lots.read_files(sample), lots.read_reviewers(reviewers)
    questions = sheets.read_items(items) if items else [("", "")]
    readings = lots.assign(files, people, share, seed)
    with new_folder(out) as folder:
        text = lots.assignment_csv(readings)
        (folder / "assignment.csv").write_text(text, "utf-8", newline="")
        for number, one in enumerate(people, start=1):
            own = lots.sheet_order(readings, one.name, seed)
            book = sheets.sheet(own, questions, one.name, language())
            (folder / sheets.sheet_name(number, one.name)).write_bytes(book)
    twice = len(readings) - len(files)
    common.said(
        f"{len(files)} 件案卷，其中 {twice} 件评查两次，{len(people)} 名评查人：{out}",
        f"{len(files)} files, {twice} of them read twice, {len(people)} reviewers: {out}",
    )
    common.said(
        "assignment.csv 不要发给评查人：它说明哪些案卷由两人评查。",
        "Keep assignment.csv from the reviewers: it tells which files are read twice.",
    )


def _refuse_share(share: float) -> None:
    from zhiheng.errors import Message, WrongUse

    if not 0 <= share <= 1:
        raise WrongUse(
            Message(f"比例 {share} 不在 0 与 1 之间。", f"The share {share} is not in 0…1."),
            Message("如 --share 0.2。", "Such as --share 0.2."),
            "--share",
        )


def _agreement(
    reviews: list[Path] = _REVIEWS,
    scale: str = typer.Option(
        "nominal", "--scale", help="alpha 的尺度 nominal|ordinal|interval|ratio。Alpha's scale."
    ),
    weights: str = typer.Option(
        "identity", "--weights", help="部分一致的权数 identity|linear|quadratic|ordinal。AC2."
    ),
    seed: int = typer.Option(0, "--seed", help="自助法种子。Seed of alpha's interval."),
    out: Path = typer.Option(None, "--out", help="写入的目录。The folder to write."),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.sampling import agreement_report as report
    from zhiheng.sampling.agreement_weights import SCALES, WEIGHTINGS
    from zhiheng.sampling.ratings import items_of, read_ratings

    items = items_of(read_ratings(reviews))
    asked = _choice(scale, SCALES, "--scale"), _choice(weights, WEIGHTINGS, "--weights")
    found = report.of_items(items, *asked, seed)
    people = report.of_reviewers(items)
    if out:
        _write_agreement(out, found, people)
    if as_json:
        _print_json(found, people)
    else:
        _show_agreement(found, people)


def _choice(word: str, known: tuple[Any, ...], option: str) -> Any:
    from zhiheng.errors import Message, WrongUse

    if word not in known:
        raise WrongUse(
            Message(f"没有“{word}”。", f"There is no {word!r}."),
            Message(f"可用：{'、'.join(known)}。", f"Use one of {', '.join(known)}."),
            option,
        )
    return word


def _write_agreement(
    out: Path, found: list[ItemAgreement], people: list[ReviewerAgreement]
) -> None:
    from zhiheng.reports.files import new_folder
    from zhiheng.sampling import agreement_tables as tables

    with new_folder(out) as folder:
        for name, text in (
            ("items.csv", tables.items_csv(found)),
            ("reviewers.csv", tables.reviewers_csv(people)),
        ):
            (folder / name).write_text(text, "utf-8", newline="")


def _print_json(found: list[ItemAgreement], people: list[ReviewerAgreement]) -> None:
    import json
    from dataclasses import asdict

    plain = {"items": [asdict(one) for one in found], "reviewers": [asdict(one) for one in people]}
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=1))


def _show_agreement(found: list[ItemAgreement], people: list[ReviewerAgreement]) -> None:
    from zhiheng.cli import language
    from zhiheng.cli.law import print_table
    from zhiheng.sampling.agreement_tables import notes_in_words

    zh = language() == "zh"
    ac = "AC1" if all(one.weighting == "identity" for one in found) else "AC2"
    alike = "一致率" if zh else "agree"
    heading = ("评查项", "双评案卷") if zh else ("item", "read twice")
    rows = [
        (
            one.item,
            str(one.files),
            *(_number(c) for c in (one.percent, one.kappa, one.ac, one.alpha)),
            notes_in_words(one.notes, language()),
        )
        for one in found
    ]
    print_table((*heading, alike, "kappa", ac, "alpha", "说明" if zh else "notes"), rows)
    who = ("评查人", "案卷", "比对") if zh else ("reviewer", "files", "pairs")
    print_table(
        (*who, alike, "kappa", "AC1"),
        [
            (
                one.reviewer,
                str(one.files),
                str(one.pairs),
                *(_plain(value) for value in (one.percent, one.kappa, one.ac)),
            )
            for one in people
        ],
    )


def _number(one: Any) -> str:
    if one.value is None:
        return "—"
    reach = f" ({one.low:.3f}…{one.high:.3f})" if one.low is not None else ""
    return f"{one.value:.3f}{reach}"


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _adjudicate(
    reviews: list[Path] = _REVIEWS,
    decisions: Path = typer.Option(None, "--decisions", help="裁定 CSV/xlsx。The decisions."),
    leave_open: bool = typer.Option(
        False, "--leave-open", help="未裁定的分歧留空写出。Write open differences empty."
    ),
    out: Path = typer.Option(..., "--out", help="最终答案 CSV。The final answers (.csv)."),
) -> None:
    from zhiheng.reports.files import write_whole
    from zhiheng.sampling import adjudication as court
    from zhiheng.sampling.ratings import read_ratings

    ratings = read_ratings(reviews)
    decided = court.read_decisions(decisions) if decisions else {}
    finals = court.settle(ratings, decided)
    _refuse_idle(court.idle(finals, decided))
    unsettled = [one for one in finals if one.basis == "open"]
    for one in unsettled:
        _say_open(one)
    if unsettled and not leave_open:
        _refuse_open(len(unsettled))
    write_whole(out, court.final_csv(finals).encode())
    log = out.with_name(f"{out.stem}.log.csv")
    write_whole(log, court.log_csv(finals).encode())
    agreed, settled = (sum(one.basis == basis for one in finals) for basis in ("agreed", "decided"))
    common.said(
        f"{len(finals)} 项：两人一致 {agreed}，裁定 {settled}，未决 {len(unsettled)}：{out}，{log}",
        f"{len(finals)} answers: {agreed} agreed, {settled} decided, {len(unsettled)} open: "
        f"{out}, {log}",
    )


def _say_open(one: Final) -> None:
    readings = "、".join(f"{name}={answer}" for name, answer in one.readings)
    common.said(
        f"分歧未决：案卷 {one.file}，{one.item}：{readings}",
        f"Open: file {one.file}, {one.item}: {readings}",
    )


def _refuse_open(number: int) -> None:
    from zhiheng.errors import BadInput, Message

    raise BadInput(
        Message(
            f"有 {number} 处分歧未裁定，未写出。", f"{number} differences are open: not written."
        ),
        Message(
            "在 --decisions 中逐一裁定（决定人、日期、理由），或用 --leave-open 留空。",
            "Decide each in --decisions (who, when, why), or leave them empty with --leave-open.",
        ),
    )


def _refuse_idle(idle: list[Any]) -> None:
    from zhiheng.errors import BadInput, Message

    if idle:
        raise BadInput(
            Message("此处没有分歧可裁定。", "There is no difference here to decide."),
            Message(
                "评查人一致的答案不作改动；请删去此行或核对案卷与评查项。",
                "Answers the readers agree on stand: remove the row, or check file and item.",
            ),
            idle[0].place,
        )
