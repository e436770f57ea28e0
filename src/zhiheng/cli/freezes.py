"""`zhiheng freezes`: every control with its place, what it holds and when it lapses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    import pyarrow as pa

    from zhiheng.freezes.ledger import Line
    from zhiheng.store.lake import Store

SHOWN = 20
IN_FORCE = ("effective", "waiting")

STATES = {
    "effective": ("生效", "effective"),
    "waiting": ("轮候", "waiting"),
    "lapsed": ("已失效", "lapsed"),
    "released": ("已解除", "released"),
    "used_up": ("已用尽", "used up"),
    "refused": ("记录不成立", "record cannot be"),
    "not_served": ("未送达", "not served"),
}
REMARKS = {
    "end_missing": ("截止日期未记录", "end not recorded"),
    "too_long": ("超过法定最长期限", "longer than the law allows"),
    "rank_differs": ("记载顺位与推算不符", "recorded place differs"),
    "frozen_differs": ("记载冻结金额与推算不符", "recorded sum differs"),
    "renewed_too_late": ("失效后才续行，排到末位", "renewed after it lapsed: at the end"),
    "renewed_without_order": ("续行未见请求", "renewed, but no order on record"),
    "earlier_unknown": ("原措施不在记录中", "earlier control not on record"),
    "order_uncertain": ("同日时刻缺失，先后不明", "minute missing: order uncertain"),
    "more_than_it_holds": ("扣划超过本案控制的金额", "deducted more than it holds"),
    "another_court": ("由其他法院处理", "handled by another court"),
    "not_longer": ("续行未延长截止日期", "renewal does not move the end on"),
    "not_in_force": ("措施已不在效力中", "no longer in force"),
    "ends_before_it_begins": ("截止早于开始", "ends before it begins"),
    "nothing_asked": ("金额为零", "nothing asked"),
}


def register(app: typer.Typer) -> None:
    """Add `zhiheng freezes`."""
    app.command("freezes", help="查封冻结台账与到期预警。Ledger of freezes; what lapses soon.")(
        _freezes
    )


def _freezes(
    store: Path = common.STORE,
    as_of: str = common.AS_OF,
    court: str = typer.Option("", "--court", help="只看该法院，如 陕0102。Only this court."),
    case: str = typer.Option("", "--case", metavar="案号", help="只看该案。Only this case."),
    within: int = typer.Option(
        30, "--within", min=0, metavar="DAYS", help="列为即将到期的天数。Days that count as soon."
    ),
    out: Path = typer.Option(
        None, "--out", help="全部明细写入 .csv、.jsonl 或 .parquet。Write every line to a file."
    ),
    as_json: bool = common.JSON,
) -> None:
    from zhiheng.measures.rows_out import write_rows

    if out:
        common.refuse_target(out, "--out")
    day = common.parse_day(as_of, "--as-of")
    opened = common.open_for(store, court)
    number = _number(opened, case, court)
    lines = _in_order(_chosen(ledger_lines(opened, day), court, number), within)
    opened.trace("freezes", as_of=as_of, court=court, case=number, digest=opened.digest)
    if out:
        write_rows(_table(lines), out)
    if as_json:
        report = {"as_of": as_of, "within": within, "courts": _sums(lines, within)}
        lined = [_plain(line) for line in lines]
        typer.echo(json.dumps({**report, "controls": lined}, ensure_ascii=False, indent=1))
    else:
        _show(lines, as_of, within, out)


def ledger_lines(store: Store, day: int) -> list[Line]:
    """Every line of the ledger of a store as of a day."""
    from zhiheng.calendar import load_calendar
    from zhiheng.freezes.ledger import ledger_of
    from zhiheng.freezes.terms import load_terms
    from zhiheng.measures.control_orders import control_orders
    from zhiheng.store.engine import connect

    orders = control_orders(store, connect())
    return list(ledger_of(orders, day, load_terms(), load_calendar()))


def _number(store: Store, case: str, court: str) -> str:
    """The case number as the store writes it; BadInput where the store does not have it."""
    from zhiheng.checks.find import find_case

    return find_case(store, case, court).number if case else ""


def _chosen(lines: Iterable[Line], court: str, number: str) -> list[Line]:
    """Chosen only now: who stands before a control may be another court's."""
    return [line for line in lines if court in ("", line.court) and number in ("", line.case)]


