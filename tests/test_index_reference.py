"""The examples of the index engine's page: its files, its commands, its results."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhiheng.cli import app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "index-engine.md"
FENCE = re.compile(r"```(csv \S+|sh)\n(.*?)```", re.DOTALL)


def test_the_examples_give_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = 0
    for kind, text in FENCE.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "sh":
            for line in text.splitlines():
                done = CliRunner().invoke(app, shlex.split(line)[1:])
                assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception}"
            continue
        file = Path(kind.removeprefix("csv "))
        if file.parent.name == "out":
            assert file.read_text(encoding="utf-8") == text, file
            shown += 1
        else:
            file.write_text(text, encoding="utf-8")
    assert shown == 7


def test_every_option_and_every_file_is_on_the_page() -> None:
    import typer

    from zhiheng.composites.aggregate import METHODS as AGGREGATIONS
    from zhiheng.composites.files import LOG, NAMES
    from zhiheng.composites.normalise import METHODS as NORMALISATIONS

    page = PAGE.read_text(encoding="utf-8")
    group = typer.main.get_command(app).commands["index"]  # type: ignore[attr-defined]
    assert set(group.commands) == {
        "score",
        "replay",
        "compare",
        "describe",
        "weigh",
        "sensitivity",
        "region",
        "years",
        "apart",
    }
    named = {
        option
        for command in group.commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    for word in (*named, *NAMES, LOG, *AGGREGATIONS, *NORMALISATIONS):
        assert f"`{word}" in page, word
