"""The page on what may be said names every option, table and column there is."""

from __future__ import annotations

from pathlib import Path

import typer

from zhiheng.cli import app
from zhiheng.inference.told_apart import DRAWS, MOST_DRAWN
from zhiheng.reports import certainty_tables as tables
from zhiheng.scoring.said import MOST_PAIRED
from zhiheng.scoring.sensitivity import AGGREGATIONS, FLOOR, NORMALISATIONS, Asked

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "reference" / "certainty.md").read_text(
    encoding="utf-8"
)


def test_every_column_of_every_table_is_on_the_page() -> None:
    for columns in (tables.COURTS, tables.NODES, tables.LINES, tables.DIFFERENCES):
        for column in columns:
            assert f"`{column}`" in PAGE, column


def test_every_option_that_leads_there_is_on_the_page() -> None:
    command = typer.main.get_command(app).commands["evaluate"]  # type: ignore[attr-defined]
    named = {option for parameter in command.params for option in parameter.opts}
    for option in ("--draw", "--reviews", "--ratings", "--allow-missing", "--sensitivity"):
        assert option in named
        assert f"`{option}`" in PAGE


def test_the_figures_on_the_page_are_those_of_the_program() -> None:
    assert f"{DRAWS:,} 次" in PAGE
    assert f"超过 {MOST_DRAWN} 个法院" in PAGE
    assert f"超过 {MOST_PAIRED} 个法院" in PAGE
    assert f"±{Asked().weights:.0%}" in PAGE
    assert f"低于 {FLOOR:g} 的抬到 {FLOOR:g}" in PAGE
    assert (NORMALISATIONS, AGGREGATIONS) == (
        ("none", "minmax", "rank"),
        ("arithmetic", "geometric"),
    )
