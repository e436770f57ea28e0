"""Several intakes started at once: those that find the store held say so, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

from zhiheng.cli.test_damage import MAIN
from zhiheng.cli.test_intake_support import COURTS, rows, take_in, write
from zhiheng.store.lake import open_store

ROUNDS, AT_ONCE = 4, 3


def start(source: Path, store: Path) -> subprocess.Popen:
    words = [sys.executable, "-c", MAIN, "intake", str(source), "--store", str(store)]
    said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(words, env={**os.environ, "ZHIHENG_LANG": "en"}, **said)


def test_intakes_at_once_are_taken_in_or_refused_as_a_whole(tmp_path: Path) -> None:
    store = tmp_path / "store"
    won = 0
    expected: set[str] = set()
    for turn in range(ROUNDS):
        codes = [f"陕01{turn}{n}" for n in range(2, 2 + AT_ONCE)]
        sources = {
            code: write(tmp_path / code, {"courts": COURTS.replace("陕0102", code)})
            for code in codes
        }
        started = {code: start(source, store) for code, source in sources.items()}
        for code, process in started.items():
            _, said = process.communicate()
            if process.returncode == 0:
                won += 1
                expected.add(code)
            else:
                assert process.returncode == 1
                assert "Another process is writing to this store." in said
                assert "Traceback" not in said
        assert expected & set(codes)
        open_store(store).verify()
        assert [row["court"] for row in rows(store, "courts")] == sorted(expected)
        for code, source in sources.items():
            assert take_in(store, source)["taken_in_before"] == (code in expected)
        expected |= set(codes)
    assert won >= ROUNDS
    assert len(rows(store, "courts")) == ROUNDS * AT_ONCE
    assert len(open_store(store).manifest.batches) == ROUNDS * AT_ONCE
