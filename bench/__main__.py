"""`python -m bench [--cases N] [--folder DIR] [--json FILE]`: the demo province, job by job.

Every job runs in a process of its own; its ratio is to a bare DuckDB scan of the same Parquet
files in the same run, so that figures from different machines can be compared.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench.measure import Measured, bare_scan, run, zhiheng

AS_OF, PERIOD = "2019-12-31", "2018-01-01..2019-12-31"


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="zhiheng-bench-"))
    try:
        measured = jobs(folder, arguments.cases)
    finally:
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)
    show(measured, arguments.cases)
    if arguments.json:
        rows = [vars(one) for one in measured]
        Path(arguments.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


def jobs(folder: Path, cases: int) -> list[Measured]:
    """Simulate (reused where it is there), scan, intake, check twice, evaluate."""
    data, store = folder / "data", folder / "store"
    shutil.rmtree(store, ignore_errors=True)
    words = ("--province", "陕西", "--cases", str(cases), "--seed", "20180101", "--out", str(data))
    measured = [run("simulate", zhiheng("simulate", *words))]
    files = sorted(data.glob("*.parquet"))
    kept = ("--store", str(store))
    dated = (*kept, "--as-of", AS_OF)
    out = ("--period", PERIOD, "--out", str(folder / "report"))
    return [
        *measured,
        run("bare scan of the files", bare_scan(files)),
        run("intake", zhiheng("intake", str(data), *kept)),
        run("check, timelines built", zhiheng("check", *dated)),
        run("check, timelines there", zhiheng("check", *dated)),
        run("evaluate with report", zhiheng("evaluate", *dated, *out)),
    ]


def show(measured: list[Measured], cases: int) -> None:
    """Print one row a job."""
    floor = next(one.wall for one in measured if one.name.startswith("bare scan"))
    versions = ", ".join(f"{name} {version(name)}" for name in ("zhiheng", "duckdb", "numpy"))
    print(f"{cases:,} cases; Python {platform.python_version()}, {versions}; {platform.machine()}")
    print(f"{'job':<26}{'wall s':>9}{'cpu s':>9}{'peak MiB':>10}{'× scan':>9}")
    for one in measured:
        ratio = one.wall / floor
        print(f"{one.name:<26}{one.wall:>9.2f}{one.processor:>9.2f}{one.peak:>10.0f}{ratio:>9.1f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--folder", help="keep the data here and reuse it")
    parser.add_argument("--json", help="write the figures here too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
