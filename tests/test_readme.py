"""The README's commands work as they stand, in both languages the same."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str) -> list[list[str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [[line.split("  #")[0].strip() for line in block.splitlines()] for block in found]


def test_both_readmes_show_the_same_commands() -> None:
    assert blocks(READMES[0]) == blocks(READMES[1])


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in blocks("README.md")[0]:
        assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


def test_the_commands_run_as_they_stand(tmp_path: Path) -> None:
    commands = blocks("README.md")[1]
    assert len(commands) >= 8
    binaries = Path(sys.executable).parent
    for command in commands:
        words = shlex.split(command)
        done = subprocess.run(
            [binaries / words[0], *words[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    for made in ("findings.csv", "report/report.xlsx", "report/html/index.html", "template.xlsx"):
        assert (tmp_path / made).stat().st_size > 0


@pytest.mark.parametrize("name", READMES)
def test_every_command_in_the_table_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `zhiheng ([a-z]+)", text, re.MULTILINE))
    shown = subprocess.run(
        [Path(sys.executable).with_name("zhiheng"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for command in named:
        assert command in shown
    assert len(named) >= 8


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_of_the_readme_are_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