def _in_order(lines: Iterable[Line], within: int) -> list[Line]:
    """What lapses soon first, by its last day; then what is in force; then what is over."""

    def place(line: Line) -> tuple[int, int, str]:
        if line.state not in IN_FORCE:
            return 2, -(line.expires or 0), line.control
        return int(not _soon(line, within)), line.expires or 2**31, line.control

    return sorted(lines, key=place)


def _soon(line: Line, within: int) -> bool:
    return line.days_left is not None and line.days_left <= within


def _sums(lines: Sequence[Line], within: int) -> list[dict[str, Any]]:
    """By court: controls in force, waiting, lapsing soon, lapsed; asked and held in cents, and of
    how many it is not known what they hold."""
    found: dict[str, dict[str, Any]] = {}
    names = ("in_force", "waiting", "soon", "lapsed", "asked", "held", "held_unknown")
    for line in lines:
        one = found.setdefault(line.court, dict.fromkeys(names, 0))
        one["lapsed"] += line.state == "lapsed"
        if line.state in IN_FORCE:
            one["in_force"] += 1
            one["waiting"] += line.state == "waiting"
            one["soon"] += _soon(line, within)
            one["asked"] += line.asked or 0
            one["held"] += line.held or 0
            one["held_unknown"] += line.held is None
    return [{"court": court, **found[court]} for court in sorted(found)]


def _plain(line: Line) -> dict[str, Any]:
    from zhiheng.calendar import from_day

    plain = asdict(line)
    for name in ("first", "expires"):
        plain[name] = None if plain[name] is None else from_day(plain[name]).isoformat()
    return plain


def _table(lines: Sequence[Line]) -> pa.Table:
    """All lines as rows; days as ISO dates, sums in cents."""
    import pyarrow as pa

    from zhiheng.freezes.ledger import Line

    rows = [{**_plain(line), "remarks": ";".join(line.remarks)} for line in lines]
    numbers = ("rank", "asked", "held", "days_left", "renewals")
    schema = pa.schema(
        [
            (name, pa.int64() if name in numbers else pa.string())
            for name in Line.__dataclass_fields__
        ]
    )
    return pa.Table.from_pylist(rows, schema)


def _show(lines: Sequence[Line], as_of: str, within: int, out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.cli import language

    zh = language() == "zh"
    sums = _sums(lines, within)
    total = {name: sum(one[name] for one in sums) for name in ("in_force", "waiting", "soon")}
    common.said(
        f"截至 {as_of}：在效 {total['in_force']:,} 项，其中轮候 {total['waiting']:,} 项；"
        f"{within} 日内到期 {total['soon']:,} 项。",
        f"As of {as_of}: {total['in_force']:,} in force, {total['waiting']:,} of them waiting; "
        f"{total['soon']:,} lapse within {within} days.",
    )
    heads = (
        ("控制", "案号", "法院", "状态", "顺位", "请求", "冻结", "截止", "剩余", "续行", "说明")
        if zh
        else ("control", "case", "court", "state", "place", "asked", "held", "ends", "left",
              "renewed", "remarks")
    )  # fmt: skip
    table = Table(*heads, box=None)
    for line in lines[:SHOWN]:
        table.add_row(*_cells(line, zh))
    Console(width=170).print(table)
    if len(lines) > SHOWN:
        common.said(
            f"另有 {len(lines) - SHOWN:,} 项，加 --out 文件 写出全部。",
            f"{len(lines) - SHOWN:,} more: --out FILE writes them all.",
        )
    if out:
        common.said(f"明细：{out}", f"Written to {out}")


def _cells(line: Line, zh: bool) -> list[str]:
    plain = _plain(line)
    side = 0 if zh else 1
    remarks = [REMARKS.get(remark, (remark, remark))[side] for remark in line.remarks]
    return [
        line.control,
        line.case,
        line.court,
        STATES[line.state][side],
        _text(line.rank),
        _yuan(line.asked),
        _yuan(line.held),
        _text(plain["expires"]),
        _text(line.days_left),
        _text(line.renewals or None),
        "；".join(remarks) if zh else "; ".join(remarks),
    ]


def _text(value: object) -> str:
    return "·" if value is None else str(value)


def _yuan(cents: int | None) -> str:
    return "·" if cents is None else f"{cents / 100:,.2f}"
