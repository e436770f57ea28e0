"""The made-up review: shares as stated, answers of a file that hang together, one truth a file."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from zhiheng.errors import BadInput
from zhiheng.indexes.editions import load_edition
from zhiheng.sampling.frames import Frame
from zhiheng.simulate import readings as model
from zhiheng.simulate import readings_files as made

CASS = load_edition("cass-2017")
ITEMS = ("basic.1.1.2", "basic.1.7.1", "basic.1.8.1")


def files_of(courts: int, each: int) -> tuple[list[str], list[str]]:
    names = [f"C{at // each}" for at in range(courts * each)]
    return [f"F{at}" for at in range(courts * each)], names


def frame_of(files: list[str], courts: list[str], level: str = "basic") -> Frame:
    numbers = tuple(f"（2019）{one}" for one in files)
    columns = {
        "case_number": numbers,
        "court": tuple(courts),
        "level": (level,) * len(files),
    }
    return Frame("frame.csv", tuple(files), columns)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_asked_is_what_the_edition_has_found_by_reading_files() -> None:
    assert len(model.file_items(CASS, "basic")) == 13
    assert {"basic.1.1.2", "basic.1.12.1", "basic.2.2.1"} <= set(model.file_items(CASS, "basic"))
    assert "basic.1.1.4" not in model.file_items(CASS, "basic"), "told by the records first"
    assert model.file_items(CASS, "high") == model.file_items(CASS, "none") == ()


def test_a_further_leaf_is_read_where_a_share_of_files_can_score_it() -> None:
    files, courts = files_of(1, 2)
    edition = load_edition("cass-2018")
    review = made.review_of(frame_of(files, courts), edition, 0.0, 1, ["basic.veto.1"])
    assert len(review.parts[0].items) == 14 and "basic.veto.1" in review.parts[0].items
    for item in ("basic.veto.9", "basic.1.1.1"):
        with pytest.raises(BadInput, match=item) as caught:
            made.review_of(frame_of(files, courts), edition, 0.0, 1, [item])
        assert caught.value.place == "--item"


def test_shares_vary_between_courts_as_stated() -> None:
    items = tuple(f"i{n}" for n in range(40))
    right = model._right([f"C{n}" for n in range(500)], items, 3)
    assert right.std(axis=0).mean() == pytest.approx(model.SPREAD, rel=0.05)
    low, high = right.mean(axis=0).min(), right.mean(axis=0).max()
    assert model.RIGHT[0] - 0.02 < low < high < model.RIGHT[1] + 0.02
    together = np.corrcoef(right.T)[np.triu_indices(40, 1)].mean()
    assert together == pytest.approx(model.OF_COURT, abs=0.08)


def test_two_items_of_a_file_go_wrong_together_as_often_as_the_copula_says() -> None:
    files, courts = files_of(1, 120_000)
    answers = model.true_answers(files, courts, ITEMS, 11)
    shares = model._right(["C0"], ITEMS, 11)[0]
    both = (answers[:, 0] < 2) & (answers[:, 1] < 2)
    found = float((answers[both][:, :2] == model.YES).all(axis=1).mean())
    ends = np.array([model.ndtri(share) for share in shares[:2]])
    law = multivariate_normal([0, 0], [[1, model.OF_FILE], [model.OF_FILE, 1]])
    assert found == pytest.approx(float(law.cdf(ends)), abs=0.003)
    assert law.cdf(ends) > shares[0] * shares[1] + 0.005, "items alone would be found out"
    applies = (answers != model.NOT_APPLICABLE).mean(axis=0)
    assert applies == pytest.approx(model._applying(ITEMS, 11), abs=0.01)


def test_a_file_has_the_same_truth_in_whatever_frame_it_stands() -> None:
    files, courts = files_of(6, 10)
    whole = model.true_answers(files, courts, ITEMS, 5)
    some = [51, 3, 17, 30]
    part = model.true_answers([files[n] for n in some], [courts[n] for n in some], ITEMS[1:], 5)
    assert np.array_equal(part, whole[some, 1:])
    other = model.true_answers(files, courts, ITEMS, 6)
    assert not np.array_equal(other, whole)


def test_readers_err_as_often_as_stated_and_never_on_what_does_not_apply() -> None:
    files, courts = files_of(4, 2_000)
    truth = model.true_answers(files, courts, ITEMS, 5)
    read = model.misread(truth, files, ITEMS, ["a"] * len(files), 0.05, 5)
    applies = truth != model.NOT_APPLICABLE
    assert np.array_equal(read[~applies], truth[~applies])
    assert (read != truth)[applies].mean() == pytest.approx(0.05, abs=0.005)
    perfect = model.misread(truth, files, ITEMS, ["a"] * len(files), 0.0, 5)
    assert np.array_equal(perfect, truth)


def test_two_readers_differ_where_one_of_them_errs_and_the_decision_is_the_truth() -> None:
    files, courts = files_of(2, 300)
    review = made.review_of(frame_of(files, courts), CASS, 0.1, 5)
    given = [made.Given(f"（2019）{one}", one, who) for one in files for who in ("张", "李")]
    truth = {(r["file"], r["item"]): r["answer"] for r in rows(made.truth_csv(review))}
    read: dict[tuple[str, str], list[str]] = {}
    for row in rows(made.readings_csv(review, given)):
        read.setdefault((row["file"], row["item"]), []).append(row["answer"])
    decided = {(r["file"], r["item"]): r["answer"] for r in rows(made.decisions_csv(review, given))}
    assert len(truth) == len(read) == 600 * 13
    assert {key for key, answers in read.items() if len(set(answers)) == 2} == decided.keys()
    assert len(decided) / sum(answer != "NA" for answer in truth.values()) == pytest.approx(
        2 * 0.1 * 0.9, abs=0.02
    )
    assert all(
        answer == truth[file.removeprefix("（2019）"), item]
        for (file, item), answer in decided.items()
    )


def test_files_of_a_level_that_is_not_read_are_left_out() -> None:
    files, courts = files_of(2, 3)
    frame = frame_of(files, courts)
    levels = ("basic", "high", "basic", "high", "basic", "basic")
    frame = replace(frame, columns={**frame.columns, "level": levels})
    assert made.review_of(frame, CASS, 0.0, 1).files == 4
    with pytest.raises(BadInput, match="No file of the frame") as caught:
        made.review_of(frame_of(files, courts, "high"), CASS, 0.0, 1)
    assert caught.value.place == "frame.csv"


def test_a_file_that_is_assigned_and_not_in_the_frame_is_named(tmp_path: Path) -> None:
    path = tmp_path / "assignment.csv"
    path.write_text("file,reviewer\nF1,张\n（2019）F2,李\nF9,王\n", "utf-8")
    files, courts = files_of(1, 3)
    with pytest.raises(BadInput) as caught:
        made.read_assignment(path, frame_of(files, courts))
    assert caught.value.place == "assignment.csv:4" and "F9" in caught.value.what.en
    path.write_text("file,reviewer\nF1,张\n（2019）F2,李\n", "utf-8")
    found = made.read_assignment(path, frame_of(files, courts))
    assert [(one.file, one.reviewer) for one in found] == [("F1", "张"), ("F2", "李")]
