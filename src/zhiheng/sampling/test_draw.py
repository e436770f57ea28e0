"""Draws: the same by anyone, fair over seeds, verified cell by cell."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from zhiheng.errors import BadInput, WrongUse
from zhiheng.sampling.draw import BY_SIZE, Settings, draw
from zhiheng.sampling.frames import Frame, read_frame
from zhiheng.sampling.record import HEADINGS, SAMPLE, frame_text, texts, write_draw
from zhiheng.sampling.verify import differences


def frame(sizes: dict[str, int]) -> Frame:
    rows = sorted((f"{court}-{k:03d}", court) for court, n in sizes.items() for k in range(n))
    ids, courts = zip(*rows, strict=True)
    return Frame("here", ids, {"court": courts})


FRAME = frame({"甲": 40, "乙": 25, "丙": 5})
BY_COURT = Settings(seed="3D 472 / 2019-12-31", n=14, by=("court",), minimum=2)


def drawn(found: Any) -> list[str]:
    return [found.frame.ids[one.row] for one in found.sample]


def test_a_shell_with_sha256sum_draws_the_same_files() -> None:
    found = draw(FRAME, Settings(seed="a public seed", n=8))
    lines = []
    for one in FRAME.ids:
        said = f"a public seed\n{FRAME.digest}\n{one}".encode()
        hashed = subprocess.run(["sha256sum"], input=said, capture_output=True, check=True)
        lines.append((hashed.stdout.split()[0], one))
    assert drawn(found) == [one for _, one in sorted(lines)[:8]]


def test_every_stratum_gives_its_first_files_and_then_its_replacements() -> None:
    found = draw(FRAME, BY_COURT)
    assert [(group.name, group.drawn) for group in found.groups] == [
        ("丙", 2),
        ("乙", 5),
        ("甲", 7),
    ]
    for group in found.groups:
        mine = [f for f in FRAME.ids if f.startswith(group.name)]
        digest = FRAME.digest
        order = sorted(
            mine,
            key=lambda f: hashlib.sha256(f"{BY_COURT.seed}\n{digest}\n{f}".encode()).hexdigest(),
        )
        chosen = [one for one in found.sample if one.group is group]
        spare = [one for one in found.replacements if one.group is group]
        assert [FRAME.ids[one.row] for one in (*chosen, *spare)] == order[: 2 * group.drawn]
        assert [one.place for one in (*chosen, *spare)] == list(range(1, len(chosen + spare) + 1))


def test_weights_add_up_to_the_frame() -> None:
    found = draw(FRAME, BY_COURT)
    assert sum(1 / one.group.probability for one in found.sample) == 70


def test_a_change_anywhere_in_the_frame_draws_other_files() -> None:
    changed = Frame("here", FRAME.ids, {"court": ("丙*", *FRAME.columns["court"][1:])})
    settings = Settings(seed="s", n=20)
    assert drawn(draw(changed, settings)) != drawn(draw(FRAME, settings))


def test_over_many_seeds_every_file_is_drawn_equally_often() -> None:
    some, times = frame({"甲": 10}), 2000
    counts = Counter(one for k in range(times) for one in drawn(draw(some, Settings(f"{k}", 3))))
    expected = times * 3 / 10
    # Drawn without replacement, a count varies by T·p·(1-p) and all add up to T·n.
    statistic = sum((counts[one] - expected) ** 2 for one in some.ids) / (expected * 0.7) * 0.9
    assert statistic < chi2.ppf(0.9999, 9)
    assert len(counts) == 10


def test_courts_drawn_by_size_come_as_often_as_their_chance_says() -> None:
    courts = frame({"甲": 60, "乙": 20, "丙": 10, "丁": 6, "戊": 4})
    times, counts, chance = 1500, Counter(), {}
    for k in range(times):
        found = draw(courts, Settings(f"seed {k}", 12, ("court",), courts=2))
        for group in found.groups:
            counts[group.name] += 1
            chance[group.name] = group.chance
    assert chance["甲"] == 1 and counts["甲"] == times
    assert sum(chance.values()) == 2
    for name, p in chance.items():
        deviation = float(p * (1 - p) * times) ** 0.5
        assert abs(counts[name] - float(p) * times) <= 4 * deviation


def test_files_of_courts_drawn_by_size_have_about_the_same_chance() -> None:
    courts = frame({f"法院{k}": 30 + 7 * k for k in range(12)})
    found = draw(courts, Settings("s", 60, ("court",), courts=5))
    assert len(found.sample) == 60 and len(found.groups) == 5
    chances = [float(group.probability) for group in found.groups]
    assert max(chances) / min(chances) < 1.2
    table = list(csv.DictReader(texts(found)[SAMPLE].splitlines()))
    assert {row["stratum"] for row in table} == {BY_SIZE}
    assert {row["cluster"] for row in table} == {group.name for group in found.groups}


def test_a_total_over_seeds_is_right_on_average_when_courts_are_drawn_by_size() -> None:
    courts = frame({"甲": 50, "乙": 20, "丙": 10, "丁": 6, "戊": 4})
    value = {one: Fraction(len(one.split("-")[0]) + k % 7) for k, one in enumerate(courts.ids)}
    found = [
        float(sum(value[courts.ids[o.row]] / o.group.probability for o in d.sample))
        for d in (draw(courts, Settings(f"{k}", 14, ("court",), courts=3)) for k in range(800))
    ]
    true = float(sum(value.values()))
    assert np.mean(found) == pytest.approx(true, abs=4 * np.std(found) / 800**0.5)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_draw(draw(FRAME, BY_COURT), tmp_path / "draw")
    return tmp_path / "draw"


def test_the_same_draw_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    write_draw(draw(FRAME, BY_COURT), tmp_path / "again")
    for file in home.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()


def test_an_untouched_draw_verifies_from_the_frame_it_wrote(home: Path) -> None:
    assert differences(home, read_frame(home / "frame.csv")) == []


def test_a_file_exchanged_is_named_with_the_one_it_took_the_place_of(home: Path) -> None:
    sample = home / "sample.csv"
    text = sample.read_text("utf-8-sig")
    mine = text.splitlines()[1].split(",")[0]
    sample.write_text(text.replace(mine, "丙-999"), "utf-8-sig")
    said = [message.en for message in differences(home, FRAME)]
    assert said == [f"sample.csv lacks {mine}.", "sample.csv has 丙-999, which was not drawn."]


def test_a_weight_changed_is_named_with_both_values(home: Path) -> None:
    sample = home / "sample.csv"
    sample.write_text(sample.read_text("utf-8-sig").replace(",2.5,", ",2.6,", 1), "utf-8-sig")
    (said,) = differences(home, FRAME)
    assert "'weight'" in said.en and "'2.6', not '2.5'" in said.en


def test_another_frame_is_told_by_its_digest(home: Path) -> None:
    (said,) = differences(home, frame({"甲": 40, "乙": 25, "丙": 6}))
    assert FRAME.digest in said.en


def test_a_record_tampered_with_does_not_pass(home: Path) -> None:
    record = json.loads((home / "draw.json").read_text("utf-8"))
    record["settings"]["seed"] = "another"
    (home / "draw.json").write_text(json.dumps(record), "utf-8")
    assert differences(home, FRAME)


def test_a_group_changed_on_record_is_named(home: Path) -> None:
    record = json.loads((home / "draw.json").read_text("utf-8"))
    record["groups"][0]["files"] += 1
    (home / "draw.json").write_text(json.dumps(record), "utf-8")
    (said,) = differences(home, FRAME)
    assert "'groups'" in said.en


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"method": "another"}', "not json",
     '{"method": "zhiheng-draw-1", "settings": {"seed": 3, "n": "x"}, "frame": {"digest": ""}}'],
)  # fmt: skip
def test_a_record_that_is_none_is_refused(home: Path, text: str) -> None:
    (home / "draw.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="record"):
        differences(home, FRAME)


def test_a_stratum_taken_whole_leaves_no_replacement_and_verifies(tmp_path: Path) -> None:
    write_draw(draw(FRAME, Settings("s", 70)), tmp_path)
    assert (tmp_path / "replacements.csv").read_text("utf-8-sig").count("\n") == 1
    assert differences(tmp_path, FRAME) == []


def test_what_a_spreadsheet_would_run_is_written_as_text_and_read_back(tmp_path: Path) -> None:
    odd = Frame("here", ("+1", "=2", "x"), {"weight": ("a", "-b", "c")})
    write_draw(draw(odd, Settings("s", 2)), tmp_path)
    text = (tmp_path / "sample.csv").read_text("utf-8-sig") + (
        tmp_path / "replacements.csv"
    ).read_text("utf-8-sig")
    assert "'+1" in text and "'=2" in text and "'-b" in text
    assert text.splitlines()[0] == ",".join((*HEADINGS, "frame.weight"))
    assert differences(tmp_path, odd) == []
    assert "'=2" in frame_text(odd)


@pytest.mark.parametrize("seed", ["", "two\nlines"])
def test_a_seed_that_is_no_line_is_refused(seed: str) -> None:
    with pytest.raises(WrongUse, match="seed"):
        draw(FRAME, Settings(seed, 5))


def test_a_stratum_without_deviation_is_named() -> None:
    with pytest.raises(WrongUse, match="丙"):
        draw(FRAME, Settings("s", 9, ("court",), "neyman", (("甲", 1.0), ("乙", 1.0))))
