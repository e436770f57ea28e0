"""`zhiheng intake`: every kind of bad row goes to quarantine with its reason."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from zhiheng.cli.test_intake_support import (
    CASES,
    GOOD,
    counts,
    quarantine,
    rows,
    take_in,
    write,
)
from zhiheng.records.catalogue import tables

# Bad rows


@pytest.mark.parametrize(
    ("table", "row", "column", "reason"),
    [
        ("cases", "3,（2017）陕0102执3号,陕0102,首次执行,,,", "filed", "missing_value"),
        ("cases", "3,（2017）陕0102执3号,陕0102,首次执行,2017-02-30,,", "filed", "impossible_day"),
        ("cases", "3,（2017）陕0102执3号,陕0102,首次执行,去年,,", "filed", "bad_day"),
        ("cases", "3,（2017）陕0102执3号,陕0102,首次执行,1917-03-01,,", "filed", "implausible_day"),
        (
            "cases",
            "3,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,2017-03-05,执行完毕",
            "closed",
            "closed_before_filed",
        ),
        (
            "cases",
            "3,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,执行完毕",
            "closed",
            "closing_kind_without_day",
        ),
        (
            "cases",
            "3,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,2017-03-09,",
            "closing_kind",
            "closing_day_without_kind",
        ),
        ("cases", "3,（2017）陕0102执3号,陕0102,没有,2017-03-06,,", "kind", "unknown_code"),
        ("cases", "3,三号案,陕0102,首次执行,2017-03-06,,", "case_number", "unreadable_case_number"),
        (
            "cases",
            "3,（2017）陕0103执3号,陕0102,首次执行,2017-03-06,,",
            "case_number",
            "court_mismatch",
        ),
        ("cases", "3,（2017）陕0103执3号,陕0103,首次执行,2017-03-06,,", "court", "orphan"),
        (
            "cases",
            "=cmd|'/c calc'!A1,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,",
            "case",
            "formula",
        ),
        ("cases", "@SUM(1),（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,", "case", "formula"),
        ("cases", "3,（2017）陕0102执3号,陕0102,首次执行,=1+1,,", "filed", "formula"),
        (
            "cases",
            "3\u200b4,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,",
            "case",
            "control_character",
        ),
        (
            "cases",
            "6.10102E+14,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,",
            "case",
            "digits_lost",
        ),
        ("cases", "#N/A,（2017）陕0102执3号,陕0102,首次执行,2017-03-06,,", "case", "cell_error"),
        ("payments", "22,1,到账,-5.00", "amount", "negative_amount"),
        ("payments", "22,1,到账,5.005", "amount", "too_many_places"),
        ("payments", "22,1,到账,五元", "amount", "bad_amount"),
        ("payments", '22,1,到账,"1,00.00"', "amount", "bad_amount"),
        ("payments", "22,9,到账,5", "case", "orphan"),
        ("events", "1,,没有的节点,2017-03-07,,,", "node", "unknown_node"),
        ("events", "1,,立案,2017-03-07,,,", "node", "node_from_table"),
        ("events", "1,,冻结,2017-03-07,,,", "subject", "subject_missing"),
        ("events", "1,11,归档,2017-03-07,,,", "subject", "subject_not_case"),
        ("events", "1,21,冻结,2017-03-07,,,", "subject", "subject_of_other_table"),
        ("events", "1,12,冻结,2017-03-07,,,", "subject", "subject_of_other_case"),
        ("events", "1,99,冻结,2017-03-07,,,", "subject", "orphan"),
        ("events", "1,,归档,2017-03-07,,2017-03-06,", "recorded_day", "recorded_before"),
        (
            "events",
            "1,,归档,2017-03-07,10:30,2017-03-07,10:29",
            "recorded_minute",
            "recorded_before",
        ),
        ("events", "1,,归档,2017-03-07,25:00,,", "minute", "bad_minute"),
        ("events", "1,,归档,2017-03-07 09:00,10:00,,", "minute", "minute_conflict"),
    ],
)
def test_a_bad_row_goes_to_quarantine_with_its_reason(
    tmp_path: Path, store: Path, table: str, row: str, column: str, reason: str
) -> None:
    header = GOOD[table].split("\n", 1)[0]
    before = {name: rows(store, name) for name in GOOD}
    report = take_in(store, write(tmp_path / "bad", {table: f"{header}\n{row}\n"}))
    assert (table, "2", column, reason) in quarantine(report)
    assert counts(report, table) == (0, 0, 0, 0, 1)
    assert {name: rows(store, name) for name in GOOD} == before


@pytest.mark.parametrize(
    ("table", "text", "column", "reason"),
    [
        ("intervals", "kind,from,to\n1,1,暂缓,2017-05-01,2017-04-01", "to", "ends_before_begins"),
        (
            "entrustments",
            "to_court,matter,sent,days_set\n1,1,陕01,查询,2017-05-01,1.5",
            "days_set",
            "bad_integer",
        ),
        ("clues", "urgent\n1,1,也许", "urgent", "bad_flag"),
        ("goods", "received,released\n1,1,2017-05-02,2017-05-01", "released", "ends_before_begins"),
        ("assets", "kind\n11,2,银行存款", "case", "moved"),
        (
            "petitions",
            "received,recorded\n1,1,2017-05-02,2017-05-01",
            "recorded",
            "recorded_before",
        ),
    ],
)
def test_other_tables_have_their_rules_too(
    tmp_path: Path, store: Path, table: str, text: str, column: str, reason: str
) -> None:
    key = tables()[table].key
    report = take_in(store, write(tmp_path / "bad", {table: f"{key},case,{text}\n"}))
    assert quarantine(report) == [(table, "2", column, reason)]


def test_every_reason_of_the_catalogue_is_tested() -> None:
    from zhiheng.intake.reasons import reasons

    here = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in reasons() if f'"{name}"' not in here] == []


def test_differing_rows_of_one_id_all_go_to_quarantine(tmp_path: Path, store: Path) -> None:
    more = "asset,case,kind\n13,1,车辆\n13,1,船舶\n14,1,车辆\n14,1,车辆\n15,1,车辆\n15,1,没有\n"
    report = take_in(store, write(tmp_path / "more", {"assets": more}))
    assert quarantine(report) == [
        ("assets", "2", "asset", "duplicate_key"),
        ("assets", "3", "asset", "duplicate_key"),
        ("assets", "6", "asset", "duplicate_key"),
        ("assets", "7", "asset", "duplicate_key"),
        ("assets", "7", "kind", "unknown_code"),
    ]
    assert counts(report, "assets") == (1, 0, 0, 1, 4)
    repeats = Path(report["repeats"]).read_text("utf-8-sig").splitlines()
    assert repeats[1:] == ["assets,assets.csv,5,assets.csv,4"]


def test_exact_repeats_of_events_are_dropped_and_listed(tmp_path: Path, store: Path) -> None:
    more = "case,node,day\n2,归档,2017-04-01\n2,归档,2017/4/1\n2,归档,2017-04-02\n"
    report = take_in(store, write(tmp_path / "more", {"events": more}))
    assert counts(report, "events") == (2, 0, 0, 1, 0)
    assert Path(report["repeats"]).read_text("utf-8-sig").count("\n") == 2


def test_children_of_a_quarantined_row_say_so(tmp_path: Path) -> None:
    bad = {**GOOD, "cases": CASES.replace("2017-03-06", "2017-02-30")}
    report = take_in(tmp_path / "store", write(tmp_path / "bad", bad))
    assert quarantine(report) == [
        ("cases", "2", "filed", "impossible_day"),
        ("assets", "2", "case", "parent_quarantined"),
        ("payments", "2", "case", "parent_quarantined"),
        ("events", "2", "case", "parent_quarantined"),
        ("events", "3", "case", "parent_quarantined"),
        ("events", "3", "subject", "parent_quarantined"),
    ]
    assert len(rows(tmp_path / "store", "cases")) == 1


def test_a_court_below_a_quarantined_court_goes_with_it(tmp_path: Path) -> None:
    text = (
        "court,name,level,parent\n陕,高院,高级,\n陕01,中院,没有,陕\n"
        "陕0102,新城,基层,陕01\n陕0103,碑林,基层,陕09\n"
    )
    report = take_in(tmp_path / "store", write(tmp_path / "bad", {"courts": text}))
    assert quarantine(report) == [
        ("courts", "3", "level", "unknown_code"),
        ("courts", "4", "parent", "parent_quarantined"),
        ("courts", "5", "parent", "orphan"),
    ]


def test_rows_with_too_few_or_too_many_fields_are_quarantined(tmp_path: Path, store: Path) -> None:
    more = "clue,case,urgent\n1,1,是\n\n2,1\n3,1,否,x\n4,1,否\n5,9,否\n"
    report = take_in(store, write(tmp_path / "more", {"clues": more}))
    assert quarantine(report) == [
        ("clues", "4", "", "field_count"),
        ("clues", "5", "", "field_count"),
        ("clues", "7", "case", "orphan"),
    ]
    assert counts(report, "clues") == (2, 0, 0, 0, 3)


def test_row_numbers_are_lines_even_after_blank_lines_and_line_breaks_in_cells(
    tmp_path: Path, store: Path
) -> None:
    text = (
        '\nlisting,case,party,kind,listed,obligation\n1,1,1,限高,2017-05-01,"two\nlines"\n\n'
        "2,1,1,限高,2017-05-01,\n"
    )
    party = "party,case,role,kind\n1,1,被执行人,自然人\n"
    files = {"parties": party, "listings": text.replace("2,1,1", "2,8,1")}
    report = take_in(store, write(tmp_path / "more", files))
    assert quarantine(report) == [("listings", "6", "case", "orphan")]


def test_excel_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path, store: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "财产线索"
    for row in (
        ["线索标识", "案件标识"],
        ["1", "1"],
        [],
        ["2", "=1+1"],
        ["3", 610102170000000123.0],
    ):
        sheet.append(row)
    book.save(tmp_path / "clues.xlsx")
    report = take_in(store, tmp_path / "clues.xlsx")
    assert quarantine(report) == [
        ("clues", "4", "case", "formula"),
        ("clues", "5", "case", "digits_lost"),
    ]


def test_the_quarantine_file_hides_personal_data_and_disarms_formulas(
    tmp_path: Path, store: Path
) -> None:
    text = (
        "party,case,role,kind,name,person\n"
        "1,9,被执行人,自然人,张三丰,11010519491231002X\n"
        '=cmd|x,1,被执行人,自然人,"=HYPERLINK(""a"")",11010519491231002X\n'
        "11010519491231002X,9,被执行人,自然人,李四,\n"
    )
    report = take_in(store, write(tmp_path / "more", {"parties": text}))
    content = Path(report["quarantine"]).read_text("utf-8-sig")
    assert "张三丰" not in content and "李四" not in content and "11010519491231" not in content
    for record in csv.reader(io.StringIO(content)):
        assert not any(cell.startswith(("=", "@", "+", "-")) for cell in record)
    assert "'=cmd|x" in content


def test_every_bad_row_is_written_however_many(tmp_path: Path, store: Path) -> None:
    text = "clue,case\n" + "".join(f"{n},x{n}\n" for n in range(30_000))
    report = take_in(store, write(tmp_path / "more", {"clues": text}))
    assert len(quarantine(report)) == 30_000
