"""`zhiheng intake` end to end: good rows go in, in the stored form, once."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiheng.cli.test_intake_support import (
    ASSETS,
    CASES,
    COURTS,
    GOOD,
    counts,
    on_file,
    rows,
    run,
    state,
    take_in,
    write,
)
from zhiheng.errors import BadInput, WrongUse
from zhiheng.records.catalogue import tables
from zhiheng.store.lake import open_store

# What goes in


def test_good_rows_are_stored_in_the_stored_form(store: Path) -> None:
    first, second = rows(store, "cases")
    assert (first["case"], first["case_id"], first["court"]) == (1, "1", "陕0102")
    assert (first["filed"], first["closed"], first["closing_kind"]) == (17231, 17396, "satisfied")
    assert second["closed"] is None
    inquiry, freeze = rows(store, "events")
    assert (inquiry["node"], inquiry["subject"], inquiry["minute"]) == (4, 1, 630)
    assert (freeze["node"], freeze["subject"], freeze["court"]) == (14, 11, "陕0102")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_three_encodings_give_the_same_rows(tmp_path: Path, store: Path, encoding: str) -> None:
    folder = write(tmp_path / encoding, GOOD, encoding)
    take_in(tmp_path / "other", folder)
    for table in GOOD:
        assert rows(tmp_path / "other", table) == rows(store, table)


def test_xlsx_and_parquet_give_the_same_rows_as_csv(tmp_path: Path, store: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    (tmp_path / "parquet").mkdir()
    for name, text in GOOD.items():
        records = list(csv.reader(io.StringIO(text)))
        sheet = book.create_sheet(tables()[name].zh)
        for record in records:
            sheet.append([cell or None for cell in record])
        columns = {
            head: [record[i] or None for record in records[1:]] for i, head in enumerate(records[0])
        }
        table = pa.table({k: pa.array(v, pa.string()) for k, v in columns.items()})
        pq.write_table(table, tmp_path / "parquet" / f"{name}.parquet")
    book.save(tmp_path / "all.xlsx")
    take_in(tmp_path / "a", tmp_path / "all.xlsx")
    take_in(tmp_path / "b", tmp_path / "parquet")
    for table in GOOD:
        assert rows(tmp_path / "a", table) == rows(store, table)
        assert rows(tmp_path / "b", table) == rows(store, table)


def test_typed_columns_of_parquet_are_read_as_what_they_are(tmp_path: Path, store: Path) -> None:
    import datetime as dt
    from decimal import Decimal

    folder = write(tmp_path / "mixed", {"courts": COURTS})
    day = dt.date(2017, 3, 6)
    cases = {
        "case": [1, 2],
        "case_number": ["（2017）陕0102执1号", "2017陕0102执2号"],
        "court": ["陕0102"] * 2,
        "kind": ["first"] * 2,
        "filed": pa.array([day, day + dt.timedelta(1)]),
        "closed": pa.array(["2017-08-18 09:00:00", None]).cast(pa.timestamp("us")),
        "closing_kind": ["satisfied", None],
        "amount_claimed": [0.1 + 0.2, float("nan")],
    }
    payments = {"payment": [21.0], "case": [1], "direction": ["in"], "amount": [Decimal("100.00")]}
    pq.write_table(pa.table(cases), folder / "cases.parquet")
    pq.write_table(pa.table(payments), folder / "payments.parquet")
    report = take_in(tmp_path / "typed", folder)
    assert report["quarantined"] == 0
    first, second = rows(tmp_path / "typed", "cases")
    assert first | {"amount_claimed": None} == rows(store, "cases")[0]
    assert (first["amount_claimed"], second["amount_claimed"]) == (Decimal("0.30"), None)
    assert second["case_number"] == "（2017）陕0102执2号"
    assert rows(tmp_path / "typed", "payments") == rows(store, "payments")


@pytest.mark.parametrize(
    ("written", "day", "minute"),
    [
        ("2017-03-06", 17231, None),
        ("2017/3/6", 17231, None),
        ("20170306", 17231, None),
        ("2017年3月6日", 17231, None),
        (" 2017-3-06\t", 17231, None),
        ("2017-03-06 09:05:00", 17231, 545),
        ("2017-03-06T9:05", 17231, 545),
        ("2017年3月6日 9时05分", 17231, 545),
        ("2017-03-06 00:00:00", 17231, None),
        ("2016-02-29", 16860, None),
    ],
)
def test_dates_are_read_in_the_usual_spellings(
    tmp_path: Path, store: Path, written: str, day: int, minute: int | None
) -> None:
    text = f"case,node,day\n1,归档,{written}\n"
    report = take_in(store, write(tmp_path / "more", {"events": text}))
    assert counts(report, "events")[0] == 1
    stored = next(row for row in rows(store, "events") if row["node"] == 32)
    assert (stored["day"], stored["minute"]) == (day, minute)


def test_amounts_may_have_thousands_separators(tmp_path: Path, store: Path) -> None:
    text = 'payment,case,direction,amount\n31,1,到账,"1,234,567.8"\n32,1,到账,12.500\n'
    take_in(store, write(tmp_path / "more", {"payments": text}))
    found = {row["payment"]: str(row["amount"]) for row in rows(store, "payments")}
    assert (found[31], found[32]) == ("1234567.80", "12.50")


def test_ids_become_keys_and_keep_their_text(tmp_path: Path, store: Path) -> None:
    text = "clue,case\n007,1\n7,1\nX-1,2\n4611686018427387904,2\n"
    take_in(store, write(tmp_path / "more", {"clues": text}))
    found = {row["clue_id"]: row["clue"] for row in rows(store, "clues")}
    assert found["7"] == 7
    assert all(found[text] >= 1 << 62 for text in ("007", "X-1", "4611686018427387904"))
    assert len(set(found.values())) == 4


def test_names_and_identity_numbers_never_enter_the_store(tmp_path: Path, store: Path) -> None:
    text = (
        "party,case,role,kind,name,person\n"
        "1,1,被执行人,自然人,张三,11010519491231002X\n"
        "2,1,申请执行人,法人,陕西某某公司,91110000600037341L\n"
        "3,2,被执行人,自然人,张三,110105194912310021\n"
        "4,2,申请执行人,自然人,欧阳娜娜,1101 0519491231 002x\n"
    )
    take_in(store, write(tmp_path / "more", {"parties": text}))
    found = {row["party"]: row for row in rows(store, "parties")}
    assert [found[i]["name"] for i in (1, 2, 4)] == ["张*", "陕西***", "欧*"]
    assert [found[i]["person_valid"] for i in (1, 2, 3, 4)] == [True, True, False, True]
    assert found[1]["person"] == found[4]["person"] != found[3]["person"]
    for file in store.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert "张三".encode() not in content and b"11010519491231" not in content


def test_pseudonyms_are_hmac_with_the_secret_of_the_store(tmp_path: Path, store: Path) -> None:
    import hashlib
    import hmac

    text = "party,case,role,kind,person\n1,1,被执行人,自然人,11010519491231002X\n"
    take_in(store, write(tmp_path / "more", {"parties": text}))
    secret = (store / "secret.key").read_bytes()
    wanted = hmac.new(secret, b"11010519491231002X", hashlib.sha256).hexdigest()[:16]
    assert rows(store, "parties")[0]["person"] == wanted
    assert (store / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_profile_maps_the_columns_and_values_of_an_export(tmp_path: Path, store: Path) -> None:
    profile = tmp_path / "map.yaml"
    profile.write_text(
        """
