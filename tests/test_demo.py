"""The demo goes the whole way and shows what every section of the rulebook finds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from zhiheng.law.load import load_law
from zhiheng.law.screens import load_screens

ZHIHENG = Path(sys.executable).with_name("zhiheng")


def test_the_demo_province_has_findings_of_every_section(tmp_path: Path) -> None:
    words = ("--lang", "en", "demo", "--cases", "1500", "--out", tmp_path / "demo")
    done = subprocess.run([ZHIHENG, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout
    rows = re.findall(r"^ ([A-H]) .*?([\d,]+) +([\d,]+) +([\d,]+) +([\d,]+) *$", said, re.M)
    breached = {letter: int(count.replace(",", "")) for letter, _, _, count, _ in rows}
    assert set(breached) == {duty.rulebook[0] for duty in load_law().duties.values()}
    assert all(breached.values())
    for screen in load_screens().values():
        line = next(line for line in said.splitlines() if line.strip().startswith(screen.title.en))
        assert re.search(r"[\d,]+ +[\d,]+ *$", line)
    powers = load_screens()["power.exercised"].title.en
    (found,) = re.findall(rf"^ {re.escape(powers)} +G01 +([\d,]+) +[\d,]+ *$", said, re.M)
    assert int(found.replace(",", "")) > 0
    assert (tmp_path / "demo" / "report" / "report.xlsx").stat().st_size > 0
