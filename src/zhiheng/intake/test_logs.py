from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calendar import from_day
from zhiheng.errors import BadInput, WrongUse
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.log_csv import LogColumns
from zhiheng.intake.logs import read_log

Row = tuple[str, str, str, str]
"""Case, activity, time, amount ("" = none)."""

ROWS: list[Row] = [
    ("A", "created", "2018-03-01T08:00:00+08:00", "35.0"),
    ("A", "paid", "2018-03-05T09:00:00+08:00", "20.00"),
    ("B", "created", "2018-03-02T23:30:00+08:00", ""),
    ("A", "paid", "2018-03-05T09:00:00+08:00", "15.00"),
    ("A", "closed", "2018-03-05T08:59:00+08:00", ""),
]


def xes(rows: list[Row], before: str = "", root: str = "log") -> str:
    """The rows as XES; the traces in the order in which the cases first come."""
    traces = []
    for case in dict.fromkeys(row[0] for row in rows):
        events = "".join(
            f'<event><string key="concept:name" value={quoteattr(activity)}/>'
            f'<date key="time:timestamp" value={quoteattr(time)}/>'
            + (f'<float key="amount" value={quoteattr(amount)}/>' if amount else "")
            + "</event>\n"
            for name, activity, time, amount in rows
            if name == case
        )
        traces.append(
            f'<trace><string key="concept:name" value={quoteattr(case)}/>{events}</trace>'
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<{root}>{"".join(traces)}</{root}>'


def csv(rows: list[Row], header: str = "case,activity,timestamp,amount") -> str:
    return header + "\n" + "".join(",".join(row) + "\n" for row in rows)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., EventLog]:
    """Writes content under a name and reads it as a log."""

    def reading(
        name: str,
        content: str | bytes,
        columns: LogColumns | None = None,
        wanted: frozenset[str] = frozenset({"amount"}),
    ) -> EventLog:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_log(path, columns or LogColumns(), wanted)

    return reading


def told(log: EventLog) -> list[tuple[str, str, str, int, str]]:
    """Every event of a log in its order: case, activity, day, minute, amount."""
    amount = dict.fromkeys(range(len(log)), "")
    if "amount" in log.attributes:
        found = log.attributes["amount"]
        texts = (found.vocabulary[code] for code in found.code)
        amount |= dict(zip(found.row.tolist(), texts, strict=True))
    return [
        (
            log.cases[log.case[row]],
            log.activities[log.activity[row]],
            from_day(log.day[row]).isoformat(),
            int(log.minute[row]),
            amount[row],
        )
        for row in range(len(log))
    ]


EXPECTED = [
    ("A", "created", "2018-03-01", 480, "35.0"),
    ("A", "closed", "2018-03-05", 539, ""),
    ("A", "paid", "2018-03-05", 540, "20.00"),
    ("A", "paid", "2018-03-05", 540, "15.00"),
    ("B", "created", "2018-03-02", 1410, ""),
]


def test_events_stand_by_case_then_time_and_rows_of_one_time_as_the_file_has_them(
    read: Callable[..., EventLog],
) -> None:
    assert told(read("log.xes", xes(ROWS))) == EXPECTED


def test_xes_gzipped_xes_and_csv_give_the_same_log(read: Callable[..., EventLog]) -> None:
    assert told(read("log.xes.gz", gzip.compress(xes(ROWS).encode()))) == EXPECTED
    assert told(read("no-extension", gzip.compress(xes(ROWS).encode()))) == EXPECTED
    assert told(read("log.csv", csv(ROWS))) == EXPECTED


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GB18030", "GBK"])
def test_xes_is_read_in_the_encoding_it_declares(
    read: Callable[..., EventLog], encoding: str
) -> None:
    text = xes([("甲", "立案", "2018-03-01", "")]).replace("UTF-8", encoding)
    assert told(read("log", text.encode(encoding)))[0][:2] == ("甲", "立案")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns_are_named_by_the_rules(
    read: Callable[..., EventLog], encoding: str, delimiter: str
) -> None:
    number = "（2018）陕0102执1号"
    text = f"序号,案号,节点,时间\n1,{number},立案,2018年3月5日\n\n2,{number},结案,2018/6/1\n"
    log = read(
        "log.csv",
        text.replace(",", delimiter).encode(encoding),
        LogColumns(case="案号", activity="节点", timestamp="时间"),
        frozenset(),
    )
    assert [row[:3] for row in told(log)] == [
        (number, "立案", "2018-03-05"),
        (number, "结案", "2018-06-01"),
    ]


