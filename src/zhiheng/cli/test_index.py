"""`zhiheng index`: files in, files out, the same again from the log."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhiheng.cli import app
from zhiheng.errors import BadInput

TREE = """code,parent,weight,direction
总分,,,
time,总分,1,
money,总分,3,
rate,money,1,
cost,money,1,-
"""
DATA = """court,name,time,rate,cost,总分
甲院,A,10,50,4,1
乙院,B,20,,8,2
丙院,C,40,90,2,3
丁院,D,,,,4
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHIHENG_LANG", "en")
    monkeypatch.chdir(tmp_path)
    Path("tree.csv").write_text(TREE, encoding="utf-8")
    Path("data.csv").write_bytes(DATA.encode("gb18030"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["index", *words])


def score(out: str, *words: str) -> Result:
    result = run("score", "--tree", "tree.csv", "--data", "data.csv", "--out", out, *words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def table(path: str) -> dict[str, dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {row["unit"]: row for row in csv.DictReader(file)}


def contents(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_score_writes_every_table_with_one_row_a_unit_and_empty_cells_for_no_value():
    said = score("out").output
    assert sorted(contents("out")) == [
        "availability.csv", "coverage.csv", "gates.csv", "log.json", "normalised.csv", "ranks.csv",
        "scores.csv",
    ]  # fmt: skip
    assert "总分: 3 indicators, 4 units, 3 of them scored; 2 columns of the data ignored." in said
    assert "总分: computed from the tree" in said
    scores = table("out/scores.csv")
    assert list(scores["甲院"]) == ["unit", "总分", "time", "money", "rate", "cost"]
    # time 0, money the mean of 0 and 200/3, weights 1 to 3.
    assert float(scores["甲院"]["总分"]) == pytest.approx((0 + 3 * 100 / 3) / 4)
    assert scores["乙院"]["rate"] == "" and scores["乙院"]["money"] == "0.0"
    assert set(scores["丁院"].values()) == {"丁院", ""}
    assert [row["rank"] for row in table("out/ranks.csv").values()] == ["2", "3", "1", ""]
    assert table("out/coverage.csv")["乙院"]["总分"] == "0.625"
    assert table("out/availability.csv")["乙院"]["money"] == "0.5"
    assert list(table("out/normalised.csv")["甲院"]) == ["unit", "time", "rate", "cost"]


def test_the_log_says_everything_the_run_used():
    score("out", "--normalise", "zscore", "--aggregate", "arithmetic", "--range", "0", "1")
    log = json.loads(Path("out/log.json").read_text(encoding="utf-8"))
    assert log["version"] == 1
    assert [step["step"] for step in log["steps"]] == [
        "tree", "data", "normalise", "aggregate", "gates", "rank",
    ]  # fmt: skip
    assert {one["role"]: len(one["sha256"]) for one in log["inputs"]} == {"tree": 64, "data": 64}
    assert log["nodes"][4] == {
        "code": "cost", "parent": "money", "kind": "indicator", "level": 0, "weight": 1.0,
        "direction": -1, "unit": "", "normalise": "zscore",
    }  # fmt: skip
    assert log["observed"]["cost"]["min"] == 2 and log["observed"]["cost"]["n"] == 3
    assert "--range has no effect on zscore." in [note["en"] for note in log["warnings"]]


def test_a_replay_without_changes_gives_the_same_bytes():
    score("out", "--availability", "0.5", "--normalise", "rank")
    assert run("replay", "out/log.json", "--out", "deeper/again").exit_code == 0
    assert contents("out") == contents("deeper/again")


def test_a_replay_takes_changes_and_compare_shows_what_they_did():
    score("out")
    changes = (
        "--set",
        "weight.time=0",
        "--set",
        "normalise=rank",
        "--set",
        "aggregate.money=harmonic",
    )
    assert run("replay", "out/log.json", *changes, "--out", "other").exit_code == 0
    # 甲院: ranks 1 and 2, weight on money alone.
    assert float(table("other/scores.csv")["甲院"]["总分"]) == pytest.approx(2 / (1 + 1 / 2))
    shown = run("compare", "out", "other")
    rows = {row["unit"]: row for row in csv.DictReader(shown.stdout.splitlines())}
    assert rows["丁院"]["shift"] == "" and rows["丙院"]["shift"] == "0"
    assert rows["甲院"]["rank_before"] == rows["甲院"]["rank_after"] == "2"
    assert "3 units ranked in both; mean absolute shift 0.0000" in shown.stderr
    assert "Spearman 1.000000, Kendall 1.000000" in shown.stderr
    again = run("replay", "other/log.json", "--out", "third")
    assert again.exit_code == 0 and contents("other") == contents("third")


def test_compare_counts_places_and_writes_a_file():
    Path("data.csv").write_text("u,time,rate,cost\na,1,9,9\nb,2,8,8\nc,3,1,7\n", encoding="utf-8")
    score("one", "--normalise", "rank")
    assert run("replay", "one/log.json", "--set", "weight.money=0", "--out", "two").exit_code == 0
    result = run("compare", "one", "two", "--out", "shift.csv")
    assert result.exit_code == 0
    rows = table("shift.csv")
    one, two = table("one/ranks.csv"), table("two/ranks.csv")
    for unit, row in rows.items():
        assert int(row["shift"]) == int(one[unit]["rank"]) - int(two[unit]["rank"])
    mean = sum(abs(int(row["shift"])) for row in rows.values()) / 3
    assert f"mean absolute shift {mean:.4f}" in result.stderr


def test_a_file_that_is_not_what_it_was_is_named_unless_given_anew():
    score("out")
    Path("data.csv").write_text(DATA.replace("10,50", "11,50"), encoding="utf-8")
    refused = run("replay", "out/log.json", "--out", "again")
    assert isinstance(refused.exception, BadInput) and refused.exception.place == "data.csv"
    assert not Path("again").exists()
    taken = run("replay", "out/log.json", "--data", "data.csv", "--out", "again")
    assert taken.exit_code == 0
    Path("data.csv").unlink()
    gone = run("replay", "out/log.json", "--out", "again")
    assert isinstance(gone.exception, BadInput) and "gone" in gone.exception.what.en


def test_a_log_and_its_files_may_move_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    score("out")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("replay", "../out/log.json", "--out", "again").exit_code == 0
    assert contents("again") == contents("../out")


def test_weights_come_from_a_named_set():
    Path("w.csv").write_text("code,even,odd\ntime,1,\nmoney,1,0\n", encoding="utf-8")
    score("out", "--weights", "w.csv", "--weight-set", "even")
    assert float(table("out/scores.csv")["丙院"]["总分"]) == 100
    score("odd", "--weights", "w.csv", "--weight-set", "odd")
    assert table("odd/scores.csv")["甲院"]["总分"] == "0.0"
    nobody = run("score", "--tree", "tree.csv", "--data", "data.csv", "--weights", "w.csv",
                 "--out", "x")  # fmt: skip
    assert isinstance(nobody.exception, BadInput) and "even, odd" in nobody.exception.remedy.en


def test_gates_are_listed_where_they_fired_and_counted_where_they_could_not():
    Path("g.csv").write_text(
        "node,on,op,threshold,effect,use,value\n总分,rate,<,60,veto,,\n总分,time,≥,40,cap,raw,70\n",
        encoding="utf-8",
    )
    said = score("out", "--gates", "g.csv").output
    assert "Gates fired 2 times; 3 could not be tested" in said
    with Path("out/gates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["unit"], row["effect"], row["after"]) for row in rows] == [
        ("甲院", "veto", "0.0"),
        ("丙院", "cap", "70.0"),
    ]
    assert rows[0]["value"] == "50.0" and float(rows[0]["before"]) == pytest.approx(25)
    log = json.loads(Path("out/log.json").read_text(encoding="utf-8"))
    assert {"unit": "乙院", "node": "总分", "on": "rate"} in log["untested"]


def test_the_bytes_do_not_hang_on_how_strings_are_hashed():
    rows = "".join(f"{node},time,>=,10,cap,score,{90 - at}\n" for at, node in enumerate(
        ("总分", "money", "rate", "总分", "cost")))  # fmt: skip
    Path("g.csv").write_text("node,on,op,threshold,effect,use,value\n" + rows, encoding="utf-8")
    for seed in ("1", "2", "3"):
        words = ["index", "score", "--tree", "tree.csv", "--data", "data.csv", "--gates", "g.csv"]
        code = "from zhiheng.cli import main; main()"
        subprocess.run(
            [sys.executable, "-c", code, *words, "--out", f"out{seed}"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
    assert contents("out1") == contents("out2") == contents("out3")
    with Path("out1/gates.csv").open(encoding="utf-8-sig", newline="") as file:
        nodes = list(dict.fromkeys(row["node"] for row in csv.DictReader(file)))
    assert nodes == ["总分", "money", "rate", "cost"]


def test_a_table_in_plain_letters_bears_no_mark_and_one_in_chinese_does():
    score("out")
    assert (Path("out") / "scores.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    Path("data.csv").write_text("u,time,rate,cost\na,1,9,9\nb,2,8,8\n", encoding="utf-8")
    score("out")
    assert Path("out/ranks.csv").read_bytes().startswith(b"unit,rank\n")


WRONG = {
    ("--normalise", "goalposts"): "no bounds",
    ("--normalise", "best"): "'best'",
    ("--aggregate", "median"): "'median'",
    ("--aggregate", "arithmetic,geometric,geometric"): "2 levels",
    ("--availability", "1.2"): "'1.2'",
    ("--availability", "half"): "'half'",
    ("--penalty", "none"): "'none'",
    ("--range", "1", "1"): "Low must be below high",
    ("--floor", "-1"): "above 0",
    ("--rank-decimals", "400"): "-15 to 15",
    ("--weight-set", "mine"): "no table of weights",
    ("--range", "0", "1e101"): "Low must be below high",
    ("--bounds", "none.csv"): "cannot be read",
    ("--tree", "data.csv"): "no column 'code'",
    ("--data", "tree.csv"): "no column for: time, rate, cost",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_cannot_be_scored_is_refused_in_words(words: tuple[str, ...]):
    result = run("score", "--tree", "tree.csv", "--data", "data.csv", "--out", "out", *words)
    assert isinstance(result.exception, BadInput)
    assert WRONG[words] in result.exception.what.en and result.exception.remedy.zh
    assert not Path("out").exists()


def test_an_aggregation_a_level_is_named_with_commas_or_one_by_one():
    score("one", "--aggregate", "geometric,arithmetic")
    score("two", "--aggregate", "geometric", "--aggregate", "arithmetic")
    score("turned", "--aggregate", "arithmetic", "--aggregate", "geometric")
    assert contents("one") == contents("two") != contents("turned")


def test_what_has_no_effect_is_said():
    text = TREE.replace("money,总分,3,", "money,总分,3,-")
    Path("tree.csv").write_text(text, encoding="utf-8")
    said = score("out", "--floor", "1", "--penalty", "positive").output
    assert "--floor has no effect on arithmetic" in said
    assert "--penalty has no effect on arithmetic" in said
    assert "The direction of an aggregate has no effect: money." in said
    score("floored", "--floor", "1", "--aggregate", "geometric")
    warned = json.loads(Path("floored/log.json").read_bytes())["warnings"]
    assert not any("--floor" in note["en"] for note in warned)


def test_ranks_of_fewer_than_two_units_are_not_replayed():
    Path("data.csv").write_text("u,time,rate,cost\na,1,9,9\nb,,,\n", encoding="utf-8")
    score("out", "--normalise", "none")
    result = run("sensitivity", "out/log.json", "--out", "moved")
    assert isinstance(result.exception, BadInput)
    assert "Fewer than two units" in result.exception.what.en and not Path("moved").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--normalise", "minmax,goalposts"), "'time' uses goalposts and has no bounds"),
        (("--normalise", "minmax,target"), "has no bounds"),
        (("--errors", "errors.csv"), "the error -2 is negative"),
    ],
)
def test_what_cannot_be_replayed_is_refused(words: tuple[str, str], said: str):
    Path("errors.csv").write_text("u,time\n甲院,1\n乙院,-2\n", encoding="utf-8")
    score("out")
    result = run("sensitivity", "out/log.json", "--replays", "8", "--out", "moved", *words)
    assert isinstance(result.exception, BadInput) and said in result.exception.what.en
    assert not Path("moved").exists()


def test_inputs_are_not_written_over():
    Path("gates.csv").write_text("node,on,op,threshold,effect\n总分,time,<,0,veto\n", "utf-8")
    before = Path("gates.csv").read_bytes()
    result = run("score", "--tree", "tree.csv", "--data", "data.csv", "--gates", "gates.csv",
                 "--out", ".")  # fmt: skip
    assert isinstance(result.exception, BadInput)
    assert Path("gates.csv").read_bytes() == before and not Path("scores.csv").exists()


def test_a_place_where_nothing_can_be_written_is_refused():
    score("out")
    Path("p.csv").write_text("code,time,money\ntime,1,1/3\nmoney,3,1\n", encoding="utf-8")
    courts = "court,part,score,error\na,p,1,0\nb,p,2,0\n"
    Path("courts.csv").write_text(courts, encoding="utf-8")
    for words in (
        ("score", "--tree", "tree.csv", "--data", "data.csv", "--out", "tree.csv"),
        ("sensitivity", "out/log.json", "--replays", "8", "--out", "tree.csv"),
        ("region", "--courts", "courts.csv", "--out", "tree.csv"),
        ("years", "courts.csv", "courts.csv", "--out", "out"),
        ("apart", "courts.csv", "--out", "out"),
        ("replay", "out/log.json", "--out", "tree.csv/below"),
        ("compare", "out", "out", "--out", "out"),
        ("describe", "--data", "data.csv", "--tree", "tree.csv", "--out", "tree.csv"),
        ("weigh", "--pairs", "p.csv", "--out", "out"),
    ):
        assert isinstance(run(*words).exception, BadInput), words
    assert Path("tree.csv").read_text(encoding="utf-8") == TREE


@pytest.mark.parametrize(
    "change", ["speed=1", "normalise", "weight.none=1", "weight.time=-1", "range=1", "data=x.csv"]
)
def test_a_change_that_fits_nothing_is_refused(change: str):
    score("out")
    result = run("replay", "out/log.json", "--set", change, "--out", "again")
    assert isinstance(result.exception, BadInput)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9, "inputs": [], "settings": {}}'])
def test_what_is_no_log_is_refused(text: str):
    Path("log.json").write_text(text, encoding="utf-8")
    for words in (("replay", "log.json", "--out", "again"), ("compare", ".", ".")):
        assert isinstance(run(*words).exception, BadInput)


def test_describe_writes_its_tables_or_prints_them(tmp_path: Path):
    Path("bounds.csv").write_text("code,lower,upper,scale\ntime,1,100,log\n", encoding="utf-8")
    words = ("describe", "--data", "data.csv", "--tree", "tree.csv", "--bounds", "bounds.csv")
    printed = run(*words)
    assert printed.exit_code == 0 and "# eigenvalues.csv" in printed.stdout
    assert "Standardised Cronbach's alpha" in printed.stdout
    assert run(*words, "--out", "look").exit_code == 0
    assert sorted(contents("look")) == ["correlations.csv", "eigenvalues.csv", "indicators.csv"]
    with Path("look/indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        time = next(csv.DictReader(file))
    assert (time["code"], time["n"], time["missing"]) == ("time", "3", "1")
    assert float(time["max"]) == pytest.approx(3.6888794541139363)  # ln 40


def test_weigh_prints_weights_that_score_takes():
    Path("p.csv").write_text("code,time,money\ntime,1,1/3\nmoney,3,1\n", encoding="utf-8")
    result = run("weigh", "--pairs", "p.csv")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [float(row["ahp"]) for row in rows] == pytest.approx([0.25, 0.75])
    assert "CR = 0.000000" in result.stderr
    assert run("weigh", "--pairs", "p.csv", "--out", "w.csv").exit_code == 0
    score("out", "--weights", "w.csv")


def test_the_command_line_starts_without_the_heavy_libraries():
    code = "import sys, zhiheng.cli; print([m for m in ('numpy', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