ignore: [统计]
tables:
  cases:
    names: [AJ_JBXX]
    columns: {case: AJBS, case_number: AH, filed: LARQ}
    values: {kind: {01: 首次执行}}
    constants: {court: 陕0102}
""".replace("01:", "'01':"),
        encoding="utf-8",
    )
    export = {
        "AJ_JBXX": "AJBS,AH,LARQ,kind,备用\n3,（2017）陕0102执3号,2017-04-01,01,x\n",
        "统计": "a,b\n1,2\n",
    }
    report = take_in(store, write(tmp_path / "export", export), profile=profile)
    assert counts(report, "cases")[0] == 1
    assert report["columns_not_read"] == {"AJ_JBXX.csv": ["备用"]}
    assert report["not_read"] == ["统计.csv"]
    assert {row["case"] for row in rows(store, "cases")} == {1, 2, 3}


@pytest.mark.parametrize(
    "text",
    [
        "tables: {case: {}}",
        "tables: {cases: {columns: {nothing: x}}}",
        "tables: {cases: {values: {kind: {a: 没有这种}}}}",
        "tables: [",
        "unknown: 1",
    ],
)
def test_a_wrong_profile_is_refused(tmp_path: Path, store: Path, text: str) -> None:
    profile = tmp_path / "map.yaml"
    profile.write_text(text, encoding="utf-8")
    result = run(write(tmp_path / "good2", GOOD), "--store", store, "--profile", profile)
    assert isinstance(result.exception, BadInput)
    assert result.exception.place.startswith("map.yaml")


# The same again, and changes


def test_the_same_files_twice_change_nothing(tmp_path: Path, store: Path) -> None:
    before = state(store)
    report = take_in(store, tmp_path / "good")
    assert report["taken_in_before"]
    assert not report["changed"]
    assert state(store) == before


def test_known_rows_in_another_file_add_nothing(tmp_path: Path, store: Path) -> None:
    folder = write(tmp_path / "more", {name: text + "\n" for name, text in GOOD.items()})
    before = open_store(store).digest
    report = take_in(store, folder)
    assert counts(report, "cases") == (0, 0, 2, 0, 0)
    assert counts(report, "events") == (0, 0, 2, 0, 0)
    assert open_store(store).digest == before


def test_a_keyed_row_with_new_content_supersedes_the_stored_one(
    tmp_path: Path, store: Path
) -> None:
    closed = CASES.replace("2017-03-07,,", "2017-03-07,2017-09-01,终本")
    report = take_in(store, write(tmp_path / "more", {"cases": closed}))
    assert counts(report, "cases") == (1, 1, 1, 0, 0)
    assert [row["closing_kind"] for row in rows(store, "cases")] == [
        "satisfied",
        "provisional_closure",
    ]
    reopened = take_in(store, write(tmp_path / "again", {"cases": CASES + "\n"}))
    assert counts(reopened, "cases") == (1, 1, 1, 0, 0)
    assert [row["closing_kind"] for row in rows(store, "cases")] == ["satisfied", None]


def test_a_file_with_bad_rows_can_be_sent_again_when_its_parents_are_there(
    tmp_path: Path,
) -> None:
    store = tmp_path / "store"
    write(tmp_path / "a", {"courts": COURTS})
    write(tmp_path / "b", {"cases": CASES})
    assert take_in(store, tmp_path / "b")["quarantined"] == 2
    take_in(store, tmp_path / "a")
    assert list((store / "quarantine").iterdir())
    assert take_in(store, tmp_path / "b")["quarantined"] == 0
    assert len(rows(store, "cases")) == 2
    assert not list((store / "quarantine").iterdir())


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", GOOD)
    backwards = write(
        tmp_path / "backwards",
        {
            name: "\n".join([text.split("\n")[0], *reversed(text.strip().split("\n")[1:]), ""])
            for name, text in GOOD.items()
        },
    )
    digests = set()
    for n, source in enumerate((folder, folder, backwards)):
        take_in(tmp_path / f"s{n}", source)
        batch = open_store(tmp_path / f"s{n}").manifest.batches[0]
        digests.add((batch.id, tuple(t.sha256 for t in batch.tables.values())))
    assert len(digests) == 1


# Names of files


def test_tables_are_found_by_any_label_with_a_suffix_and_in_directories(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"法院": COURTS, "案件_2017": CASES})
    write(folder / "assets", {"part-1": ASSETS, "part-2": ASSETS.replace("\n1", "\n7")})
    (folder / "truth").mkdir()
    (folder / "说明.md").write_text("x", encoding="utf-8")
    report = take_in(tmp_path / "store", folder)
    assert counts(report, "assets")[0] == 4
    assert sorted(report["not_read"]) == ["truth", "说明.md"]


def test_odd_characters_in_a_file_name_are_only_a_name(tmp_path: Path, store: Path) -> None:
    text = "clue,case\n1,1\n2,8\n"
    path = on_file(tmp_path, "clues-[1]'*.csv", text.encode())
    report = take_in(store, path)
    assert counts(report, "clues") == (1, 0, 0, 0, 1)
    table = pa.table({"clue": ["3"], "case": ["1"]})
    pq.write_table(table, tmp_path / "clues-[1]'*.parquet")
    assert counts(take_in(store, tmp_path / "clues-[1]'*.parquet"), "clues")[0] == 1


# The template


def test_the_template_passes_intake_as_it_stands(tmp_path: Path) -> None:
    assert run("template", tmp_path / "t.xlsx").exit_code == 0
    report = take_in(tmp_path / "store", tmp_path / "t.xlsx")
    assert set(report["tables"]) == set(tables())
    assert all(entry["rows"] == 1 for entry in report["tables"].values())
    assert not report["columns_not_read"]


def test_the_template_wants_one_workbook(tmp_path: Path) -> None:
    for words in ([], [tmp_path / "t.csv"], [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]):
        assert isinstance(run("template", *words).exception, WrongUse)


def test_the_example_of_the_guide_to_profiles_works(tmp_path: Path, store: Path) -> None:
    guide = Path(__file__).parents[3] / "docs" / "how-to" / "map-your-export.md"
    blocks = re.findall(r"```(csv|yaml)\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    export, profile = (text for _, text in blocks)
    (tmp_path / "profile.yaml").write_text(profile, encoding="utf-8")
    folder = write(tmp_path / "export", {"AJ_JBXX_201703": export})
    report = take_in(store, folder, profile=tmp_path / "profile.yaml")
    assert counts(report, "cases") == (1, 0, 0, 0, 0)
    assert report["columns_not_read"] == {"AJ_JBXX_201703.csv": ["BZ"]}