def test_where_one_days_times_are_not_all_of_one_kind_the_rows_decide(
    read: Callable[..., EventLog],
) -> None:
    rows = [
        ("A", "third by the clock", "2018-03-05 15:00", ""),
        ("A", "no time at all", "2018-03-05", ""),
        ("A", "first by the clock", "2018-03-05 08:00", ""),
        ("A", "the day before", "2018-03-04", ""),
    ]
    names = [row[1] for row in told(read("log.csv", csv(rows)))]
    assert names == ["the day before", "third by the clock", "no time at all", "first by the clock"]


def test_the_day_is_the_one_on_the_spot_and_summer_time_moves_nothing(
    read: Callable[..., EventLog],
) -> None:
    rows = [
        ("A", "in winter", "2012-03-24T00:00:00.000+01:00", ""),
        ("A", "in summer", "2012-03-26T00:00:00.000+02:00", ""),
        ("A", "late in New York", "2012-03-26T23:30:00-05:00", ""),
    ]
    days = [row[2] for row in told(read("log.xes", xes(rows)))]
    assert days == ["2012-03-24", "2012-03-26", "2012-03-26"]


def test_a_log_in_utc_says_so_and_one_with_local_times_does_not(
    read: Callable[..., EventLog],
) -> None:
    assert read("log.csv", csv([("A", "x", "2018-03-01T16:00:00Z", "")])).all_utc
    assert not read("log.csv", csv(ROWS)).all_utc
    assert not read("log.csv", csv([("A", "x", "2018-03-01", "")])).all_utc


def test_attributes_of_a_trace_stand_on_its_first_event_and_nested_ones_nowhere(
    read: Callable[..., EventLog],
) -> None:
    text = (
        '<log><global scope="event"><string key="amount" value="0"/></global>'
        '<string key="amount" value="1"/>'
        '<trace><string key="kind" value="civil"><string key="kind" value="inner"/></string>'
        '<event><date key="time:timestamp" value="2018-03-02"/>'
        '<string key="concept:name" value="later"/></event>'
        '<event><string key="concept:name" value="earlier"/><list key="things">'
        '<string key="amount" value="2"/></list><int key="amount" value="3">'
        '<int key="amount" value="4"/></int>'
        '<date key="time:timestamp" value="2018-03-01"/></event>'
        '<string key="concept:name" value="named after its events"/></trace>'
        '<trace><string key="concept:name" value="nothing"/></trace></log>'
    )
    log = read("log.xes", text, wanted=frozenset({"amount", "case:kind"}))
    assert told(log) == [
        ("named after its events", "earlier", "2018-03-01", -1, "3"),
        ("named after its events", "later", "2018-03-02", -1, ""),
    ]
    assert log.attributes["case:kind"].row.tolist() == [0]
    assert log.attributes["case:kind"].vocabulary == ("civil",)
    assert (log.cases, log.eventless) == (("named after its events",), 1)


def test_as_of_a_day_later_events_and_cases_have_not_come_yet(
    read: Callable[..., EventLog],
) -> None:
    log = read("log.csv", csv(ROWS))
    day = int(log.day.min())
    assert told(log.as_of(day)) == EXPECTED[:1]
    assert log.as_of(day).cases == ("A",)
    assert told(log.as_of(day + 1)) == [EXPECTED[0], EXPECTED[4]]
    assert len(log.as_of(day - 1)) == 0


