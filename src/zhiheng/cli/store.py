"""`zhiheng store`: what a store holds, and whether every file of it is as it was written."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.store.digests import Fault
    from zhiheng.store.lake import Store


def register(app: typer.Typer) -> None:
    """Add `zhiheng store verify|show`."""
    group = typer.Typer(no_args_is_help=True)
    group.command(
        "verify", help="逐字节核对全部生效文件的摘要。Read every file and compare its digest."
    )(_verify)
    group.command("show", help="列出生效的批次。List the batches in force.")(_show)
    app.add_typer(group, name="store", help="数据仓：查看、核对。The store: shown and verified.")


def _verify(store: Path = common.STORE, as_json: bool = common.JSON) -> None:
    from zhiheng.cli import language
    from zhiheng.store.lake import open_store

    opened = open_store(store)
    with common.progress("核对（MiB）", "Verifying (MiB)") as progress:
        found = [*opened.faults(progress), *_key(opened)]
    files = len(opened.expected())
    with suppress(OSError):  # a copy put away where nothing can be written is verified, too
        opened.trace(
            "verify", files=files, bad=[fault.place for fault in found], digest=opened.digest
        )
    if as_json:
        typer.echo(json.dumps(_verdict(opened, files, found), ensure_ascii=False, indent=1))
    else:
        for fault in found:
            typer.echo(f"{fault.place}: {fault.what.in_language(language())}", err=True)
        _conclude(opened, files, found)
    if found:
        raise typer.Exit(1)


def _key(store: Store) -> list[Fault]:
    """The key of the pseudonyms, which is no record but without which none can be taken in."""
    from zhiheng.store.digests import Fault
    from zhiheng.store.problems import StoreDamaged

    try:
        _ = store.secret
    except StoreDamaged as problem:
        return [Fault(problem.place, problem.what)]
    return []


def _verdict(store: Store, files: int, found: list[Fault]) -> dict[str, Any]:
    bad = [{"file": f.place, "zh": f.what.zh, "en": f.what.en} for f in found]
    return {"digest": store.digest, "files": files, "bad": bad}


def _conclude(store: Store, files: int, found: list[Fault]) -> None:
    from zhiheng.cli import language
    from zhiheng.store.problems import StoreDamaged

    if not found:
        common.said(f"{files:,} 个文件与摘要相符。", f"{files:,} files are as their digests say.")
        common.said(f"数据仓摘要：{store.digest}", f"Digest of the store: {store.digest}")
        return
    remedy = StoreDamaged("", "", "").remedy.in_language(language())
    common.said(f"{len(found):,} 个文件有问题。{remedy}", f"{len(found):,} files are bad. {remedy}")


def _show(store: Path = common.STORE, as_json: bool = common.JSON) -> None:
    from zhiheng.store.lake import open_store

    opened = open_store(store)
    shown = describe(opened)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    common.said(f"数据仓摘要：{opened.digest}", f"Digest of the store: {opened.digest}")
    for number, batch in enumerate(shown["batches"], 1):
        _print_batch(number, batch)
    _print_rows(shown["rows"])


def describe(store: Store) -> dict[str, Any]:
    """The batches in force with their rows, courts, digest, sources and when they came."""
    from zhiheng.records.catalogue import tables

    when = _when(store)
    return {
        "digest": store.digest,
        "rows": {t: store.manifest.rows(t) for t in tables() if store.holds(t)},
        "batches": [
            {
                "digest": batch.id,
                "taken_in": when.get(number),
                "courts": list(batch.courts),
                "rows": {
                    name: batch.tables[name].rows for name in tables() if name in batch.tables
                },
                "updates": sum(table.updates for table in batch.tables.values()),
                "quarantined": batch.quarantined,
                "sources": [source.name for source in batch.sources],
            }
            for number, batch in enumerate(store.manifest.batches, 1)
        ],
    }


def _when(store: Store) -> dict[int, str]:
    """Number of a manifest → when its batch came; the manifest itself has no times.

    An intake cut short may have left a line of the same number: the last one is the one in force.
    """
    from zhiheng.store.trace import read

    entries = read(store.path / "trace.jsonl")
    return {
        e["manifest"]: e["time"] for e in entries if e.get("action") == "intake" and "manifest" in e
    }


def _print_batch(number: int, batch: dict[str, Any]) -> None:
    rows, courts = sum(batch["rows"].values()), len(batch["courts"])
    when = batch["taken_in"] or "?"
    common.said(
        f"批次 {number}：{when}，{courts} 个法院，{rows:,} 行（其中更新 {batch['updates']:,}），"
        f"隔离 {batch['quarantined']:,} 行",
        f"Batch {number}: {when}, {courts} courts, {rows:,} rows ({batch['updates']:,} updates), "
        f"{batch['quarantined']:,} rows quarantined",
    )
    typer.echo(f"  {batch['digest']}")
    typer.echo(f"  {' '.join(batch['courts'])}")


def _print_rows(rows: dict[str, int]) -> None:
    from rich.console import Console
    from rich.table import Table

    from zhiheng.cli import language
    from zhiheng.records.catalogue import tables

    zh = language() == "zh"
    shown = Table(box=None)
    shown.add_column("表" if zh else "table")
    shown.add_column(
        "行（含已被更新的）" if zh else "rows, superseded ones included", justify="right"
    )
    for name, count in rows.items():
        shown.add_row(tables()[name].zh if zh else name, f"{count:,}")
    Console().print(shown)
