"""National test data: a few simulated provinces, copied under other keys, courts and names.

Everything is made once; a folder that holds what was asked for is used as it is.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import duckdb

from bench.copies import MOST_COPIES, Copy, copy_of, increment_of, select
from zhiheng.calendar import to_day
from zhiheng.records.catalogue import tables
from zhiheng.simulate.files import simulate
from zhiheng.simulate.province import Parameters

PROVINCE_CASES = 200_000
SEEDS = tuple(range(20180101, 20180106))
FIRST, LAST = date(2018, 1, 1), date(2019, 12, 31)
INCREMENT_SEED, INCREMENT_FIRST = 20191231, date(2019, 2, 1)
MARKER = "nation.json"
_EACH = 31
"""Events a case has, about."""
_PARTS = 1_000_000
"""In so many parts hashes are dealt."""
_HELD_BY_THE_NATION = ("courts", "officers")
"""Tables an increment does not bring again."""


def make_nation(folder: Path, cases: int, seeds: tuple[int, ...] = SEEDS) -> None:
    """Source files of a nation of `cases` cases, kept beside other sizes' provinces.

    Up to 200,000 cases are one simulated province; more must be a multiple of that. Raises
    ValueError for a number that is not, or that needs more copies than there are courts for.
    """
    made = {"cases": cases, "seeds": list(seeds)}
    if cases <= PROVINCE_CASES:
        _once(folder, made, lambda: _province(folder, cases, seeds[0]))
        return
    copies = cases // PROVINCE_CASES
    if cases % PROVINCE_CASES or copies > MOST_COPIES:
        raise ValueError(f"{cases} is not 1 to {MOST_COPIES} times {PROVINCE_CASES}")
    _once(folder, made, lambda: _copy_all(folder, copies, seeds))


def make_increment(
    folder: Path, nation: Path, cases: int = 40_000, events: int = 1_000_000, touching: bool = False
) -> None:
    """A day's further files for a nation that `make_nation` made.

    Either `cases` new cases with all that belongs to them, spread over every court; or, where
    `touching`, about `events` further events of about `cases` of the nation's cases, their parties
    and property.
    """
    size = json.loads((nation / MARKER).read_text(encoding="utf-8"))["cases"]
    made = {"nation": size, "cases": cases, "events": events, "old_cases": touching}
    if touching:
        _once(folder, made, lambda: _more_events(folder, nation, cases / size, events / cases))
    else:
        _once(folder, made, lambda: _new_cases(folder, max(1, size // PROVINCE_CASES), cases))


def source_files(folder: Path) -> Mapping[str, list[Path]]:
    """The Parquet files of every table in a folder of sources."""
    found = {name: sorted(folder.glob(f"{name}/*.parquet")) for name in tables()}
    plain = {name: [folder / f"{name}.parquet"] for name in tables()}
    return {
        name: found[name] or plain[name]
        for name in tables()
        if found[name] or plain[name][0].is_file()
    }


def _once(folder: Path, made: Mapping[str, object], make: Callable[[], None]) -> None:
    marker = folder / MARKER
    if marker.is_file() and json.loads(marker.read_text(encoding="utf-8")) == made:
        return
    marker.unlink(missing_ok=True)
    make()
    marker.write_text(json.dumps(made), encoding="utf-8")


def _province(folder: Path, cases: int, seed: int, first: date = FIRST) -> None:
    (folder / MARKER).unlink(missing_ok=True)
    simulate(Parameters("陕西", cases, seed, to_day(first), to_day(LAST), None), folder)


def _simulated(beside: Path, cases: int, seed: int, first: date = FIRST) -> Path:
    """A simulated province that sizes share, made where it is missing."""
    folder = beside.parent / f"province-{cases}-{seed}"
    _once(folder, {"cases": cases, "seed": seed}, lambda: _province(folder, cases, seed, first))
    return folder


def _copy_all(folder: Path, copies: int, seeds: tuple[int, ...]) -> None:
    provinces = [_simulated(folder, PROVINCE_CASES, seed) for seed in seeds[:copies]]
    _cleared(folder)
    with duckdb.connect() as con:
        for table in tables():
            (folder / table).mkdir(parents=True)
            for number in range(copies):
                source = _scan(provinces[number % len(provinces)] / f"{table}.parquet")
                out = folder / table / f"part-{number:03}.parquet"
                _write(con, select(table, source, copy_of(number)), out)


def _new_cases(folder: Path, copies: int, cases: int) -> None:
    province = _simulated(folder, cases, INCREMENT_SEED, INCREMENT_FIRST)
    _cleared(folder)
    with duckdb.connect() as con:
        for table in tables():
            if table in _HELD_BY_THE_NATION:
                continue
            (folder / table).mkdir(parents=True)
            source = _scan(province / f"{table}.parquet")
            _write(con, _spread(table, source, copies), folder / table / "increment.parquet")


def _spread(table: str, source: str, copies: int) -> str:
    """Cases dealt to the courts of every copy in turn."""
    return " UNION ALL ".join(
        select(table, source, _at(number), f'"case" % {copies} = {number}')
        for number in range(copies)
    )


def _at(number: int) -> Copy:
    return increment_of(number)


def _more_events(folder: Path, nation: Path, share: float, each: float) -> None:
    """Events of a share of the nation's cases once more, some days later: about `each` a case, of
    cases in every court."""
    _cleared(folder)
    (folder / "events").mkdir(parents=True)
    last = f"DATE '{LAST}'"
    later = f'least("day" + 1 + (hash("case") % 20)::INTEGER, {last})'
    files = [str(file) for file in source_files(nation)["events"]]
    chosen = f"""SELECT * REPLACE ({later} AS "day", NULL AS "minute", {last} AS recorded_day,
          NULL AS recorded_minute) FROM read_parquet({files})
        WHERE hash("case") % {_PARTS} < {round(share * _PARTS)}
          AND hash("case", subject, node, "day") % {_PARTS} < {round(each / _EACH * _PARTS)}"""
    with duckdb.connect() as con:
        _write(con, chosen, folder / "events" / "increment.parquet")


def _scan(file: Path) -> str:
    return f"read_parquet('{file}')"


def _cleared(folder: Path) -> None:
    for table in tables():
        shutil.rmtree(folder / table, ignore_errors=True)
        (folder / f"{table}.parquet").unlink(missing_ok=True)


def _write(con: duckdb.DuckDBPyConnection, sql: str, out: Path) -> None:
    con.execute(
        f"COPY ({sql}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
        "ROW_GROUP_SIZE 250000)"
    )
