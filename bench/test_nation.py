"""Copies of a simulated province: no two share an id, and intake takes every row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from stdnum.cn import ric, uscc

from bench import nation
from bench.copies import MOST_COPIES, PROVINCES, copy_of, increment_of
from bench.jobs import Places, measure
from zhiheng.cli.intake import take_in
from zhiheng.records.case_numbers import is_canonical
from zhiheng.records.catalogue import tables
from zhiheng.records.courts import is_court_code

CASES, COPIES = 250, len(PROVINCES) + 2
"""Two copies more than there are provinces: two second halves."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "nation"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nation, "PROVINCE_CASES", CASES)
        nation.make_nation(folder, COPIES * CASES, seeds=(1, 2))
        nation.make_increment(folder.parent / "new", folder, 40, 0)
        nation.make_increment(folder.parent / "touching", folder, 100, 2500, touching=True)
    return folder


@pytest.fixture(scope="module")
def column(sources: Path) -> Callable[[str, str], list[object]]:
    con = duckdb.connect()

    def values(table: str, name: str) -> list[object]:
        files = f"read_parquet('{sources}/{table}/*.parquet')"
        return [row[0] for row in con.execute(f'SELECT "{name}" FROM {files}').fetchall()]

    return values


Column = Callable[[str, str], list[object]]


def test_no_two_rows_of_the_nation_have_the_same_id(column: Column) -> None:
    for name, table in tables().items():
        if table.key:
            ids = column(name, table.key)
            assert len(ids) == len(set(ids)), name
    assert len(column("cases", "case")) == COPIES * CASES


def test_no_two_cases_have_the_same_number_and_every_number_is_one(column: Column) -> None:
    numbers = column("cases", "case_number")
    assert len(numbers) == len(set(numbers))
    assert all(is_canonical(str(number)) for number in numbers)


def test_a_case_number_names_the_court_of_its_case(column: Column) -> None:
    for number, court in zip(column("cases", "case_number"), column("cases", "court"), strict=True):
        assert f"）{court}执" in str(number)


def test_court_codes_are_court_codes_and_every_province_has_one_high_court(column: Column) -> None:
    assert all(is_court_code(str(code)) for code in column("courts", "court"))
    assert column("courts", "level").count("high") == len(PROVINCES)


def test_no_two_courts_have_the_same_name(column: Column) -> None:
    names = column("courts", "name")
    assert len(names) == len(set(names))


def test_identity_numbers_of_copies_differ_and_have_the_right_check_digit(column: Column) -> None:
    numbers = {str(number) for number in column("parties", "person") if number}
    kinds = {ric.is_valid(one) or uscc.is_valid(one) or check_digit(one) for one in numbers}
    assert kinds == {True}
    divisions = {one[:2] for one in numbers if one[6:8] in ("19", "20")}
    assert len(divisions) == COPIES


def check_digit(number: str) -> bool:
    """A division that does not exist is no fault of the check digit."""
    return number[-1] in (ric.calc_check_digit(number), uscc.calc_check_digit(number))


def test_copies_and_increments_never_lead_with_the_same_digits() -> None:
    leading = [copy_of(number).digits for number in range(MOST_COPIES)]
    assert len(set(leading)) == MOST_COPIES
    assert all(10 <= digits <= 99 for digits in leading)
    assert increment_of(0).digits not in leading


def test_intake_takes_the_nation_and_both_increments_without_a_bad_row(
    sources: Path, tmp_path: Path
) -> None:
    taken = [
        take_in([folder], tmp_path / "store", None)
        for folder in (sources, sources.parent / "new", sources.parent / "touching")
    ]
    assert [report["quarantined"] for report in taken] == [0, 0, 0]
    assert taken[0]["tables"]["cases"]["rows"] == COPIES * CASES
    assert taken[1]["tables"]["cases"]["rows"] == 40
    assert taken[1]["tables"]["cases"]["updates"] == 0
    assert 1000 < taken[2]["tables"]["events"]["rows"] < 4000
    (touched,) = duckdb.sql(
        f"""SELECT count(DISTINCT "case") FROM '{sources.parent}/touching/events/*.parquet'"""
    ).fetchall()[0]
    assert 60 < touched < 150


def test_data_that_is_there_is_not_made_again(sources: Path) -> None:
    file = sources / "cases" / "part-000.parquet"
    before = file.stat().st_mtime_ns
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nation, "PROVINCE_CASES", CASES)
        nation.make_nation(sources, COPIES * CASES, seeds=(1, 2))
    assert file.stat().st_mtime_ns == before


def test_a_nation_is_a_whole_number_of_provinces(tmp_path: Path) -> None:
    for cases in (nation.PROVINCE_CASES + 1, nation.PROVINCE_CASES * (MOST_COPIES + 1)):
        with pytest.raises(ValueError, match=str(cases)):
            nation.make_nation(tmp_path / "none", cases)


def test_the_bench_measures_a_job_beside_its_floor(tmp_path: Path) -> None:
    jobs = measure(Places(tmp_path, "300"), 300)
    row = next(jobs)
    jobs.close()
    assert row.job.name == "intake"
    assert row.ratio is not None
    assert row.ratio > 0
    assert row.job.peak > 50
    assert not (tmp_path / "floor-300").exists()
