"""`python -m bench.kills [--times N] [--seed S]`: commands killed at random moments, 200 times.

Every trial starts the real command on a store, kills it (-9) at a moment drawn evenly over the time
the command takes, and then asks: does the store open, is every file what its digest says, is it the
store from before or the one from after and nothing between, does the command run again give what a
store never killed gives, and is anything left lying about.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiheng.store import trace
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store, open_store
from zhiheng.store.working import GRACE

AS_OF, PERIOD = "2019-12-31", "2018-01-01..2019-12-31"
COURTS = """court,name,level,parent
甘01,兰州市中级人民法院,intermediate,
甘0102,兰州市城关区人民法院,basic,甘01
甘0103,兰州市七里河区人民法院,basic,甘01
"""
SHARES = {"intake": 0.5, "check": 0.3, "evaluate": 0.2}
"""Which share of the trials kills which command."""

TEMPORARY = "tmp"
"""Folder below the trials' own that killed commands spill to."""

_MAIN = "from zhiheng.cli import main; main()"


class Broken(Exception):
    """A store did not stand a kill; says how."""


@dataclass(frozen=True)
class Trial:
    """One kill: after how many seconds, what was found on the disk, which state the store was in.

    `found` tells how far the command was; `ended` that it was done before the kill came.
    """

    command: str
    after: float
    found: str
    state: str
    ended: bool


@dataclass(frozen=True)
class Ground:
    """What trials work with: data in two lots, stores before and after, and what they give.

    `lasts` is how long each command takes, in seconds; `checked` and `scored` what `check --json`
    and `evaluate --json` print of the store after.
    """

    folder: Path
    before: Store
    after: Store
    lasts: dict[str, float]
    checked: bytes
    scored: bytes

    @property
    def second(self) -> Path:
        """The data that is taken in while the command is killed."""
        return self.folder / "second"


def main() -> None:
    """Run the trials and print the figures; exit code 1 where a store broke."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="zhiheng-kills-"))
    try:
        ground = prepare(folder, arguments.cases)
        trials = []
        shares = {arguments.command: 1.0} if arguments.command else SHARES
        for trial in run_trials(ground, arguments.times, arguments.seed, shares):
            trials.append(trial)
            print(f"{len(trials):>4} {trial}", file=sys.stderr, flush=True)
        left = leftovers_at_last(ground)
    finally:
        if not arguments.folder:
            shutil.rmtree(folder, ignore_errors=True)
    print(figures(trials, ground, left))
    if arguments.json:
        rows = [asdict(trial) for trial in trials]
        Path(arguments.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")
    sys.exit(1 if left else 0)


def prepare(folder: Path, cases: int) -> Ground:
    """Make up the data, take it in undisturbed and measure how long each command takes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "courts.csv").write_text(COURTS, encoding="utf-8")
    size = ("--cases", str(cases), "--seed", "1", "--courts", str(folder / "courts.csv"))
    _done(folder, "simulate", "--province", "甘肃", *size, "--out", str(folder / "data"))
    split(folder / "data", folder / "first", folder / "second")
    before, after = folder / "before", folder / "after"
    _done(folder, "intake", str(folder / "first"), "--store", str(before))
    lasts: dict[str, list[float]] = {command: [] for command in SHARES}
    for _ in range(2):
        shutil.rmtree(after, ignore_errors=True)
        shutil.copytree(before, after)
        for command in SHARES:
            _without_timelines(after)
            lasts[command].append(_seconds(command, after, folder / "second", folder / "report"))
    checked, scored = (_printed(c, after, folder) for c in ("check", "evaluate"))
    typical = {command: statistics.mean(times) for command, times in lasts.items()}
    return Ground(folder, open_store(before), open_store(after), typical, checked, scored)


