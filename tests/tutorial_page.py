"""The tutorial from a draw to a province: its blocks, what they print, its excerpts written anew.

`python tests/tutorial_page.py` runs the page in a temporary folder and brings its excerpts up to
date; read the words around them afterwards.
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from typer.testing import CliRunner

from zhiheng.cli import app

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tutorial" / "from-a-draw-to-a-province.md"
BLOCK = re.compile(r"(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LEFT_OUT = "…"


@dataclass(frozen=True)
class Excerpt:
    """Lines of the page, all that the commands before them printed, and where the lines stand."""

    text: str
    output: str
    span: tuple[int, int]


def excerpts() -> Iterator[Excerpt]:
    """Run the page in the working directory: save its files, type its commands in English."""
    output = ""
    for block in BLOCK.finditer(PAGE.read_text("utf-8")):
        name, kind, text = block.groups()
        if name:
            Path(name).write_text(text, "utf-8")
        elif kind == "sh":
            output = "".join(map(printed, text.splitlines()))
        else:
            yield Excerpt(text, output, block.span(3))


def printed(command: str) -> str:
    """What a command of the page prints on standard output."""
    first, *words = shlex.split(command)
    if first == "zhiheng":
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{command}\n{done.output}\n{done.exception}"
        return done.stdout
    assert first == "python", command
    path = [str(Path.cwd()), *sys.path]
    with (
        redirect_stdout(StringIO()) as out,
        mock.patch.object(sys, "argv", words),
        mock.patch.object(sys, "path", path),
        mock.patch.dict(sys.modules),
    ):
        runpy.run_path(words[0], run_name="__main__")
    return out.getvalue()


def missing(excerpt: Excerpt) -> list[str]:
    """The lines of an excerpt that the output does not have, in the order of the page."""
    old = map(str.rstrip, excerpt.text.splitlines())
    return [line for line, new in zip(old, refreshed(excerpt), strict=True) if line != new]


def refreshed(excerpt: Excerpt) -> list[str]:
    """The lines of an excerpt as the output has them: the same, else the next that begins with the
    same word, else the next."""
    rest, found = [line.rstrip() for line in excerpt.output.splitlines()], []
    for line in map(str.rstrip, excerpt.text.splitlines()):
        if line in ("", LEFT_OUT):
            found.append(line)
            continue
        alike = [one for one in rest if one.split()[:1] == line.split()[:1]]
        new = line if line in rest else next(iter([*alike, *filter(None, rest)]), "")
        rest = rest[rest.index(new) + 1 :] if new in rest else []
        found.append(new)
    return found


def main() -> None:
    os.environ["ZHIHENG_LANG"] = "en"
    with TemporaryDirectory() as home, chdir(home):
        found = list(excerpts())
    page = PAGE.read_text("utf-8")
    for one in reversed(found):
        start, end = one.span
        page = page[:start] + "".join(f"{line}\n" for line in refreshed(one)) + page[end:]
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
