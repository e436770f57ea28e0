"""The jobs at one size, each in a process of its own, with the floor measured in the same run."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from bench.measure import Measured, ours, run, zhiheng
from bench.nation import make_increment, make_nation, source_files

AS_OF, PERIOD, DUTY = "2019-12-31", "2018-01-01..2019-12-31", "inquiry.network"
LEAVES = {"outcomes": "basic.1.4.1", "records": "basic.3.1.1"}
"""Leaves to explain, by what their figures come from."""
PAGES_UP_TO = 1_000_000
"""Cases; pages of all cases behind every figure of more are gigabytes that nobody would open."""
CASES_OF_AN_INCREMENT, EVENTS_OF_AN_INCREMENT = 0.004, 0.1
"""A day's increment for each case of the nation."""
AHEAD = ("--period", PERIOD)
_EXPLAINED = 8


@dataclass(frozen=True)
class Row:
    """A job, and its floor where it has one."""

    job: Measured
    floor: Measured | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor's wall time the job takes."""
        return self.job.wall / self.floor.wall if self.floor else None


@dataclass(frozen=True)
class Places:
    """Where the data and the store of one size lie below the bench's folder."""

    folder: Path
    label: str

    def at(self, name: str) -> Path:
        """The place of a named thing of this size."""
        return self.folder / f"{name}-{self.label}"

    @property
    def store(self) -> Path:
        """The store of this size, made anew in every run."""
        return self.at("store")


def make_data(places: Places, cases: int) -> None:
    """The nation of this size and its two increments, reused where they are there."""
    nation = places.at("nation")
    make_nation(nation, cases)
    new = max(1, round(cases * CASES_OF_AN_INCREMENT))
    events = max(1, round(cases * EVENTS_OF_AN_INCREMENT))
    make_increment(places.at("increment-new"), nation, new, events)
    make_increment(places.at("increment-touching"), nation, new, events, touching=True)


def measure(places: Places, cases: int) -> Iterator[Row]:
    """Every job at one size, told as it is done."""
    _apart(places, cases)
    shutil.rmtree(places.store, ignore_errors=True)
    try:
        yield _intake(places, "intake", "nation")
        yield from _checks(places)
        yield _scores(places, "evaluate, all editions, scores")
        if cases <= PAGES_UP_TO:
            yield _evaluate(places)
        yield from _explanations(places)
        for kind in ("new", "touching"):
            yield _intake(places, f"increment, {kind}", f"increment-{kind}")
            yield Row(_check(places, f"check after increment, {kind}", *AHEAD))
            yield Row(_scores(places, f"evaluate after increment, {kind}").job)
    finally:
        for name in ("floor", "report"):
            shutil.rmtree(places.at(name), ignore_errors=True)


def _apart(places: Places, cases: int) -> None:
    """Make the data in a process of its own: what it took would be counted as its successors'."""
    making = multiprocessing.get_context("spawn").Process(target=make_data, args=(places, cases))
    making.start()
    making.join()
    if making.exitcode:
        raise RuntimeError(f"the data of {cases:,} cases could not be made")


def _intake(places: Places, name: str, sources: str) -> Row:
    given = places.at(sources)
    command = ours("bench.floors", "copy", str(given), str(places.at("floor")))
    floor = run("copy and sort", command)
    return Row(run(name, zhiheng("intake", str(given), "--store", str(places.store))), floor)


def _checks(places: Places) -> Iterator[Row]:
    """The check with the timelines there, and what it takes longer where it has to build them."""
    store = str(places.store)
    first = _check(places, "check, timelines built")
    shutil.rmtree(places.store / "kept")  # what was counted is counted again
    again = _check(places, "check")
    kept = _check(places, "check, counts kept")
    shutil.rmtree(places.store / "kept")
    ahead = _check(places, "check, counting ahead", *AHEAD)
    pivoted = run("pivot", ours("bench.floors", "pivot", store, str(places.at("floor"))))
    read = run("read timelines", ours("bench.floors", "timelines", store))
    yield Row(first)
    yield Row(beyond(first, again, "timelines"), pivoted)
    yield Row(again, read)
    yield Row(kept, read)
    yield Row(ahead, read)


def beyond(whole: Measured, part: Measured, name: str) -> Measured:
    """What `whole` spends that `part` does not; never nothing at all, peak memory as in `whole`."""
    wall = max(whole.wall - part.wall, 0.001)
    return replace(whole, name=name, wall=wall, processor=whole.processor - part.processor)


def _check(places: Places, name: str, *more: str) -> Measured:
    return run(name, zhiheng("check", "--store", str(places.store), "--as-of", AS_OF, *more))


def _scores(places: Places, name: str) -> Row:
    """What is left to an evaluation of all editions after a check that counted ahead."""
    store, out = str(places.store), str(places.at("report"))
    dated = ("--store", store, "--as-of", AS_OF, *AHEAD)
    floor = run("read timelines", ours("bench.floors", "timelines", store))
    scored = zhiheng("evaluate", *dated, "--edition", "all", "--scores", "--out", out)
    return Row(run(name, scored), floor)


def _evaluate(places: Places) -> Row:
    store, out = str(places.store), str(places.at("report"))
    dated = ("--store", store, "--as-of", AS_OF, *AHEAD)
    floor = run("read timelines", ours("bench.floors", "timelines", store))
    return Row(run("evaluate", zhiheng("evaluate", *dated, "--out", out)), floor)


def _explanations(places: Places) -> Iterator[Row]:
    numbers, store = _case_numbers(places.at("nation")), str(places.store)
    asked = ("--store", store, "--as-of", AS_OF, "--duty", DUTY, "--case", numbers[0])
    yield Row(run("explain, cold", zhiheng("explain", *asked)))
    yield _warm("explain, warm", "case", store, AS_OF, DUTY, *numbers)
    courts = _courts(places.at("nation"))
    for kind, leaf in LEAVES.items():
        asked = ("--store", store, "--as-of", AS_OF, *AHEAD, "--court", courts[0], "--leaf", leaf)
        yield Row(run(f"explain a leaf, {kind}, cold", zhiheng("explain", *asked)))
        yield _warm(f"explain a leaf, {kind}, warm", "leaf", store, AS_OF, PERIOD, leaf, *courts)


def _warm(name: str, *words: str) -> Row:
    warm = run(name, ours("bench.warm", *words))
    return Row(replace(warm, wall=float(warm.output)))


def _case_numbers(nation: Path) -> list[str]:
    """Case numbers from all over the nation."""
    files = source_files(nation)["cases"]
    numbers = pq.read_table(files[len(files) // 2], columns=["case_number"])["case_number"]
    return _spread(numbers.to_pylist())


def _courts(nation: Path) -> list[str]:
    """Courts of the basic level from all over the nation."""
    rows = [
        row for file in source_files(nation)["courts"] for row in pq.read_table(file).to_pylist()
    ]
    return _spread(sorted({row["court"] for row in rows if row["level"] == "basic"}))


def _spread(every: list[str]) -> list[str]:
    return every[:: max(1, len(every) // _EXPLAINED)][:_EXPLAINED]
