"""Reading reviewers' answers, and agreement item by item."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from zhiheng.errors import BadInput
from zhiheng.sampling import agreement_report as report
from zhiheng.sampling.agreement_tables import ITEM_COLUMNS, items_csv, reviewers_csv
from zhiheng.sampling.ratings import Item, answer_of, items_of, read_ratings
from zhiheng.sampling.ratings_rows import csv_text, read_table

HEAD = "file,item,reviewer,answer\n"


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "reviews.csv"
    path.write_bytes(text.encode(encoding))
    return path


def items(tmp_path: Path, rows: str) -> list[Item]:
    return items_of(read_ratings([written(tmp_path, HEAD + rows)]))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("是", "1"), ("Yes", "1"), ("1.0", "1"), ("否", "0"), ("0", "0"), ("不适用", "NA"),
        ("n/a", "NA"), ("", ""), ("未答", ""), ("3", "3"), ("2.50", "2.5"), ("部分", "部分"),
        ("inf", "inf"), ("1e999", "1e999"),
    ],
)  # fmt: skip
def test_an_answer_has_one_spelling(said: str, answer: str) -> None:
    assert answer_of(said) == answer


def test_not_applicable_is_an_answer_and_not_answered_is_none(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "F1,a,张,不适用\nF1,a,李,是\nF2,a,张,\nF2,a,李,否\n")
    assert item.categories == ("0", "1", "NA")
    assert item.reviewers == ("张", "李")
    assert item.codes.tolist() == [[2, 1], [-1, 0]]
    assert len(item.double) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_are_read_in_the_encodings_and_delimiters_people_use(
    tmp_path: Path, encoding: str
) -> None:
    text = "案卷;评查项;评查人;答案\r\nF1;财产报告;张;是\r\n\r\nF1;财产报告;李;否\r\n"
    found = read_ratings([written(tmp_path, text, encoding)])
    assert [(one.reviewer, one.answer) for one in found] == [("张", "1"), ("李", "0")]
    assert found[1].place == "reviews.csv:4"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (HEAD, "reviews.csv", "no rows"),
        ("", "reviews.csv", "no rows"),
        ("file,item,reviewer\nF1,a,张\n", "reviews.csv", "answer"),
        ("file,file,item\nF1,F1,a\n", "reviews.csv", "twice"),
        (HEAD + ",a,张,1\n", "reviews.csv:2", "no file"),
        (HEAD + "F1,a,张,1\nF1,a,张,0\n", "reviews.csv:3", "twice"),
        (HEAD + "F1,a,张,1,more\n", "reviews.csv:2", "more cells"),
        (HEAD + 'F1,a,张,"1\n', "reviews.csv", "line 2"),
        (HEAD + "F1,a,张,\n", "reviews.csv", "Not one"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_ratings([written(tmp_path, text)])
    assert caught.value.place == place
    assert says in caught.value.what.en


def test_a_workbook_is_read_and_a_formula_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["file", "item", "reviewer", "answer"])
        page.write_row(1, 0, ["F1", "a", "张", 1])
    assert read_ratings([tmp_path])[0].answer == "1"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["file", "item", "reviewer", "answer"])
        page.write_formula(1, 0, "=1+1")
    with pytest.raises(BadInput, match="formula"):
        read_table(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no \.xlsx"):
        read_ratings([tmp_path])


def test_a_csv_holds_floats_in_full_and_nothing_a_spreadsheet_would_run() -> None:
    text = csv_text(("a", "b", "c"), [(0.1 + 0.2, "=1+1", None), (np.float64(1), -2, "-x")])
    assert text == "\ufeffa,b,c\n0.30000000000000004,'=1+1,\n1.0,-2,'-x\n"


def rows_of(pairs: list[tuple[str, str]], item: str = "a") -> str:
    return "".join(
        f"F{n},{item},张,{one}\nF{n},{item},李,{other}\n" for n, (one, other) in enumerate(pairs)
    )


def test_files_read_once_leave_agreement_and_its_interval_as_they_are(tmp_path: Path) -> None:
    pairs = rows_of([("1", "1")] * 15 + [("1", "0")] * 3 + [("0", "0")] * 2)
    (twice,) = items(tmp_path, pairs)
    (more,) = items(tmp_path, pairs + "".join(f"G{n},a,张,1\n" for n in range(80)))
    first, second = (report.of_item(one, "nominal", "identity", 1, 200) for one in (twice, more))
    assert first.files == second.files == 20
    assert first.percent == second.percent
    assert first.ac == second.ac


def test_the_paradox_is_flagged_with_the_highest_kappa_possible(tmp_path: Path) -> None:
    # Feinstein and Cicchetti (1990): 80, 10, 5, 5: agreement 0.85, kappa 0.32.
    pairs = [("1", "1")] * 80 + [("1", "0")] * 10 + [("0", "1")] * 5 + [("0", "0")] * 5
    (item,) = items(tmp_path, rows_of(pairs))
    found = report.of_item(item, "nominal", "identity", 1, 100)
    assert found.notes == ("paradox",)
    assert found.kappa.value == pytest.approx((0.85 - 0.78) / 0.22)
    # Shares 0.90/0.10 and 0.85/0.15: at most 0.95 agree.
    assert found.pair.most == pytest.approx((0.95 - 0.78) / 0.22)
    assert found.pair.prevalence == pytest.approx(0.75)
    assert found.pair.bias == pytest.approx(0.05)
    assert found.ac.value == pytest.approx((0.85 - 2 * 0.875 * 0.125) / (1 - 2 * 0.875 * 0.125))


def test_one_category_is_said_to_leave_kappa_undefined(tmp_path: Path) -> None:
    (item,) = items(tmp_path, rows_of([("是", "是")] * 12))
    found = report.of_item(item, "nominal", "identity", 1, 100)
    assert (found.kappa.value, found.alpha.value, found.ac.value) == (None, None, 1)
    assert found.notes == ("one_category",)
    cells = items_csv([found]).splitlines()[1].split(",")
    assert cells[ITEM_COLUMNS.index("kappa")] == ""
    assert cells[ITEM_COLUMNS.index("ac")] == "1.0"


def test_an_item_nobody_read_twice_is_shown_without_numbers(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "F1,a,张,1\nF2,a,李,0\n")
    found = report.of_item(item, "nominal", "identity", 1)
    assert (found.files, found.percent.value, found.notes) == (0, None, ("not_read_twice",))


def test_a_scale_is_used_only_where_every_answer_is_a_number(tmp_path: Path) -> None:
    graded = rows_of([("1", "2"), ("3", "3"), ("5", "4"), ("2", "2")], "graded")
    named = rows_of([("1", "NA"), ("0", "0")], "named")
    found = report.of_items(items(tmp_path, graded + named), "interval", "quadratic", 1, 100)
    assert [(one.scale, one.weighting) for one in found] == [
        ("interval", "quadratic"),
        ("nominal", "identity"),
    ]
    assert "not_a_scale" in found[1].notes
    # By hand: squared distances 1, 0, 1, 0, over all pairs of 1 2 3 3 5 4 2 2.
    values = [1, 2, 3, 3, 5, 4, 2, 2]
    expected = sum((a - b) ** 2 for a in values for b in values) / 56
    assert found[0].alpha.value == pytest.approx(1 - (4 / 8) / expected)


def test_each_reviewer_is_held_against_the_others(tmp_path: Path) -> None:
    three = "F9,a,张,1\nF9,a,李,0\nF9,a,王,1\n"
    found = report.of_reviewers(items(tmp_path, rows_of([("1", "1"), ("0", "1")]) + three))
    counts = {one.reviewer: (one.files, one.pairs, one.agreeing) for one in found}
    assert counts == {"张": (3, 4, 2), "李": (3, 4, 1), "王": (1, 2, 1)}
    assert reviewers_csv(found).splitlines()[1].startswith("张,3,4,2,0.5,")


def test_the_reviewers_effect_leaves_out_what_does_not_apply(tmp_path: Path) -> None:
    pairs = [("1", "0"), ("1", "1"), ("NA", "1"), ("0", "0"), ("1", "0")]
    (item,) = items(tmp_path, rows_of(pairs))
    effect = report.effect_of(item)
    assert effect is not None
    # Σd² = 2 of 4 files: 8(b + e) = 2; the reviewer's sums are ±2: 2·4/4 = 16 b + 4 e.
    assert effect.between == pytest.approx(1 / 12)
    assert report.effect_of(items(tmp_path, rows_of([("甲", "乙"), ("甲", "甲")]))[0]) is None