def split(data: Path, first: Path, second: Path) -> None:
    """Part the data by case: the earlier three quarters with courts and officers, and the rest.

    So many more that the rest is laid out as a layer of its own, beside the first, by processes
    of its own.
    """
    cases = pq.read_table(data / "cases.parquet", columns=["case"]).column("case")
    middle = sorted(cases.to_pylist())[len(cases) * 3 // 4]
    for folder in (first, second):
        folder.mkdir(exist_ok=True)
    for file in data.glob("*.parquet"):
        rows = pq.read_table(file)
        if "case" not in rows.column_names:
            pq.write_table(rows, first / file.name)
            continue
        early = pc.less(rows.column("case"), middle)
        pq.write_table(rows.filter(early), first / file.name)
        pq.write_table(rows.filter(pc.invert(early)), second / file.name)


def run_trials(
    ground: Ground, times: int, seed: int, shares: Mapping[str, float] = SHARES
) -> Iterator[Trial]:
    """The trials one after the other. Raises Broken at the first store that does not stand one."""
    chance = random.Random(seed)
    for command, share in shares.items():
        for number in range(round(times * share)):
            after = chance.uniform(0, ground.lasts[command])
            try:
                # Its digest and sound files say the same; every fourth is asked all the same.
                yield trial(ground, command, after, with_check=number % 4 == 0)
            except Broken as broken:
                raise Broken(f"{command} {number} killed after {after:.3f} s: {broken}") from broken


def trial(ground: Ground, command: str, after: float, with_check: bool = True) -> Trial:
    """Kill one command after so many seconds and hold what is left against what must be.

    `with_check`: check the store afterwards where another command was killed, and hold what is
    printed.
    """
    store, report = _store_for(ground, command), ground.folder / "report"
    earlier = set(_hidden(store, report))
    ended = _killed(command, store, ground.second, report, after)
    found = how_far(command, store, ground, set(_hidden(store, report)) - earlier)
    state = judge(store, ground)
    _refuse_half(report)
    cold = (
        state == "before" if command == "intake" else found in ("not begun", "building timelines")
    )
    took = _run_again(ground, command, store)
    if cold:  # a machine that others use is not always as fast
        ground.lasts[command] = took
    if with_check and command != "check":
        _hold(_printed("check", store, ground.folder), ground.checked, "check")
    refuse_leftovers(store, writer_ran=command == "intake")
    return Trial(command, round(after, 3), found, state, ended)


def _run_again(ground: Ground, command: str, store: Path) -> float:
    """Run the killed command to its end; how long it took. Raises Broken by what it gives."""
    began = time.monotonic()
    printed = _printed(command, store, ground.folder)
    took = time.monotonic() - began
    if command == "intake" and judge(store, ground) != "after":
        raise Broken("taken in again, the store is another")
    if command != "intake":
        _hold(printed, ground.checked if command == "check" else ground.scored, command)
    return took


def judge(path: Path, ground: Ground) -> str:
    """ "before" or "after". Raises Broken where the store is neither, or not whole."""
    store = open_store(path)
    if bad := store.faults():
        raise Broken(f"not as its digest says: {[fault.place for fault in bad]}")
    states = {ground.before.digest: ground.before, ground.after.digest: ground.after}
    if store.digest not in states:
        raise Broken("a state between")
    meant = states[store.digest].manifest
    con = connect()
    for table in ("cases", "events", "payments"):
        if (rows := store.relation(con, table).count().execute()) != meant.rows(table):
            raise Broken(f"{rows} rows of {table} instead of {meant.rows(table)}")
    con.disconnect()
    told = {entry.get("digest") for entry in trace.read(path / "trace.jsonl")}
    if store.digest not in told:
        raise Broken("the trace does not tell of the batch in force")
    return "before" if meant is ground.before.manifest else "after"


def how_far(command: str, store: Path, ground: Ground, left: set[Path]) -> str:
    """How far a killed command was, by what it left on the disk."""
    batches, staging = store / "batches", store / "staging"
    if command == "intake":
        if open_store(store).digest == ground.after.digest:
            return "in force"
        if len(list(batches.iterdir())) > 1:
            return "placed, not in force"
        return "staging" if any(staging.glob("*")) else "not begun"
    at_work = {"timelines": "building timelines", "kept": "keeping counts"}
    for path in left:
        return at_work.get(path.parent.name, "writing the report")
    return "timelines there" if any((store / "timelines").glob("[!.]*")) else "not begun"


def _hidden(store: Path, report: Path) -> Iterator[Path]:
    """Directories that work goes on in."""
    yield from (store / "timelines").glob(".*")
    yield from (store / "kept").glob(".*")
    yield from report.glob(".*-*")


def _store_for(ground: Ground, command: str) -> Path:
    """A fresh copy to take in to; the same store again for commands that only read."""
    path = ground.folder / ("killed" if command == "intake" else "read")
    if command == "intake":
        shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        shutil.copytree((ground.before if command == "intake" else ground.after).path, path)
    _without_timelines(path)
    return path


def _without_timelines(store: Path) -> None:
    """Have everything built and counted anew; what killed processes left stays for the sweep."""
    for directory in (store / "timelines").glob("[!.]*"):
        shutil.rmtree(directory)
    for file in (store / "kept").glob("[!.]*"):
        file.unlink()


def _refuse_half(report: Path) -> None:
    """Raise Broken where half a report is to be seen."""
    book, pages = report / "report.xlsx", report / "html"
    if book.exists() and zipfile.ZipFile(book).testzip() is not None:
        raise Broken("half a workbook")
    if pages.exists() and not {".zhiheng-report", "index.html"} <= {
        p.name for p in pages.iterdir()
    }:
        raise Broken("half the pages")


def refuse_leftovers(store: Path, writer_ran: bool) -> None:
    """Raise Broken where a writer left anything of a killed one, or files not yet swapped in."""
    left = [path.name for path in store.rglob("*.new")]
    if writer_ran:
        opened = open_store(store)
        batches = {batch.id for batch in opened.manifest.batches}
        left += [p.name for p in (store / "batches").iterdir() if p.name not in batches]
        left += [p.name for p in (store / "staging").glob("*")]
        last = opened.manifest.number
        left += [p.name for p in (store / "manifests").iterdir() if int(p.stem) > last]
        if left:
            raise Broken(f"left lying about: {left}")


def leftovers_at_last(ground: Ground) -> list[str]:
    """What is still there once every command ran undisturbed, long enough after the last kill."""
    time.sleep(GRACE + 1)
    store, report = _store_for(ground, "evaluate"), ground.folder / "report"
    _seconds("evaluate", store, ground.second, report)
    spilled = (ground.folder / TEMPORARY).iterdir()
    return sorted(p.name for p in (*_hidden(store, report), *store.rglob("*.new"), *spilled))


def figures(trials: list[Trial], ground: Ground, left: list[str]) -> str:
    """The trials counted, as Markdown."""
    rows = ["| command | takes s | kills | done before | found | store after the kill |"]
    rows.append("|---|---:|---:|---:|---|---|")
    for command in SHARES:
        own = [one for one in trials if one.command == command]
        if not own:
            continue
        ended = sum(one.ended for one in own)
        found = _counted(one.found for one in own)
        states = _counted(one.state for one in own)
        takes = f"{ground.lasts[command]:.1f}"
        rows.append(f"| {command} | {takes} | {len(own)} | {ended} | {found} | {states} |")
    rows.append(f"\n{len(trials)} kills; left lying about at last: {', '.join(left) or 'nothing'}")
    return "\n".join(rows)


def _counted(words: Iterator[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))


def _hold(printed: bytes, meant: bytes, command: str) -> None:
    if printed != meant:
        raise Broken(f"{command} prints something else than on a store never killed")


def _words(command: str, store: Path, second: Path, report: Path) -> list[str]:
    dated = ("--store", str(store), "--as-of", AS_OF, "--json")
    return {
        "intake": ["intake", str(second), "--store", str(store)],
        "check": ["check", *dated],
        "evaluate": ["evaluate", *dated, "--period", PERIOD, "--out", str(report)],
    }[command]


def _killed(command: str, store: Path, second: Path, report: Path, after: float) -> bool:
    """Start a command and kill it; whether it had ended before."""
    words = _words(command, store, second, report)
    process = _started(words, subprocess.DEVNULL, store.parent)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == 0


def _seconds(command: str, store: Path, second: Path, report: Path) -> float:
    began = time.monotonic()
    _done(store.parent, *_words(command, store, second, report))
    return time.monotonic() - began


def _printed(command: str, store: Path, folder: Path) -> bytes:
    return _done(folder, *_words(command, store, folder / "second", folder / "report"))


def _done(folder: Path, *words: str) -> bytes:
    """What a command prints that must succeed. Raises Broken."""
    process = _started(list(words), subprocess.PIPE, folder)
    printed, said = process.communicate()
    if process.returncode:
        raise Broken(f"{words[0]} ended with {process.returncode}: {said.decode()[-2000:]}")
    return printed


def _started(words: list[str], out: int, folder: Path) -> subprocess.Popen[bytes]:
    temporary = folder / TEMPORARY
    temporary.mkdir(exist_ok=True)
    environment = {**os.environ, "ZHIHENG_LANG": "en", "TMPDIR": str(temporary)}
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, *words], stdout=out, stderr=subprocess.PIPE, env=environment
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20170306)
    parser.add_argument("--command", choices=SHARES, help="kill this one only")
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--folder", help="keep the data here")
    parser.add_argument("--json", help="write every trial here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
