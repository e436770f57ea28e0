"""`python -m bench.peer --log FILE [--json FILE] [--python PYTHON]`: one limit, checked twice.

The limit "Send Fine within 90 days of Create Fine" is checked on one log by the product and by
PM4Py: as conformance to a temporal profile, and as "eventually follows within". PM4Py is AGPL: it
is an outside check, run in a process and (with --python) an environment of its own, and left out
with a reason where it is not installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.differences import explained
from bench.peer_side import NOT_INSTALLED, REPEATS, timed
from zhiheng.calendar import MISSING
from zhiheng.checks import outcomes as o
from zhiheng.checks.event_log import check_log, frame_of
from zhiheng.checks.log_rules import LogRules, rules_from
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.logs import read_log

FIRST, SECOND, DAYS = "Create Fine", "Send Fine", 90
Seconds = dict[str, float]


@dataclass(frozen=True)
class Ours:
    """The product's own course over the log: seconds, and what it says of each case."""

    loading: Seconds
    check: Seconds
    met: frozenset[str]
    late: frozenset[str]
    days: dict[str, int] = field(repr=False)


@dataclass(frozen=True)
class Compared:
    """One way to ask PM4Py, beside the product: seconds, cases found, and why they differ."""

    name: str
    ours: Seconds
    theirs: Seconds
    loaded_ours: float
    loaded_theirs: float
    found_ours: int
    found_theirs: int
    differing: dict[str, int]

    @property
    def ratio(self) -> float:
        """How many times as long the other side takes on a log already loaded (processor)."""
        return self.theirs["processor"] / self.ours["processor"]

    @property
    def ratio_of_wall(self) -> float:
        """The same by the clock."""
        return self.theirs["wall"] / self.ours["wall"]

    @property
    def ratio_with_loading(self) -> float:
        """The same by the clock with the log read from its file."""
        ours, theirs = self.ours["wall"], self.theirs["wall"]
        return (theirs + self.loaded_theirs) / (ours + self.loaded_ours)


def main() -> None:
    """Measure both and print."""
    arguments = _arguments()
    log = Path(arguments.log)
    theirs = their_side(arguments.python, log)
    if theirs is None:
        print(f"PM4Py: left out, not installed for {arguments.python} (--python names another)")
        return
    found = compared(our_side(log), theirs)
    print("\n".join(lines(found, theirs["version"])))
    if arguments.json:
        data = [{**asdict(one), "ratio": one.ratio} for one in found]
        Path(arguments.json).write_text(json.dumps(data, indent=1), encoding="utf-8")


def our_side(path: Path) -> Ours:
    """Read the log and check it the way `zhiheng log check` does."""
    rules = the_rule()
    loading, log = timed(lambda: read_log(path, rules.columns, rules.attributes))
    seconds, checked = timed(lambda: check_log(log, rules), 3 * REPEATS)
    state = checked.outcomes["limit"].state
    names = np.array(log.cases, dtype=object)
    met, late = (frozenset(names[state == one]) for one in (o.MET, o.LATE))
    return Ours(loading, seconds, met, late, _days(log, rules))


def _days(log: EventLog, rules: LogRules) -> dict[str, int]:
    days = frame_of(log, rules).days
    both = np.flatnonzero((days["first"] != MISSING) & (days["second"] != MISSING))
    between = days["second"] - days["first"]
    return {log.cases[row]: int(between[row]) for row in both}


def their_side(python: str, log: Path) -> dict[str, Any] | None:
    """What the other side measured and found; None where it is not installed."""
    with tempfile.TemporaryDirectory(prefix="zhiheng-peer-") as folder:
        out = Path(folder) / "answers.json"
        script = str(Path(__file__).with_name("peer_side.py"))
        command = [python, script, str(log), FIRST, SECOND, str(DAYS), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == NOT_INSTALLED:
            return None
        if done.returncode:
            raise RuntimeError(f"PM4Py failed:\n{done.stderr[-2000:]}")
        answers: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return answers


def compared(ours: Ours, theirs: dict[str, Any]) -> list[Compared]:
    """Both ways of asking, each with the cases on which the answers differ."""
    ways = (
        ("time conformance: cases beyond the limit", "conformance", ours.late, "deviating"),
        ("eventually follows within: cases inside it", "follows", ours.met, "within"),
    )
    return [
        Compared(
            name,
            ours.check,
            theirs[way],
            ours.loading["wall"],
            theirs["loading"]["wall"],
            len(mine),
            len(theirs[answer]),
            explained(mine ^ set(theirs[answer]), ours.days, theirs["elapsed"], DAYS),
        )
        for name, way, mine, answer in ways
    ]


def lines(found: list[Compared], version: str) -> Iterator[str]:
    """What is printed."""
    yield f"'{SECOND}' within {DAYS} days of '{FIRST}'; PM4Py {version}"
    for one in found:
        yield one.name
        yield f"  found: {one.found_ours:,} here, {one.found_theirs:,} there"
        for why, number in one.differing.items():
            yield f"  differing: {number:,} ({why})"
        for kind in ("processor", "wall"):
            ours, theirs = one.ours[kind] * 1000, one.theirs[kind] * 1000
            yield f"  {kind}: {ours:,.1f} ms here, {theirs:,.1f} ms there"
        yield f"  ratio: {one.ratio:.1f} (processor), {one.ratio_of_wall:.1f} (wall)"
        yield (
            f"  with loading ({one.loaded_ours:.1f} s here, {one.loaded_theirs:.1f} s there): "
            f"{one.ratio_with_loading:.1f} (wall)"
        )


def the_rule() -> LogRules:
    """The limit alone, in calendar days, as a duties file would say it."""
    document = {
        "title": {"zh": "期限", "en": "The limit"},
        "issuer": "–",
        "issued": "1993-01-01",
        "number": "1",
        "in_force": "1993-01-01",
    }
    version = {
        "valid_from": "1993-01-01",
        "start": ["first"],
        "stop": ["second"],
        "within": {"days": DAYS},
        "only_if_done": True,
        "cites": [{"document": "limit", "place": "1"}],
    }
    duty = {
        "id": "limit",
        "title": {"zh": "期限", "en": "The limit"},
        "per": "case",
        "kind": "deadline",
        "nature": "indicator",
        "summary": "The second activity follows the first within the limit, if it follows.",
        "versions": [version],
    }
    nodes = {"first": FIRST, "second": SECOND}
    raw = {"calendar": "none", "documents": {"limit": document}, "nodes": nodes, "duties": [duty]}
    return rules_from(raw, "bench")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peer", description=__doc__)
    parser.add_argument("--log", required=True, help="the road traffic fines log (XES)")
    parser.add_argument("--python", default=sys.executable, help="a Python that has PM4Py")
    parser.add_argument("--json", help="write the figures here too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