case_names = st.sampled_from("ABC")
times = st.sampled_from(
    ["2018-03-01", "2018-03-01 08:00", "2018-03-01T08:00:30+02:00", "2018-03-02"]
)
rows_strategy = st.lists(
    st.tuples(case_names, st.sampled_from("xyz"), times, st.sampled_from(["", "1", "2.5"])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(rows_strategy)
def test_any_rows_give_the_same_log_as_xes_and_as_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    (folder / "log.xes").write_text(xes(rows), "utf-8")
    (folder / "log.csv").write_text(csv(rows), "utf-8")
    logs = [
        read_log(folder / f"log.{kind}", LogColumns(), frozenset({"amount"}))
        for kind in ("xes", "csv")
    ]
    assert told(logs[0]) == told(logs[1])
    assert sorted(told(logs[0]))[0][0] == min(row[0] for row in rows)
    assert len(logs[0]) == len(rows)


def one(attributes: str) -> str:
    return f"<log><trace>{CASE}<event>{attributes}</event></trace></log>"


CASE = '<string key="concept:name" value="A"/>'
NAME = '<string key="concept:name" value="x"/>'
TIME = '<date key="time:timestamp" value="2018-03-05"/>'
NO_SUCH_TIME = '<date key="time:timestamp" value="2018-02-30"/>'
BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
OUTSIDE = '<!DOCTYPE log SYSTEM "file:///etc/passwd">\n'
TWICE = f"<log><trace>{CASE}</trace>\n<trace>{CASE}</trace></log>"
ZIPPED = gzip.compress(xes(ROWS).encode())


def refused(read: Callable[..., EventLog], name: str, content: str | bytes) -> tuple[str, str]:
    """Place and words of the refusal, which always has a remedy and both languages."""
    with pytest.raises(BadInput) as caught:
        read(name, content)
    problem = caught.value
    assert all((problem.what.zh, problem.remedy.zh, problem.remedy.en))
    return problem.place, problem.what.en


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("", "log.xes", "empty"),
        ("case,activity\n", "log.xes:1", "XML"),
        (xes(ROWS)[:-30], "log.xes:6", "XML"),
        (xes(ROWS).replace("UTF-8", "unheard-of"), "log.xes:1", "unheard-of"),
        (xes(ROWS).replace("UTF-8", "gb18030").encode() + b"\xff", "log.xes", "gb18030"),
        (xes(ROWS, root="pnml"), "log.xes:2", "pnml"),
        ("<log/>", "log.xes", "no event"),
        (f"<log><trace>{CASE}</trace></log>", "log.xes", "no event"),
        (xes(ROWS, BOMB), "log.xes:2", "DOCTYPE"),
        (xes(ROWS, OUTSIDE), "log.xes:2", "DOCTYPE"),
        ("<log>\n<event/></log>", "log.xes:2", "outside every trace"),
        ("<log>\n<trace/></log>", "log.xes:2", "Trace 1 names no case"),
        (TWICE, "log.xes:2", "“A”"),
        (one(NAME), "log.xes:1", "Event 1 of trace 1 (A) has no time"),
        (one(TIME), "log.xes:1", "Event 1 of trace 1 (A) has no activity"),
        (one(NAME + NO_SUCH_TIME), "log.xes:1", "2018-02-30"),
        (gzip.compress(b"", mtime=0), "log.xes:1", "XML"),
        (ZIPPED[:-20], "log.xes", "cut short"),
        (ZIPPED[:-8] + b"\0" * 8, "log.xes", "damaged"),
        (b"PK\x03\x04", "log.xes", "ZIP"),
    ],
)
def test_xes_that_cannot_be_used_is_refused_with_place_and_remedy(
    read: Callable[..., EventLog], content: str | bytes, place: str, words: str
) -> None:
    where, what = refused(read, "log.xes", content)
    assert where == place
    assert words in what


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("", "log.csv", "empty"),
        ("case,activity,timestamp,amount\n", "log.csv", "no event"),
        (csv(ROWS, "case,activity,time,amount"), "log.csv", "timestamp"),
        (csv(ROWS, "case,activity,timestamp,sum"), "log.csv", "amount"),
        (csv(ROWS, "case,activity,timestamp,amount,amount"), "log.csv", "twice"),
        (csv(ROWS) + "A,x\n", "log.csv:7", "2 fields"),
        (csv(ROWS) + "A,x,2018-03-05,1,2\n", "log.csv:7", "5 fields"),
        (csv([("", "x", "2018-03-05", "")]), "log.csv:2", "no case"),
        (csv([("A", " ", "2018-03-05", "")]), "log.csv:2", "no activity"),
        (csv([("A", "x", "", "")]), "log.csv:2", "no time"),
        (csv([*ROWS, ("A", "x", "05.03.2018", "")]), "log.csv:7", "05.03.2018"),
        (csv([*ROWS, ('"A', "x", "2018-03-05", "")]), "log.csv:7", "CSV"),
        (csv(ROWS).encode() + b"A\xff\xff,x,2018-03-05,\n", "log.csv", "UTF-8"),
        (xes(ROWS), "log.csv", "XML"),
        (gzip.compress(csv(ROWS).encode()), "log.csv", "gzip"),
    ],
)
def test_csv_that_cannot_be_used_is_refused_with_place_and_remedy(
    read: Callable[..., EventLog], content: str | bytes, place: str, words: str
) -> None:
    where, what = refused(read, "log.csv", content)
    assert where == place
    assert words in what


def test_a_value_of_many_megabytes_is_refused_before_it_fills_the_memory(
    read: Callable[..., EventLog],
) -> None:
    huge = one(NAME + f'<string key="note" value="{"a" * (9 << 20)}"/>')
    with pytest.raises(BadInput, match="larger than 8 MB"):
        read("log.xes.gz", gzip.compress(huge.encode()))


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no such file"):
        read_log(tmp_path / "log.xes", LogColumns(), frozenset())
