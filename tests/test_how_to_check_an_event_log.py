"""The guide's own example, run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from zhiheng.cli import log

GUIDE = Path(__file__).parents[1] / "docs" / "how-to" / "check-an-event-log.md"


def block(language: str) -> str:
    """The first block of a language in the guide."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_example_of_the_guide_prints_what_the_guide_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    (tmp_path / "log.csv").write_text(block("csv"), encoding)
    (tmp_path / "duties.yaml").write_text(block("yaml"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    app = typer.Typer()
    log.register(app)
    app.command("other")(lambda: None)
    words = block("console").split()
    assert words[:4] == ["$", "zhiheng", "--lang", "en"]
    result = CliRunner().invoke(app, words[4:])
    assert result.exit_code == 0
    assert result.stdout == block("text")
