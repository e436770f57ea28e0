"""`zhiheng dishonest`: the dishonest list, its ledger, the joint sanctions, bidders against it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiheng.listings.bidders import Bid
    from zhiheng.listings.model import Measure

SHOWN = 20
_BIDDERS = typer.Argument(
    ..., metavar="FILE", help="投标名单（CSV：投标、角色、证件号码）。CSV of bid, role, number."
)
_BINDS = typer.Option(
    "",
    "--binds",
    help="只列约束此类人的措施，如 controller。Only measures that bind these persons.",
)
_COURT = typer.Option("", "--court", help="只看该法院。Only this court.")
_THE_CASE = typer.Option(..., "--case", metavar="案号", help="案号。Case number.")
_CASE = typer.Option("", "--case", metavar="案号", help="只看此案。Only this case.")
_OUT = typer.Option(None, "--out", help="写入 .csv、.jsonl 或 .parquet。Write the rows to a file.")
_FOLDER = typer.Argument(..., metavar="FOLDER", help="写入的目录。The folder to write to.")


def register(app: typer.Typer) -> None:
    """Add `zhiheng dishonest status|published|measures|bid|reference`."""
    group = typer.Typer(no_args_is_help=True)
    group.command("status", help="失信名单台账。The ledger of the dishonest list.")(_status)
    group.command("published", help="名单信息可公布的内容。What may be published of an entry.")(
        _published
    )
    group.command("measures", help="32项联合惩戒措施。The 32 joint sanctions.")(_measures)
    group.command("bid", help="核查投标人是否在名单上。Look bidders up in the list.")(_bid)
    group.command("reference", help="生成参考页。Write the reference pages.")(_reference)
    app.add_typer(group, name="dishonest", help="失信被执行人名单。The dishonest list.")


def _status(
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    court: str = _COURT,
    case: str = _CASE,
    out: Path = _OUT,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.calendar import load_calendar
    from zhiheng.checks.find import find_case
    from zhiheng.law.load import load_law
    from zhiheng.measures.rows_out import write_rows
    from zhiheng.reports.dishonest.ledger import ledger

    if out:
        common.refuse_target(out, "--out")
    day = common.parse_day(as_of, "--as-of")
    opened = common.open_for(store, court)
    found = find_case(opened, case, court) if case else None
    seen = {"court": court, "case": found.number if found else "", "as_of": as_of}
    rows = ledger(opened, load_law(), load_calendar(), day, court, found.key if found else None)
    opened.trace("dishonest status", **seen, digest=opened.digest)
    if out:
        write_rows(rows, out)
    if as_json:
        _print_json({**seen, "counts": _counts(rows), "rows": rows.to_pylist()})
    else:
        _show_status(as_of, rows, out, whole=bool(case))


def _counts(rows: pa.Table) -> dict[str, Any]:
    """How many rows are in each state with each verdict; deletions and corrections overdue."""
    states, verdicts = (rows.column(name).to_pylist() for name in ("state", "verdict"))
    counts: dict[str, Any] = {}
    for (state, verdict), number in sorted(Counter(zip(states, verdicts, strict=True)).items()):
        counts.setdefault(state, {})[verdict] = number
    for name in ("deletion", "correction"):
        counts[f"{name}_overdue"] = rows.column(name).to_pylist().count("overdue")
    return counts


def _show_status(as_of: str, rows: pa.Table, out: Path | None, whole: bool) -> None:
    from zhiheng.cli import language
    from zhiheng.cli.law import print_table
    from zhiheng.reports.dishonest.words import HEADINGS, cells, sentences

    common.said(f"截至 {as_of}", f"As of {as_of}")
    for sentence in sentences(_counts(rows), language()):
        typer.echo(sentence)
    shown = rows if whole else rows.slice(0, SHOWN)
    print_table(HEADINGS[language()], [cells(row, language()) for row in shown.to_pylist()])
    if out:
        common.said(f"台账：{out}", f"Ledger in {out}")
    elif rows.num_rows > shown.num_rows:
        rest = rows.num_rows - shown.num_rows
        common.said(f"另有 {rest:,} 行，加 --out 文件 写出。", f"{rest:,} more rows: --out FILE.")


def _published(
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    case: str = _THE_CASE,
    court: str = _COURT,
    as_json: bool = common.JSON,
) -> None:
    import msgspec

    from zhiheng.calendar import load_calendar
    from zhiheng.checks.find import find_case
    from zhiheng.cli import language
    from zhiheng.law.load import load_law
    from zhiheng.reports.dishonest.ledger import Bench, published, records
    from zhiheng.reports.dishonest.words import published_lines
    from zhiheng.store.lake import open_store

    opened = open_store(store)
    bench = Bench(load_law(), load_calendar(), common.parse_day(as_of, "--as-of"))
    found = find_case(opened, case, court)
    entries = [
        published(record, bench)
        for record in records(opened, bench.day, "listings", case=found.key)
    ]
    opened.trace("dishonest published", case=found.number, court=court, as_of=as_of)
    if as_json:
        _print_json({"as_of": as_of, "entries": msgspec.to_builtins(entries)})
        return
    for number, entry in enumerate(entries, start=1):
        typer.echo(f"{number}.")
        for line in published_lines(entry, language()):
            typer.echo(f"  {line}")
    if not entries:
        common.said("该案没有失信名单记录。", "The case has no entry on the list.")


def _measures(binds: str = _BINDS, as_json: bool = common.JSON) -> None:
    import msgspec

    from zhiheng.cli import language
    from zhiheng.cli.law import print_table
    from zhiheng.errors import Message, WrongUse
    from zhiheng.listings.model import sanctions

    data = sanctions()
    if binds and binds not in data.bound:
        raise WrongUse(
            Message(f"没有“{binds}”这类人。", f"There are no persons {binds!r}."),
            Message(f"可用：{'、'.join(data.bound)}。", f"There are: {', '.join(data.bound)}."),
            "--binds",
        )
    chosen = data.binding(binds) if binds else data.measures
    if as_json:
        plain = {"document": data.document, "feedback": data.feedback, "measures": chosen}
        _print_json(msgspec.to_builtins(plain))
        return
    headings = {
        "zh": ("号", "措施", "实施单位", "约束", "出处"),
        "en": ("no.", "measure", "carried out by", "binds", "stands in"),
    }
    print_table(headings[language()], [_measure(one, language()) for one in chosen])
    typer.echo(data.feedback.in_language(language()))
    typer.echo(data.updates.in_language(language()))


def _measure(one: Measure, language: str) -> tuple[str, ...]:
    from zhiheng.listings.reference import binds_words

    said = one.in_language(language)
    return (str(one.number), said, "、".join(one.by), binds_words(one, language), one.place)


def _bid(
    bidders: Path = _BIDDERS,
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.reports.dishonest.lookup import look_up, read_bidders
    from zhiheng.store.lake import open_store

    day = common.parse_day(as_of, "--as-of")
    opened, rows = open_store(store), read_bidders(bidders)
    found = look_up(opened, rows, day)
    opened.trace("dishonest bid", as_of=as_of, bidders=len(rows), digest=opened.digest)
    if as_json:
        _print_json({"as_of": as_of, "bids": [_bid_data(one) for one in found]})
    else:
        _show_bids(as_of, found)


def _bid_data(one: Bid) -> dict[str, Any]:
    return {
        "bid": one.bid,
        "consortium": one.consortium,
        "listed": one.listed,
        "members": [
            {"row": member.row, "role": member.role, "listed": member.listed}
            for member in one.members
        ],
    }


def _show_bids(as_of: str, found: list[Bid]) -> None:
    from zhiheng.cli import language
    from zhiheng.cli.law import print_table
    from zhiheng.listings.model import bidding
    from zhiheng.reports.dishonest.words import BID_HEADINGS, bid_cells

    common.said(f"截至 {as_of}", f"As of {as_of}")
    print_table(BID_HEADINGS[language()], [bid_cells(one, language()) for one in found])
    typer.echo(bidding().ends.in_language(language()))
    common.said(
        "只核对本数据仓内的名单，不能代替全国名单查询。",
        "Only this store's entries were looked up: it is no search of the national list.",
    )


def _reference(folder: Path = _FOLDER) -> None:
    from zhiheng.listings.reference import pages
    from zhiheng.reports.files import write_whole

    for name, text in pages().items():
        write_whole(folder / name, text.encode())
        typer.echo(str(folder / name))


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
