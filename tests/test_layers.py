"""Records that come in day by day are checked as those that come in at once."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.engines import HERE
from zhiheng.checks.one_case import check_case
from zhiheng.checks.one_court import check_court
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.run import Checked, run
from zhiheng.checks.setting import Setting
from zhiheng.cli import app
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.law.load import load_law
from zhiheng.measures.behind import rows_behind
from zhiheng.measures.behind_court import rows_behind_court, table_named
from zhiheng.measures.few_findings import named_of_court
from zhiheng.measures.figures import FIGURES
from zhiheng.measures.findings import Finding, named
from zhiheng.measures.from_outcomes import DUTIES, NEEDS, count_ratios
from zhiheng.measures.period import Period
from zhiheng.measures.tally import Tally, count_part, merged, tally_of
from zhiheng.scoring.ahead import runs_of
from zhiheng.scoring.evaluate import score_all
from zhiheng.scoring.run import Run, question, question_of
from zhiheng.store import parts
from zhiheng.store.engine import connect, fetched
from zhiheng.store.few_rows import few_rows
from zhiheng.store.lake import Store, open_store
from zhiheng.store.layers import layers

CASES, LAST = 1500, "2019-12-31"
KEYLESS = ("courts", "officers")


def zhiheng(*words: object) -> None:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("layers")
    zhiheng("simulate", "--cases", CASES, "--seed", 5, "--out", home / "data")
    return home / "data"


@pytest.fixture(scope="module")
def at_once(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = tmp_path_factory.mktemp("at-once") / "store"
    zhiheng("intake", data, "--store", store)
    return open_store(store)


@pytest.fixture(scope="module")
def by_day(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same records in three batches: most; then some cases' later events, and that they were
    closed; then new cases."""
    home = tmp_path_factory.mktemp("by-day")
    cases = pq.read_table(data / "cases.parquet").column("case").to_numpy()
    late, new = cases[::25], cases[7::25]
    batches: list[dict[str, pa.Table]] = [{}, {}, {}]
    for file in sorted(data.glob("*.parquet")):
        table, name = pq.read_table(file), file.stem
        which = np.zeros(len(table), int)
        if name not in KEYLESS:
            own = table.column("case").to_numpy()
            which[np.isin(own, new)] = 2
            if name == "events":
                again = np.isin(own, late) & (np.arange(len(own)) % 3 == 0)
                which[again] = 1
        for number, batch in enumerate(batches):
            batch[name] = table.filter(pa.array(which == number))
        if name == "cases":
            batches[1][name] = table.filter(pa.array(np.isin(cases, late)))
            batches[0][name] = not_closed(batches[0][name], late)
    store = home / "store"
    for number, batch in enumerate(batches):
        folder = home / f"batch-{number}"
        folder.mkdir()
        for name, table in batch.items():
            if len(table):
                pq.write_table(table, folder / f"{name}.parquet")
        zhiheng("intake", folder, "--store", store)
    return open_store(store)


def not_closed(cases: pa.Table, some: np.ndarray[Any, Any]) -> pa.Table:
    """The rows of cases as they were while some of them were still open."""
    open_then = pa.array(np.isin(cases.column("case").to_numpy(), some))
    for name in ("closed", "closed_recorded", "closing_kind"):
        at, column = cases.schema.get_field_index(name), cases.column(name)
        cases = cases.set_column(at, name, pc.if_else(open_then, None, column))
    return cases


def setting(day: str = LAST) -> Setting:
    return Setting(load_law(), load_calendar(), to_day(date.fromisoformat(day)))


def same(one: Tally, other: Tally) -> bool:
    return _plain(one) == _plain(other)


def _plain(tally: Tally) -> dict[Any, Any]:
    return {(court, duty): counts.tolist() for court, duty, counts in tally.items()}


def test_small_batches_lie_above_the_large_one(by_day: Store) -> None:
    found = layers(by_day.manifest)
    assert [(layer.first, layer.last) for layer in found] in (
        [(0, 0), (1, 2)],
        [(0, 0), (1, 1), (2, 2)],
    )


