"""The same store, edition, assumptions and program give the same bytes, wherever they run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bench.kills import AS_OF, COURTS, PERIOD

MAIN = "from zhiheng.cli import main; main()"


def zhiheng(*words: object, **environment: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *map(str, words)],
        capture_output=True,
        check=True,
        env={**os.environ, "ZHIHENG_LANG": "zh", **environment},
    )
    return done.stdout


def results(store: Path, out: Path, **environment: str) -> dict[str, bytes]:
    """Everything that can be had of a store: file name → content."""
    dated = ("--store", store, "--as-of", AS_OF, "--json")
    found = {}
    for kind in ("csv", "parquet", "jsonl"):
        target = out / f"findings.{kind}"
        found["check.json"] = zhiheng("check", *dated, "--findings", target, **environment)
    scored = ("evaluate", *dated, "--period", PERIOD, "--out", out / "report")
    found["evaluate.json"] = zhiheng(*scored, **environment)
    files = [path for path in out.rglob("*") if path.is_file()]
    return found | {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up data and a store of it."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "courts.csv").write_text(COURTS, encoding="utf-8")
    made = ("--province", "甘肃", "--courts", folder / "courts.csv", "--cases", 80)
    zhiheng("simulate", *made, "--out", folder / "data")
    zhiheng("intake", folder / "data", "--store", folder / "store")
    return folder


@pytest.fixture(scope="module")
def first(home: Path) -> dict[str, bytes]:
    return results(home / "store", home / "first", PYTHONHASHSEED="1", TZ="Asia/Shanghai")


def test_a_second_run_gives_the_same_bytes(home: Path, first: dict[str, bytes]) -> None:
    second = results(home / "store", home / "second", PYTHONHASHSEED="2", TZ="America/New_York")
    assert [name for name in first if second[name] != first[name]] == []
    assert second.keys() == first.keys()
    assert {"check.json", "findings.csv", "report/report.xlsx", "report/html/index.html"} < set(
        first
    )


def test_a_store_of_the_same_files_and_key_gives_the_same_bytes(
    home: Path, first: dict[str, bytes]
) -> None:
    other = home / "elsewhere" / "store"
    other.mkdir(parents=True)
    shutil.copy2(home / "store" / "secret.key", other)
    zhiheng("intake", home / "data", "--store", other)
    found = results(other, home / "third")
    assert [name for name in first if found[name] != first[name]] == []


def test_under_another_key_only_the_digest_of_the_store_differs(
    home: Path, first: dict[str, bytes]
) -> None:
    other = home / "other"
    zhiheng("intake", home / "data", "--store", other)
    found = results(other, home / "fourth")
    ours, theirs = (json.loads(one["evaluate.json"])["store"] for one in (first, found))
    assert ours != theirs
    for name in set(first) - {"report/report.xlsx"}:  # a compressed file
        plain = found[name].replace(theirs.encode(), ours.encode())
        assert plain.replace(theirs[:16].encode(), ours[:16].encode()) == first[name], name


def test_the_result_carries_its_proof(first: dict[str, bytes]) -> None:
    scored = json.loads(first["evaluate.json"])
    proof = scored["proof"]
    assert proof["store"] == scored["store"]
    page = first["report/html/method.html"].decode()
    named = ("store", "law", "edition", "assumptions", "code")
    assert all(len(proof[name]) == 64 and proof[name] in page for name in named)
    assert proof["answers"] == ""
