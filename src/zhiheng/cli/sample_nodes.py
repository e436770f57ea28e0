"""`zhiheng sample nodes`: a tree over items read in a sample, every node with its error."""

from __future__ import annotations

from pathlib import Path

import typer

from zhiheng.cli import common
from zhiheng.cli.sample_estimate import (
    ALLOW_MISSING,
    BY,
    OUT,
    REPLACEMENTS,
    REVIEWS,
    SAMPLE,
    readings_of,
)


def register(group: typer.Typer) -> None:
    """Add `zhiheng sample nodes`."""
    group.command("nodes", help="按指标树汇总评查结果，每个节点附误差。A tree over items read.")(
        _nodes
    )


def _nodes(
    sample: Path = SAMPLE,
    reviews: Path = REVIEWS,
    tree: Path = typer.Option(
        ..., "--tree", help="指标树，末级指标为评查项目。The tree; its leaves are items."
    ),
    out: Path = OUT,
    by: str = BY,
    aggregate: str = typer.Option(
        "arithmetic", "--aggregate", help="汇总方法，同 zhiheng index score。As for an index."
    ),
    availability: str = typer.Option("0", "--availability", help="下级有值的最低比例。As above."),
    floor: float = typer.Option(None, "--floor", help="几何、调和平均的下限。As above."),
    gates: Path = typer.Option(
        None, "--gates", help="门槛与一票否决表；其上各节点用自助法。Gates; above them bootstrap."
    ),
    replacements: Path = REPLACEMENTS,
    allow_missing: bool = ALLOW_MISSING,
    replicates: int = typer.Option(1000, "--replicates", min=100, help="自助法次数。Bootstrap."),
    seed: int = typer.Option(1, "--seed", min=0, help="随机数种子。Seed of the bootstrap."),
) -> None:
    from zhiheng.composites.files import shown, table_text
    from zhiheng.composites.gates import read_gates
    from zhiheng.composites.plan import plan_of
    from zhiheng.composites.settings import Settings
    from zhiheng.composites.tables import read_table
    from zhiheng.composites.tree import read_tree
    from zhiheng.scoring.sampled_tree import estimate_nodes

    asked = Settings(tree=str(tree), data="", availability=availability, floor=floor)
    plan = plan_of(
        read_tree(read_table(tree)),
        "none",
        tuple(one.strip() for one in aggregate.split(",")),
        availability=asked.least(),
        floor=asked.checked_floor(),
        gates=read_gates(read_table(gates)) if gates else (),
    )
    found = readings_of(sample, replacements, reviews, "fail", allow_missing)
    rows = estimate_nodes(plan, found, by, replicates, seed)
    out.mkdir(parents=True, exist_ok=True)
    header = ("court", "node", "value", "error", "low", "high", "how")
    content = table_text(
        header,
        (
            [row.court, row.node, *map(shown, (row.value, row.error, row.low, row.high)), row.how]
            for row in rows
        ),
    )
    (out / "nodes.csv").write_bytes(content)
    for row in rows:
        if row.court == "" and row.value == row.value:
            interval = f"[{row.low:.1f}, {row.high:.1f}]"
            typer.echo(f"  {row.node}  {row.value:.2f} ± {row.error:.2f}  {interval}  {row.how}")
    common.said(f"已写入 {out / 'nodes.csv'}", f"Written to {out / 'nodes.csv'}")
