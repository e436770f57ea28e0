"""The outside check's side: PM4Py on a log, in a process and an environment of its own.

`python peer_side.py LOG FIRST SECOND DAYS OUT` writes seconds and answers to OUT as JSON. Nothing
of the product is imported here, nothing of PM4Py there. Exits with 3 where PM4Py is not installed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOT_INSTALLED = 3
SECONDS_A_DAY = 86_400.0
REPEATS = 7


def timed(job: Callable[[], Any], repeats: int = 1) -> tuple[dict[str, float], Any]:
    """The best of a few runs, wall and processor seconds, and the answer."""
    best = {"wall": float("inf"), "processor": float("inf")}
    answer = None
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        answer = job()
        best["wall"] = min(best["wall"], time.perf_counter() - wall)
        best["processor"] = min(best["processor"], time.process_time() - processor)
    return best, answer


def main(log: str, first: str, second: str, days: int) -> dict[str, Any]:
    """Load, check both ways, and say which cases each way accepts or finds."""
    pm4py = import_module("pm4py")
    ltl_checker = import_module("pm4py.algo.filtering.pandas.ltl.ltl_checker")
    loading, frame = timed(lambda: pm4py.read_xes(log))
    cases, limit = "case:concept:name", days * SECONDS_A_DAY
    within = {
        ltl_checker.Parameters.ENABLE_TIMESTAMP: True,
        ltl_checker.Parameters.TIMESTAMP_DIFF_BOUNDARIES: [(0.0, limit)],
    }
    follows, kept = timed(
        lambda: ltl_checker.eventually_follows(frame, [first, second], parameters=within), REPEATS
    )
    # A mean and a deviation of half the limit each accept exactly 0 to the limit.
    profile = {(first, second): (limit / 2, limit / 2)}
    order = list(dict.fromkeys(frame[cases]))
    conformance, found = timed(lambda: pm4py.conformance_temporal_profile(frame, profile, zeta=1.0))
    return {
        "version": pm4py.__version__,
        "loading": loading,
        "follows": follows,
        "conformance": conformance,
        "within": sorted(set(kept[cases])),
        "deviating": sorted(name for name, rows in zip(order, found, strict=True) if rows),
        "elapsed": _elapsed(frame, first, second),
    }


def _elapsed(frame: Any, first: str, second: str) -> dict[str, list[float]]:
    """Elapsed seconds of every pair of the two activities in a case, as this side reads them."""
    columns = ["case:concept:name", "time:timestamp"]
    begun, done = (frame[frame["concept:name"] == one][columns] for one in (first, second))
    pairs = begun.merge(done, on=columns[0])
    seconds = (pairs["time:timestamp_y"] - pairs["time:timestamp_x"]).dt.total_seconds()
    found: dict[str, list[float]] = {}
    for name, gone in zip(pairs[columns[0]], seconds, strict=True):
        found.setdefault(name, []).append(gone)
    return found


if __name__ == "__main__":
    if find_spec("pm4py") is None:
        sys.exit(NOT_INSTALLED)
    answers = main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    Path(sys.argv[5]).write_text(json.dumps(answers), encoding="utf-8")
