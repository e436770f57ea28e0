"""Exports of ODK Central and KoboToolbox in the shapes these give them."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.errors import BadInput
from zhiheng.survey.headings import columns_of
from zhiheng.survey.model import Choice, Form, Question
from zhiheng.survey.responses import Responses, read_responses

EXPECTED = (
    {"court": ("c1",), "told": ("yes",), "ways": ("sms", "letter"), "days": ("12",)},
    {"court": ("c2",), "told": ("no",)},
)
# The columns ODK Central writes around the questions.
CENTRAL = (
    "SubmissionDate,start,deviceid,court,person,acts-told,{ways}acts-money-days,"
    "place-Latitude,place-Longitude,meta-instanceID,KEY,SubmitterID,SubmitterName,"
    "AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion\n"
)
CENTRAL_END = "34.2,108.9,uuid:{n},uuid:{n},5,Alice,0,0,,{state},d-1,0,1\n"


def central(ways: str, first: str, second: str, state: str = "") -> str:
    end = [CENTRAL_END.format(n=n, state=state if n == 2 else "") for n in (1, 2)]
    return (
        CENTRAL.format(ways=ways)
        + f"2018-01-01T00:00:00.000Z,2018,d-1,c1,张三,yes,{first}12,{end[0]}"
        + f"2018-01-01T00:00:00.000Z,2018,d-1,c2,李四,no,{second},{end[1]}"
    )


MERGED = central("acts-money-ways,", "sms letter,", ",")
SPLIT = central(
    "acts-money-ways,acts-money-ways/sms,acts-money-ways/letter,acts-money-ways/both,",
    "sms letter,1,1,0,", ",0,0,0,",
)  # fmt: skip
KOBO_HEAD = (
    '"start";"deviceid";"court";"person";"acts{s}told";"acts{s}money{s}ways";'
    '"acts{s}money{s}ways{s}sms";"acts{s}money{s}ways{s}letter";"acts{s}money{s}ways{s}both";'
    '"acts{s}money{s}days";"place";"_place_latitude";"_id";"_uuid";"_submission_time";'
    '"_validation_status";"_notes";"_status";"_submitted_by";"__version__";"_tags";"_index"\r\n'
)
KOBO_ROWS = (
    '"2018";"d";"{0}";"张三";"{1}";"{2}";"1";"1";"0";"12";"34 108";"34";"61";"u1";"2018";"";"";'
    '"submitted_via_web";"";"v1";"";"1"\r\n'
    '"2018";"d";"{3}";"李四";"{4}";"";"0";"0";"0";"";"";"";"62";"u2";"2018";"";"";'
    '"submitted_via_web";"";"v1";"";"2"\r\n'
)
NAMES = ("c1", "yes", "sms letter", "c2", "no")
ENGLISH = ("Court One", "Yes", "Text Letter", "Court Two", "No")
CHINESE = ("甲法院", "是", "短信 信函", "乙法院", "否")
LABEL_HEAD = (
    '"start";"deviceid";"{0}";"{1}";"{2}";"{3}";"{3}/{4}";"{3}/{5}";"{3}/{6}";"{7}";"{8}";'
    '"_{8}_latitude";"_id";"_uuid";"_submission_time";"_validation_status";"_notes";"_status";'
    '"_submitted_by";"__version__";"_tags";"_index"\r\n'
)
HEAD_ZH = ("哪个法院", "姓名", "是否告知", "以何方式", "短信", "信函", "短信 另附", "几天", "位置")
HEAD_EN = (
    "Which court", "Your name", "Were you told", "In which ways", "Text", "Letter", "Text message",
    "How many days", "Where",
)  # fmt: skip
HIERARCHY = (
    "哪个法院", "姓名", "执行行为/是否告知", "执行行为/案款/以何方式", "短信", "信函", "短信 另附",
    "执行行为/案款/几天", "位置",
)  # fmt: skip


def read(tmp_path: Path, form: Form, text: str, encoding: str = "utf-8") -> Responses:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return read_responses(path, form)


@pytest.mark.parametrize(
    "text",
    [
        MERGED,
        SPLIT,
        MERGED.replace("acts-money-", "").replace("acts-", ""),  # without the groups' names
        KOBO_HEAD.format(s="/") + KOBO_ROWS.format(*NAMES),
        KOBO_HEAD.format(s=":") + KOBO_ROWS.format(*NAMES),
        KOBO_HEAD.format(s="/") + KOBO_ROWS.format(*ENGLISH),
        LABEL_HEAD.format(*HEAD_EN) + KOBO_ROWS.format(*ENGLISH),
        LABEL_HEAD.format(*HEAD_ZH) + KOBO_ROWS.format(*CHINESE),
        LABEL_HEAD.format(*HIERARCHY) + KOBO_ROWS.format(*CHINESE),
        LABEL_HEAD.format(*HEAD_EN) + ";;#court" + ";" * 19 + "\r\n" + KOBO_ROWS.format(*ENGLISH),
    ],
    ids=(
        "central", "central split", "central without groups", "kobo", "kobo colon",
        "kobo labels as values", "kobo English", "kobo Chinese", "kobo hierarchy", "kobo tags",
    ),
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_shape_of_export_gives_the_same_answers(
    tmp_path: Path, form: Form, text: str, encoding: str
) -> None:
    found = read(tmp_path, form, text, encoding)
    assert found.answers == EXPECTED
    assert found.questions == {"court", "told", "ways", "days"}
    assert found.rejected == 0


def test_a_workbook_is_read_as_the_csv_is(tmp_path: Path, form: Form) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for row, text in enumerate(SPLIT.splitlines()):
            for column, cell in enumerate(text.split(",")):
                page.write(row, column, float(cell) if cell in ("0", "1", "12") else cell)
    assert read_responses(path, form).answers == EXPECTED


def test_columns_with_names_places_and_devices_are_not_read(tmp_path: Path, form: Form) -> None:
    found = read(tmp_path, form, MERGED)
    assert {"person", "deviceid", "place-Latitude", "SubmitterName", "DeviceID"} <= set(
        found.unread
    )
    assert "张三" not in repr(found) and "Alice" not in repr(found) and "108.9" not in repr(found)


def test_labels_with_blanks_in_one_cell_are_told_apart(tmp_path: Path, form: Form) -> None:
    head = "court,told,ways,days\n"
    found = read(tmp_path, form, head + "c1,yes,Text message Letter,1\nc1,yes,both sms,2\n")
    assert [one["ways"] for one in found.answers] == [("both", "letter"), ("both", "sms")]


def test_quotation_marks_are_the_same_straight_or_not() -> None:
    choices = (Choice("a", ('说"可以"',)), Choice("b", ("说不可以",)))
    form = Form("f", "f", (), {"q": Question("q", "one", ('问"什么"',), choices)})
    (column,) = columns_of(["问“什么”"], form)
    assert column.question.name == "q"
    assert choices[0].spellings == ("a", '说"可以"')


def test_labels_that_read_in_two_ways_are_refused(tmp_path: Path) -> None:
    labels = {"a": "text", "b": "message", "c": "text message"}
    choices = tuple(Choice(name, (label,)) for name, label in labels.items())
    form = Form("f", "f", (), {"q": Question("q", "multiple", ("Q",), choices)})
    assert read(tmp_path, form, "q\nmessage\n").answers == ({"q": ("b",)},)
    with pytest.raises(BadInput, match="two ways"):
        read(tmp_path, form, "q\ntext message\n")


def test_a_rejected_submission_is_left_out_and_counted(tmp_path: Path, form: Form) -> None:
    rejected = central("acts-money-ways,", "sms letter,", ",", state="rejected")
    found = read(tmp_path, form, rejected)
    assert (found.answers, found.rejected) == (EXPECTED[:1], 1)


def test_n_a_is_no_answer(tmp_path: Path, form: Form) -> None:
    found = read(tmp_path, form, "court,told,ways,days\nc1,n/a,n/a,n/a\n")
    assert found.answers == ({"court": ("c1",)},)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a,b\n1,2\n", "export.csv", "No column"),
        ("court,told\n", "export.csv", "no rows"),
        ("court,told\nc1,yes\nc3,no\n", "export.csv:3", "'court'"),
        ("court,ways\nc1,sms fax\n", "export.csv:2", "'ways'"),
        ("court,days\nc1,twelve\n", "export.csv:2", "'days'"),
        ("court,days\nc1,nan\n", "export.csv:2", "'days'"),
        ("court,ways/sms\nc1,2\n", "export.csv:2", "'ways/sms'"),
        ("court,told,acts/told\nc1,yes,no\n", "export.csv", "same question"),
        ("court,told,KEY\nc1,yes,k\nc1,no,k\n", "export.csv:3", "same submission"),
        ("court,ReviewState\nc1,rejected\n", "export.csv", "no submission"),
    ],
)
def test_a_bad_export_is_refused_without_quoting_an_answer(
    tmp_path: Path, form: Form, text: str, place: str, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, form, text)
    assert caught.value.place == place
    assert says in caught.value.what.en
    assert not any(word in str(caught.value) for word in ("c3", "fax", "twelve"))


CHOSEN = st.fixed_dictionaries(
    {},
    optional={
        "court": st.sampled_from(["c1", "c2"]).map(lambda one: (one,)),
        "told": st.sampled_from(["yes", "no", "dk", "na"]).map(lambda one: (one,)),
        "ways": st.lists(
            st.sampled_from(["sms", "letter", "both"]), min_size=1, max_size=3, unique=True
        ).map(tuple),
        "days": st.integers(0, 400).map(lambda one: (str(one),)),
    },
)


@given(
    st.lists(CHOSEN, min_size=1, max_size=5),
    st.sampled_from(["names", "labels"]),
    st.sampled_from(["one cell", "split"]),
    st.sampled_from(["/", "-", ":"]),
)
def test_whatever_was_answered_comes_back_from_either_kind_of_export(
    form: Form, answers: list[dict[str, tuple[str, ...]]], kind: str, several: str, sign: str
) -> None:
    closed = [form.questions[name] for name in ("court", "told", "ways", "days")]
    heads, cells = [], [[f"u{n}"] for n in range(len(answers))]
    for one in closed:
        label = one.labels[0] if kind == "labels" else one.name
        groups = [group.labels[0] if kind == "labels" else group.name for group in one.groups]
        spelled = {c.name: c.labels[0] if kind == "labels" else c.name for c in one.choices}
        head = sign.join([*groups, label])
        if one.kind == "multiple" and several == "split":
            heads += [f"{head}{sign}{spelled[c.name]}" for c in one.choices]
            for row, said in zip(cells, answers, strict=True):
                row += [str(int(c.name in said.get(one.name, ()))) for c in one.choices]
        else:
            heads.append(head)
            for row, said in zip(cells, answers, strict=True):
                row.append(" ".join(spelled.get(c, c) for c in said.get(one.name, ())))
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "export.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows([["_uuid", *heads], *cells])
        found = read_responses(path, form).answers
    for said, read_back in zip(answers, found, strict=True):
        assert {n: set(a) for n, a in read_back.items()} == {n: set(a) for n, a in said.items()}
