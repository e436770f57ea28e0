"""The files of a simulation: same seed, same bytes; nothing of the user's is overwritten."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from zhiheng.calendar import to_day
from zhiheng.errors import BadInput, WrongUse
from zhiheng.records.catalogue import tables
from zhiheng.simulate.files import MARKER, STEPS, simulate
from zhiheng.simulate.province import Parameters

FIRST, LAST = to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31))


def parameters(
    cases: int = 300,
    seed: int = 7,
    province: str = "陕西",
    first: int = FIRST,
    last: int = LAST,
    courts_file: Path | None = None,
) -> Parameters:
    return Parameters(province, cases, seed, first, last, courts_file)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    simulate(parameters(), tmp_path / "one", form)  # type: ignore[arg-type]
    simulate(parameters(), tmp_path / "two", form)  # type: ignore[arg-type]
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_other_files(tmp_path: Path) -> None:
    simulate(parameters(seed=1), tmp_path / "one")
    simulate(parameters(seed=2), tmp_path / "two")
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    same = {name for name in one if one[name] == two[name]}
    assert same == {"courts.parquet"}


def test_every_table_is_written_with_all_its_columns(tmp_path: Path) -> None:
    simulate(parameters(), tmp_path)
    for name, table in tables().items():
        schema = pq.read_schema(tmp_path / f"{name}.parquet")
        assert schema.names == list(table.columns), name


def test_identifiers_are_integers_and_days_are_days(tmp_path: Path) -> None:
    simulate(parameters(), tmp_path)
    schema = pq.read_schema(tmp_path / "events.parquet")
    assert schema.field("case").type == schema.field("subject").type == pa.int64()
    assert schema.field("day").type == pa.date32()
    assert schema.field("minute").type == pa.int16()
    assert schema.field("amount").type == pa.decimal128(18, 2)


def test_csv_in_gb18030_reads_back_as_what_parquet_holds(tmp_path: Path) -> None:
    simulate(parameters(), tmp_path / "p")
    simulate(parameters(), tmp_path / "c", "csv", "gb18030")
    with pytest.raises(UnicodeDecodeError):
        (tmp_path / "c" / "parties.csv").read_text("utf-8")
    for name in tables():
        held = pq.read_table(tmp_path / "p" / f"{name}.parquet")
        types = pacsv.ConvertOptions(column_types=held.schema, strings_can_be_null=True)
        read = pacsv.read_csv(
            tmp_path / "c" / f"{name}.csv",
            pacsv.ReadOptions(encoding="gb18030"),
            convert_options=types,
        )
        assert read.to_pylist() == held.to_pylist(), name


def test_progress_is_told_for_every_part(tmp_path: Path) -> None:
    told: list[str] = []
    simulate(parameters(cases=50), tmp_path, step=told.append)
    assert len(told) == len(set(told)) == STEPS


def test_an_earlier_simulation_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    simulate(parameters(seed=1), tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    simulate(parameters(seed=2), tmp_path, "csv")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob("*.parquet"))
    assert json.loads((tmp_path / MARKER).read_text(encoding="utf-8"))["seed"] == 2


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("real", encoding="utf-8")
    with pytest.raises(WrongUse):
        simulate(parameters(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_the_marker_tells_parameters_and_counts_but_no_clock_time(tmp_path: Path) -> None:
    facts = simulate(parameters(cases=120, seed=3), tmp_path)
    kept = json.loads((tmp_path / MARKER).read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(facts))
    assert (kept["cases"], kept["seed"], kept["from"], kept["to"]) == (
        120, 3, "2018-01-01", "2019-12-31",
    )  # fmt: skip
    for name, rows in kept["rows"].items():
        assert pq.read_metadata(tmp_path / f"{name}.parquet").num_rows == rows


def test_an_unknown_province_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="陕西"):
        simulate(parameters(province="火星"), tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        parameters(cases=0),
        parameters(seed=-1),
        parameters(first=LAST, last=FIRST),
        parameters(first=FIRST - 400),
        parameters(last=LAST + 20_000),
    ],
)
def test_parameters_that_cannot_work_are_refused(tmp_path: Path, wrong: Parameters) -> None:
    with pytest.raises(WrongUse):
        simulate(wrong, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_table_of_courts_stands_in_for_a_province(tmp_path: Path) -> None:
    file = tmp_path / "courts.csv"
    file.write_text(
        "court,name,level,parent\n青,青海省高级人民法院,高级,\n青01,西宁市中级人民法院,中级,青\n"
        "青0102,西宁市城东区人民法院,基层,青01\n",
        encoding="utf-8-sig",
    )
    simulate(parameters(province="青海", courts_file=file), tmp_path / "out")
    cases = pq.read_table(tmp_path / "out" / "cases.parquet")
    assert set(cases["court"].to_pylist()) <= {"青", "青01", "青0102"}
    assert len(set(cases["case"].to_pylist())) == 300


@pytest.mark.parametrize(
    "content",
    ["", "court,name,level\n青0102,城东,县级\n", "court,name,level\n青0102,,基层\n", "a,b\n1,2\n"],
)
def test_a_table_of_courts_that_cannot_be_used_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "courts.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"courts\.csv"):
        simulate(parameters(courts_file=file), tmp_path / "out")