@pytest.mark.parametrize("again", [False, True])
def test_the_scores_are_the_same(
    at_once: Store, by_day: Store, tmp_path: Path, again: bool
) -> None:
    found = []
    for store in (at_once, by_day):
        out = tmp_path / store.path.parent.name
        asked = ("--as-of", LAST, "--period", f"2018-01-01..{LAST}", "--edition", "all")
        zhiheng("evaluate", "--store", store.path, *asked, "--scores", "--out", out)
        found.append((out / "scores.csv").read_text("utf-8"))
    assert found[0].count("\n") > 500
    assert found[0] == found[1]


@pytest.mark.parametrize("day", [LAST, "2018-10-08"])
def test_the_counts_are_the_same(at_once: Store, by_day: Store, day: str) -> None:
    expected = tally_of(at_once, setting(day))
    assert expected.states.sum() > 100_000
    assert same(tally_of(by_day, setting(day)), expected)
    assert same(tally_of(by_day, setting(day)), expected)  # out of what was kept


def test_the_counts_of_one_court_are_the_same(at_once: Store, by_day: Store) -> None:
    for court in ("陕01", "陕0102"):
        one, other = (
            tally_of(s, setting(), court=court).of_court(court) for s in (at_once, by_day)
        )
        assert one.states.sum() > 500
        assert same(one, other)


def test_the_figures_are_the_same_and_none_is_left_of_what_is_gone(
    at_once: Store, by_day: Store
) -> None:
    day = setting().as_of
    found = []
    for store in (at_once, by_day):
        runs = runs_of(store, load_law(), Period(day - 729, day), day)
        found.append([scored.figures for scored in score_all(runs)])
    assert found[0][0].num_rows > 500
    assert found[0] == found[1]


def test_the_findings_are_the_same(at_once: Store, by_day: Store) -> None:
    at = setting()
    found = []
    for store in (at_once, by_day):
        work = Finding(at.law.duties, at.as_of)
        raw = [table for tables in HERE.over(store, at, work) for table in tables]
        found.append(named(raw, store, connect(), at.law))
    by = [(name, "ascending") for name in found[0].column_names]
    assert found[0].num_rows > 1000
    assert found[0].sort_by(by).equals(found[1].sort_by(by))


def test_a_case_checked_alone_comes_out_as_among_all(by_day: Store, data: Path) -> None:
    at = setting()
    cases = pq.read_table(data / "cases.parquet").column("case").to_numpy()
    whole = list(run(by_day, at))
    for case in map(int, [*cases[::25][:6], *cases[7::25][:6], *cases[3::200]]):
        (court,) = few_rows(by_day, "cases", {"case": [case]}, ["court"])
        alone = check_case(by_day, at, at.law.duties, court["court"], case)
        assert alone is not None
        expected = [outcomes(checked, at, case) for checked in whole]
        assert outcomes(alone, at, case) in expected


def outcomes(checked: Checked, at: Setting, case: int) -> dict[str, list[Any]]:
    """Every outcome on a case, by duty."""
    found = {}
    for duty in at.law.duties.values():
        frame, all_of_it = checked.frame(duty), checked.outcomes[duty.id]
        rows = np.flatnonzero(frame.case == case)
        found[duty.id] = [
            (int(frame.key[row]), *(int(column[row]) for column in _columns(all_of_it)))
            for row in rows
        ]
    return found


def _columns(found: Outcomes) -> tuple[np.ndarray, ...]:
    return found.state, found.reason, found.start, found.due, found.stop, found.days_over


def test_a_case_that_no_part_has_is_not_checked(by_day: Store) -> None:
    assert check_case(by_day, setting(), ["inquiry.network"], "陕0102", 1) is None
    assert check_case(by_day, setting(), ["inquiry.network"], "无此法院", 1) is None


def test_a_new_batch_leaves_what_was_laid_out_below(by_day: Store) -> None:
    tally_of(by_day, setting())
    before = written(by_day)
    assert len({file.parent for file in before}) >= 3
    shutil.rmtree(by_day.path / "kept")
    tally_of(by_day, setting())
    assert written(by_day) == before


def written(store: Store) -> dict[Path, int]:
    """When each file of the timelines was written."""
    files = (store.path / "timelines").rglob("*.arrow")
    return {file: file.stat().st_mtime_ns for file in files}


def test_many_parts_in_several_processes_count_what_one_part_does(
    at_once: Store, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "CASES_IN_A_PART", 300)
    zhiheng("intake", data, "--store", tmp_path / "store")
    store = open_store(tmp_path / "store")
    assert same(tally_of(store, setting()), tally_of(at_once, setting()))
    kept = list((store.path / "kept").glob("*.npz"))
    assert len(kept) >= 4


