"""A simulation on disk: the tables as a court system would export them, the truth beside them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from zhiheng import __version__
from zhiheng.calendar import from_day, load_calendar
from zhiheng.errors import Message, WrongUse
from zhiheng.records.catalogue import tables
from zhiheng.simulate import calibration
from zhiheng.simulate.courts import courts_of
from zhiheng.simulate.province import PARTS, Parameters, Province, make
from zhiheng.simulate.world import FAR, World

Format = Literal["parquet", "csv"]
Encoding = Literal["utf-8", "gb18030"]

MARKER = "simulation.json"
TRUTH = ("court_quality.csv", "outcomes.csv", "screens.csv")
ROWS_IN_A_GROUP = 250_000
STEPS = 1 + len(PARTS) + len(tables())
"""How often `step` is called: cases and parts made, tables written."""


def simulate(
    parameters: Parameters,
    out: Path,
    form: Format = "parquet",
    encoding: Encoding = "utf-8",
    step: Callable[[str], None] = lambda name: None,
) -> dict[str, object]:
    """Make a province and write it to `out`; returns what simulation.json says.

    `step` is told the name of each part before it is made or written. The same parameters give
    the same bytes. Raises WrongUse for parameters that cannot work, for an unknown province, and
    for a folder that holds anything but an earlier simulation.
    """
    _refuse_bad(parameters)
    _refuse_folder(out)
    courts = courts_of(parameters.province, parameters.courts_file)
    world = World(courts, parameters.seed, parameters.first, parameters.last)
    province = make(world, parameters, step)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".zhiheng-", dir=out.parent) as folder:
        written = Path(folder)
        _write(province, written, form, encoding, step)
        facts = _facts(parameters, province, written, form, encoding)
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        (written / MARKER).write_text(text, encoding="utf-8")
        _replace(out, written)
    return facts


def _refuse_bad(parameters: Parameters) -> None:
    earliest = calibration.parameters()["earliest_day"].value
    calendar = load_calendar()
    checks = (
        (parameters.cases < 1, "--cases", "案件数至少为 1", "there must be at least one case"),
        (parameters.seed < 0, "--seed", "种子不能为负", "the seed cannot be negative"),
        (parameters.last < parameters.first, "--to", "止日早于起日", "it ends before it begins"),
        (
            str(from_day(parameters.first)) < earliest,
            "--from",
            f"不得早于 {earliest}",
            f"it cannot begin before {earliest}",
        ),
        (
            parameters.last > min(calendar.last_published_day, FAR - 2000),
            "--to",
            f"不得晚于 {from_day(calendar.last_published_day)}",
            f"it cannot end after {from_day(calendar.last_published_day)}",
        ),
    )
    for wrong, option, zh, en in checks:
        if wrong:
            raise WrongUse(
                Message(f"参数不可用：{zh}。", f"This cannot work: {en}."),
                Message("请修改参数。", "Change the option."),
                option,
            )


def _refuse_folder(out: Path) -> None:
    if out.is_dir() and (not any(out.iterdir()) or (out / MARKER).is_file()):
        return
    if out.exists():
        raise WrongUse(
            Message("输出目录已有其他内容，不予覆盖。", "The folder holds something else."),
            Message("请换一个空目录。", "Choose an empty folder."),
            out.name,
        )


def _write(
    province: Province,
    folder: Path,
    form: Format,
    encoding: Encoding,
    step: Callable[[str], None],
) -> None:
    for name, table in province.tables.items():
        step(f"{name}.{form}")
        path = folder / f"{name}.{form}"
        if form == "parquet":
            _write_parquet(table, path)
        else:
            _write_csv(table, path, encoding)
    (folder / "truth").mkdir()
    for name, table in zip(
        TRUTH, (province.court_quality, province.outcomes, province.screens), strict=True
    ):
        _write_csv(table, folder / "truth" / name, "utf-8")


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(
        table,
        path,
        row_group_size=ROWS_IN_A_GROUP,
        compression="zstd",
        compression_level=1,
        use_dictionary=[field.name for field in table.schema if pa.types.is_dictionary(field.type)],
        store_schema=False,
    )


def _write_csv(table: pa.Table, path: Path, encoding: Encoding) -> None:
    plain = pa.table(
        {
            field.name: column.cast(pa.string()) if _spelled(field.type) else column
            for field, column in zip(table.schema, table.columns, strict=True)
        }
    )
    with path.open("wb") as file:
        for number, batch in enumerate(plain.to_batches(max_chunksize=ROWS_IN_A_GROUP)):
            file.write(_csv_text(batch, header=number == 0).decode("utf-8").encode(encoding))
        if not plain.num_rows:
            file.write(_csv_text(plain, header=True))


def _csv_text(rows: pa.Table | pa.RecordBatch, header: bool) -> bytes:
    buffer = pa.BufferOutputStream()
    options = pacsv.WriteOptions(include_header=header, quoting_style="needed")
    pacsv.write_csv(rows, buffer, options)
    return bytes(buffer.getvalue().to_pybytes())


def _spelled(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind) or pa.types.is_decimal(kind))


def _facts(
    parameters: Parameters, province: Province, folder: Path, form: Format, encoding: Encoding
) -> dict[str, object]:
    """What simulation.json says: parameters, version, counts; no clock time."""
    rows = {name: table.num_rows for name, table in province.tables.items()}
    return {
        "format": 1,
        "zhiheng": __version__,
        "made_up": "虚构数据，不含任何真实案件或个人信息 · made-up data, no real case or person",
        "province": parameters.province,
        "courts_file": parameters.courts_file.name if parameters.courts_file else None,
        "cases": parameters.cases,
        "seed": parameters.seed,
        "from": str(from_day(parameters.first)),
        "to": str(from_day(parameters.last)),
        "form": form,
        "encoding": encoding if form == "csv" else None,
        "rows": rows,
        "events_per_case": round(rows["events"] / rows["cases"], 2),
        "duties": _duties(province.outcomes),
        "files": sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")),
    }


def _duties(outcomes: pa.Table) -> Mapping[str, str]:
    """Duties the truth tells of, and whether they were drawn, derived or made of others."""
    known = calibration.duties()
    found: dict[str, str] = {}
    for duty in sorted(set(outcomes["duty"].to_pylist())):
        drawn = "drawn" if duty in known.duties else "derived"
        found[duty] = "composite" if duty in known.wholes else drawn
    return found


def _replace(out: Path, written: Path) -> None:
    """Put new files in the place of an earlier simulation's; other files in `out` stay."""
    out.mkdir(exist_ok=True)
    # Only names of our own go: what the marker lists could have been altered.
    for name in tables():
        for form in get_args(Format):
            (out / f"{name}.{form}").unlink(missing_ok=True)
    for name in TRUTH:
        (out / "truth" / name).unlink(missing_ok=True)
    (out / "truth").mkdir(exist_ok=True)
    for name in TRUTH:
        (written / "truth" / name).replace(out / "truth" / name)
    files = [path for path in written.iterdir() if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == MARKER):
        path.replace(out / path.name)
