"""What the tests of `zhiheng intake` share: a store of good rows, and ways to look at it."""

import csv
import functools
import io
import json
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from zhiheng.cli import intake
from zhiheng.errors import BadInput, Problem
from zhiheng.store.engine import connect
from zhiheng.store.lake import open_store

COURTS = "court,name,level\n陕0102,西安市新城区人民法院,基层\n"
CASES = """案件标识,案号,法院代字,案件类型,立案日期,结案日期,结案方式
1,（2017）陕0102执1号,陕0102,首次执行,2017-03-06,2017-08-18,执行完毕
2,（2017）陕0102执2号,陕0102,首次执行,2017-03-07,,
"""
ASSETS = "asset,case,kind\n11,1,银行存款\n12,2,不动产\n"
PAYMENTS = "payment,case,direction,amount\n21,1,到账,100.00\n"
EVENTS = """case,subject,node,day,minute,recorded_day,recorded_minute
1,,启动网络查控,2017-03-07,10:30,2017-03-07,11:00
1,11,冻结,2017-03-08,,,
"""
GOOD = {
    "courts": COURTS,
    "cases": CASES,
    "assets": ASSETS,
    "payments": PAYMENTS,
    "events": EVENTS,
}


engine = functools.cache(connect)


def run(*words: object) -> Result:
    app = typer.Typer()
    intake.register(app)
    app.command("other")(lambda: None)
    return CliRunner().invoke(app, ["intake", *map(str, words)])


def take_in(store: Path, *sources: Path, profile: Path | None = None) -> dict:
    """The report of an intake that must not be refused."""
    extra = ["--profile", profile] if profile else []
    result = run(*sources, "--store", store, "--json", *extra)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    report = json.loads(result.stdout)
    assert result.exit_code == (1 if report["quarantined"] else 0)
    return report


def write(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return folder


def quarantine(report: dict) -> list[tuple[str, str, str, str]]:
    """What the quarantine file says: table, row, column, reason id."""
    content = Path(report["quarantine"]).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert all(len(row) == 11 and all(row[6:10]) for row in rows[1:])
    return [(row[0], row[2], row[3], row[5]) for row in rows[1:]]


def rows(store: Path, table: str) -> list[dict]:
    found = open_store(store).relation(engine(), table).to_pyarrow()
    return sorted(found.to_pylist(), key=str)


def counts(report: dict, table: str) -> tuple[int, int, int, int, int]:
    entry = report["tables"][table]
    return tuple(entry[k] for k in ("rows", "updates", "unchanged", "repeats", "quarantined"))


def refused(store: Path, source: Path, kind: type[Problem] = BadInput) -> Problem:
    """The refusal of a source, which must leave the store as it was."""
    before = state(store)
    result = run(source, "--store", store)
    assert isinstance(result.exception, kind), result.output
    assert result.exception.remedy.zh and result.exception.remedy.en
    assert state(store) == before
    return result.exception


def state(store: Path) -> object:
    if not store.exists():
        return None
    opened = open_store(store)
    opened.verify()
    quarantined = sorted(path.name for path in (store / "quarantine").iterdir())
    left = list((store / "staging").glob("*")) if (store / "staging").exists() else []
    assert not left
    return opened.digest, quarantined


def on_file(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path
