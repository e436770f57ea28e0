"""One answer a file and item: agreed, decided, or open; never the first reader's by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.errors import BadInput
from zhiheng.sampling.adjudication import final_csv, idle, log_csv, read_decisions, settle
from zhiheng.sampling.ratings import Rating

HEAD = "file,item,answer,decided_by,decided_on,reason\n"


def rating(file: str, reviewer: str, answer: str) -> Rating:
    return Rating(file, "a", reviewer, answer, "")


RATINGS = [
    rating("F1", "张", "1"), rating("F1", "李", "1"),
    rating("F2", "张", "1"), rating("F2", "李", "0"),
    rating("F3", "张", "NA"), rating("F3", "李", "0"),
    rating("F4", "张", "0"), rating("F5", "张", ""),
    rating("F6", "张", ""), rating("F6", "李", "1"),
]  # fmt: skip


def decisions(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "decisions.csv"
    path.write_text(HEAD + rows, "utf-8")
    return path


def test_differences_need_a_decision_and_agreement_stands(tmp_path: Path) -> None:
    decided = read_decisions(decisions(tmp_path, "F2,a,否,王,2026-03-01,卷内无报告财产令\n"))
    finals = settle(RATINGS, decided)
    assert [(one.file, one.answer, one.basis) for one in finals] == [
        ("F1", "1", "agreed"),
        ("F2", "0", "decided"),
        ("F3", "", "open"),
        ("F4", "0", "single"),
        ("F5", "", "unanswered"),
        ("F6", "1", "single"),
    ]
    assert not idle(finals, decided)
    assert "F3,a,,open,2\n" in final_csv(finals)
    assert log_csv(finals).splitlines()[1:] == [
        "F2,a,张,1,0,decided,王,2026-03-01,卷内无报告财产令,0",
        "F3,a,张,NA,,open,,,,",
        "F3,a,李,0,,open,,,,",
    ]


def test_the_log_tells_where_a_reader_decided(tmp_path: Path) -> None:
    decided = read_decisions(decisions(tmp_path, "F2,a,1,张,2026-03-01,同意自己\n"))
    assert log_csv(settle(RATINGS, decided)).splitlines()[1].endswith(",同意自己,1")


def test_a_decision_where_the_readers_agree_changes_nothing_and_is_found(tmp_path: Path) -> None:
    decided = read_decisions(
        decisions(tmp_path, "F1,a,0,王,2026-03-01,x\nF9,a,0,王,2026-03-01,x\n")
    )
    finals = settle(RATINGS, decided)
    assert finals[0].answer == "1"
    assert [one.place for one in idle(finals, decided)] == ["decisions.csv:2", "decisions.csv:3"]


@pytest.mark.parametrize(
    ("rows", "place", "says"),
    [
        ("F2,a,0,,2026-03-01,x\n", "decisions.csv:2", "no decided_by"),
        ("F2,a,0,王,三月,x\n", "decisions.csv:2", "not a day"),
        ("F2,a,0,王,2026-03-01,\n", "decisions.csv:2", "no reason"),
        ("F2,a,未答,王,2026-03-01,x\n", "decisions.csv:2", "no answer"),
        ("F2,a,0,王,2026-03-01,x\nF2,a,1,王,2026-03-01,x\n", "decisions.csv:3", "decisions.csv:2"),
    ],
)
def test_a_decision_says_who_when_and_why(tmp_path: Path, rows: str, place: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_decisions(decisions(tmp_path, rows))
    assert caught.value.place == place
    assert says in caught.value.what.en
