"""`python -m bench [--sizes 10k,100k,1m,10m] [--folder DIR] [--json FILE]`: job by job, by size.

Every job runs in a process of its own. Its ratio is to a floor measured in the same run (the same
data moved by a bare engine), so that figures from different machines can be compared.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.growth import growths
from bench.jobs import Places, Row, measure
from bench.printed import HEADER, growth_lines, heading, line

_UNITS = {"k": 1_000, "m": 1_000_000}


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="zhiheng-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = {cases_in(size): at_size(folder, size) for size in arguments.sizes.split(",")}
    finally:
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)
    slopes = growths(
        {cases: {r.job.name: r.job.wall for r in rows} for cases, rows in found.items()}
    )
    print("\n".join(growth_lines(slopes)))
    if arguments.json:
        text = json.dumps(as_data(found, slopes), ensure_ascii=False, indent=1)
        Path(arguments.json).write_text(text, encoding="utf-8")


def at_size(folder: Path, size: str) -> list[Row]:
    """Measure all jobs at one size, printing each as it is done."""
    cases = cases_in(size)
    print(heading(cases), HEADER, sep="\n", flush=True)
    rows = []
    for row in measure(Places(folder, size), cases):
        print(line(row), flush=True)
        rows.append(row)
    return rows


def cases_in(size: str) -> int:
    """10k → 10,000; 1m → 1,000,000; a plain number is itself. Raises ValueError."""
    unit = _UNITS.get(size[-1:].lower())
    return int(size[:-1]) * unit if unit else int(size)


def as_data(found: dict[int, list[Row]], slopes: dict[str, float | None]) -> dict[str, Any]:
    """Everything measured, as plain data."""
    sizes = [
        {"cases": cases, "rows": [_figures(row) for row in rows]} for cases, rows in found.items()
    ]
    return {"heading": heading(max(found)), "sizes": sizes, "growth": slopes}


def _figures(row: Row) -> dict[str, Any]:
    figures = {**asdict(row), "ratio": row.ratio}
    for part in (figures["job"], figures["floor"]):
        if part:
            del part["output"]
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--sizes", default="10k,100k", help="such as 10k,100k,1m,10m")
    parser.add_argument("--folder", help="keep the data here and reuse it")
    parser.add_argument("--json", help="write the figures here too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