def test_a_kept_count_that_was_damaged_or_moved_is_counted_again(
    at_once: Store, data: Path, tmp_path: Path
) -> None:
    zhiheng("intake", data, "--store", tmp_path / "store")
    store = open_store(tmp_path / "store")
    expected = tally_of(store, setting())
    other = tally_of(store, setting("2018-10-08"))
    first, second = sorted((store.path / "kept").glob("*.npz"))
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content[: len(content) // 2])
    assert same(tally_of(store, setting()), expected)
    assert same(tally_of(store, setting("2018-10-08")), other)


RESTING = ("inquiry.network", "document.published", "control.online", *DUTIES)
"""Duties per case, document and control, and composites with their members."""


def courts(store: Store) -> list[str]:
    """Courts that have cases, those that have most first."""
    counted = pc.value_counts(fetched(con := connect(), store.relation(con, "cases"))["court"])
    return [row["values"] for row in sorted(counted.to_pylist(), key=lambda row: -row["counts"])]


@pytest.mark.parametrize("day", [LAST, "2018-10-08"])
def test_a_court_alone_is_judged_as_in_the_whole(by_day: Store, day: str) -> None:
    law, as_of = load_law(), setting(day).as_of
    every = list(run(by_day, setting(day), only=RESTING))
    found = courts(by_day)
    for court in (found[0], found[1], found[-1], "没有"):
        alone = list(check_court(by_day, setting(day), RESTING, court, NEEDS))
        whole = [count_part(one, law.duties, None, as_of).of_court(court) for one in every]
        mine = merged(count_part(one, law.duties, None, as_of) for one in alone)
        assert same(mine, merged(whole))
        assert bool(mine.states.sum()) == (court != "没有")


def test_the_figures_of_a_court_alone_are_those_of_the_whole(by_day: Store) -> None:
    period = Period(to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31)))
    asked = (period, setting().as_of, "unless_exhausted")
    court = courts(by_day)[0]
    alone = [
        count_ratios(one, *asked) for one in check_court(by_day, setting(), DUTIES, court, NEEDS)
    ]
    whole = [count_ratios(one, *asked) for one in run(by_day, setting(), only=DUTIES)]
    own = [{k: v for k, v in each.values.items() if k[0] == court} for each in whole]
    assert [each.values for each in alone] == [each for each in own if each]
    assert any(own)


def test_of_a_court_only_its_own_cases_are_judged(by_day: Store) -> None:
    court = courts(by_day)[0]
    cases = few_rows(by_day, "cases", {"court": [court]}, ["case"])
    checked = list(check_court(by_day, setting(), RESTING, court, {}))
    keys = [key for one in checked for key in one.loaded.frames["case"].key.tolist()]
    assert sorted(keys) == sorted(row["case"] for row in cases)
    owners = {key for one in checked for frame in one.loaded.frames.values() for key in frame.case}
    assert owners <= set(keys)


def test_the_findings_of_a_court_are_named_as_by_the_engine(by_day: Store) -> None:
    law, court = load_law(), courts(by_day)[0]
    find = Finding(law.duties, setting().as_of)
    checked = check_court(by_day, setting(), RESTING, court, {})
    raw = [table for one in checked for table in find(one)]
    found = named_of_court(raw, by_day, court, law)
    assert found.num_rows > 50
    assert len(set(found.column("subject_kind").to_pylist())) > 2
    assert found.equals(named(raw, by_day, connect(), law))


@pytest.mark.parametrize("figure", FIGURES)
def test_the_rows_behind_a_figure_of_a_court_are_those_of_the_engine(
    at_once: Store, by_day: Store, figure: str
) -> None:
    for store in (at_once, by_day):
        for court in (*courts(store)[:2], "没有"):
            asked, connected = of_court(store, court), cache(connect)
            found = rows_behind_court(figure, question_of(asked, table_named), store, court)
            assert found.equals(rows_behind(figure, question(asked, connected), connected(), court))


def of_court(store: Store, court: str) -> Run:
    period = Period(to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31)))
    edition = load_edition("cass-2017")
    return Run(store, load_law(), edition, period, setting().as_of, Answers({}), court)
