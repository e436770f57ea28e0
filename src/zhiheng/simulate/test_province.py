"""A made-up province: whole, free of bad input, and near the figures it is steered towards."""

from __future__ import annotations

import os
import re
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from stdnum.cn import ric, uscc

from zhiheng.calendar import to_day
from zhiheng.records.case_numbers import is_canonical
from zhiheng.records.catalogue import codes, node_spellings, nodes, tables
from zhiheng.records.courts import level_of_code, normal_court_name, parent_of_code
from zhiheng.simulate import calibration
from zhiheng.simulate.courts import courts_of
from zhiheng.simulate.province import Parameters, Province, make
from zhiheng.simulate.world import World

FIRST, LAST = to_day(date(2018, 1, 1)), to_day(date(2019, 12, 31))
CASES = 12_000
COME_BEFORE_FILING = ["application_received", "security_ordered", "security_given"]


@cache
def province() -> Province:
    world = World(courts_of("陕西"), 20180101, FIRST, LAST)
    return make(world, Parameters("陕西", CASES, 20180101, FIRST, LAST), lambda name: None)


def column(table: str, name: str) -> pa.ChunkedArray:
    found = province().tables[table][name]
    kind = found.type
    return found.cast(pa.string()) if pa.types.is_dictionary(kind) else found


def days(table: str, name: str) -> np.ndarray:
    """Days of a column, -1 for null."""
    return column(table, name).cast(pa.int32()).fill_null(-1).to_numpy()


def counted(duty: str, *states: str) -> int:
    outcomes = province().outcomes
    wanted = pc.equal(outcomes["duty"], duty)
    if states:
        wanted = pc.and_(wanted, pc.is_in(outcomes["state"], pa.array(states)))
    return pc.sum(outcomes.filter(wanted)["count"]).as_py() or 0


def test_there_are_as_many_cases_as_asked_and_events_near_the_target() -> None:
    assert province().tables["cases"].num_rows == CASES
    wanted = calibration.targets()["events_per_case"].value
    assert province().tables["events"].num_rows / CASES == pytest.approx(wanted, rel=0.05)


@pytest.mark.parametrize("table", list(tables()))
def test_keys_are_unique_and_references_are_kept(table: str) -> None:
    key = tables()[table].key
    if key is not None:
        ids = column(table, key)
        assert pc.count_distinct(ids).as_py() == len(ids)
    for name, one in tables()[table].columns.items():
        if one.kind == "ref" and not one.open:
            of = tables()[one.table or ""].key or ""
            known = column(one.table or "", of).combine_chunks()
            held = column(table, name).drop_null()
            assert pc.all(pc.is_in(held, known)).as_py() in (True, None), (table, name)


def test_every_event_names_a_subject_of_its_kind_in_its_case() -> None:
    events = province().tables["events"]
    subject_kind = {name: nodes()[name].subject for name in node_spellings().values()}
    kinds = pa.array([subject_kind[name] for name in column("events", "node").to_pylist()])
    for kind in set(kinds.to_pylist()):
        rows = events.filter(pc.equal(kinds, kind))
        if kind == "case":
            assert rows["subject"].null_count == rows.num_rows
            continue
        table = province().tables[{"party": "parties", "clue": "clues"}.get(kind, kind + "s")]
        case_of = dict(zip(table[kind].to_pylist(), table["case"].to_pylist(), strict=True))
        pairs = zip(rows["subject"].to_pylist(), rows["case"].to_pylist(), strict=True)
        assert all(case_of[subject] == case for subject, case in pairs), kind


@pytest.mark.parametrize("table", list(tables()))
def test_coded_columns_hold_only_known_codes(table: str) -> None:
    for name, one in tables()[table].columns.items():
        if one.kind == "code":
            held = set(column(table, name).drop_null().to_pylist())
            assert held <= set(codes()[one.codes or ""]), (table, name)
        if one.kind == "amount":
            assert (pc.min(column(table, name)).as_py() or 0) >= 0


@pytest.mark.parametrize(
    ("table", "earlier", "later"),
    [
        ("cases", "filed", "closed"),
        ("cases", "filed", "filed_recorded"),
        ("cases", "closed", "closed_recorded"),
        ("documents", "made", "served"),
        ("documents", "made", "published"),
        ("intervals", "from", "to"),
        ("petitions", "received", "recorded"),
        ("petitions", "received", "closed"),
        ("entrustments", "sent", "signed"),
        ("entrustments", "signed", "answered"),
        ("entrustments", "answered", "confirmed"),
        ("listings", "listed", "lifted"),
        ("events", "day", "recorded_day"),
    ],
)
def test_days_come_in_order(table: str, earlier: str, later: str) -> None:
    first, second = days(table, earlier), days(table, later)
    assert np.all((first <= second) | (second < 0))
    assert np.any(second >= 0)


def test_nothing_is_recorded_in_the_minutes_before_it_happened() -> None:
    same = days("events", "day") == days("events", "recorded_day")
    minute = column("events", "minute").fill_null(-1).to_numpy()
    recorded = column("events", "recorded_minute").fill_null(-1).to_numpy()
    assert np.all((recorded >= minute)[same & (minute >= 0)])
    assert 0 <= minute.max() <= recorded.max() <= 1439


def test_nothing_happens_before_filing_or_after_the_last_day() -> None:
    filed = dict(zip(column("cases", "case").to_pylist(), days("cases", "filed"), strict=True))
    of_case = np.array([filed[case] for case in column("events", "case").to_pylist()])
    day = days("events", "day")
    # Some come before it; others are put in out of order, for the screens to find.
    misplaced = ("debtor_summoned", "eviction_carried_out")
    early = np.isin(column("events", "node").to_pylist(), [*COME_BEFORE_FILING, *misplaced])
    assert np.all((day >= of_case) | early)
    assert day.max() <= LAST
    assert days("events", "recorded_day").max() <= LAST
    for table, name in (("documents", "published"), ("cases", "closed"), ("petitions", "closed")):
        assert days(table, name).max() <= LAST


def test_events_are_sorted_by_court_case_and_day() -> None:
    court = dict(
        zip(column("cases", "case").to_pylist(), column("cases", "court").to_pylist(), strict=True)
    )
    case = column("events", "case").to_pylist()
    keys = [(court[c], c, d) for c, d in zip(case, days("events", "day"), strict=True)]
    assert keys == sorted(keys)


def test_closed_cases_and_only_they_have_a_closing_kind() -> None:
    closed = column("cases", "closed").is_valid().to_pylist()
    assert closed == column("cases", "closing_kind").is_valid().to_pylist()


def test_case_numbers_are_canonical_and_unique() -> None:
    numbers = column("cases", "case_number").to_pylist()
    assert all(is_canonical(number) for number in numbers)
    assert len(set(numbers)) == CASES


def test_case_numbers_run_on_without_a_gap_in_order_of_filing() -> None:
    numbers = column("cases", "case_number").to_pylist()
    parts = [re.fullmatch(r"(.*\D)(\d+)号", number) for number in numbers]
    series: dict[str, list[int]] = {}
    for part in parts:
        assert part is not None
        series.setdefault(part[1], []).append(int(part[2]))
    assert all(found == list(range(1, len(found) + 1)) for found in series.values())


def test_identity_numbers_are_well_formed_but_nobody_can_bear_them() -> None:
    numbers = column("parties", "person").to_pylist()
    kinds = column("parties", "kind").to_pylist()
    held = [(n, k) for n, k in zip(numbers, kinds, strict=True) if n is not None]
    assert len(held) > 0.9 * len(numbers)
    for number, kind in held[:4000]:
        if kind == "natural":
            assert ric.is_valid(number) and number.startswith("610000")
        else:
            assert uscc.is_valid(number) and number.startswith("91990000")


def test_the_same_number_never_has_two_names() -> None:
    pairs = zip(
        column("parties", "person").to_pylist(), column("parties", "name").to_pylist(), strict=True
    )
    firms = {(number, name) for number, name in pairs if number and number.startswith("91")}
    assert len(firms) == len({number for number, _ in firms})


def test_cases_of_each_kind_come_in_their_share() -> None:
    kinds = column("cases", "kind").to_pylist()
    for kind, share in calibration.shares("case_kinds").items():
        assert kinds.count(kind) / CASES == pytest.approx(share, abs=0.012), kind


def test_reviews_above_are_heard_by_courts_above() -> None:
    levels = {court.code: court.level for court in courts_of("陕西")}
    for kind, court in zip(
        column("cases", "kind").to_pylist(), column("cases", "court").to_pylist(), strict=True
    ):
        if kind in ("reconsideration", "supervision", "coordination"):
            assert levels[court] in ("intermediate", "high")


def test_published_targets_are_met() -> None:
    target = {name: one.value for name, one in calibration.targets().items()}
    in_time = counted("case.closed_in_time", "met") / counted(
        "case.closed_in_time", "met", "late", "overdue"
    )
    assert in_time == pytest.approx(target["in_time_closing"], abs=0.025)
    compliant = counted("closure.substance", "met") / counted(
        "closure.substance", "met", "overdue", "late"
    )
    assert compliant == pytest.approx(target["closure_compliance"], abs=0.03)
    closed = column("cases", "closed")
    assert 1 - closed.null_count / len(closed) >= target["overall_closing"]
    answered = column("petitions", "closed")
    assert 1 - answered.null_count / len(answered) >= target["petition_closing"] - 0.05


def test_the_truth_counts_every_subject_of_a_duty_once() -> None:
    cases = province().tables["cases"]
    enforcing = pc.is_in(column("cases", "kind"), pa.array(["first", "resumed"]))
    for duty in ("case.closed_in_time", "notice.filing", "notice.nodes"):
        assert counted(duty) == pc.sum(enforcing).as_py()
    closing = column("cases", "closing_kind").to_pylist()
    for duty in (
        "closure.substance", "closure.procedure", "closure.three_months", "closure.notice_issued",
        "closure.inquiry", "closure.heard", "closure.registered", "closure.follow_up",
    ):  # fmt: skip
        assert counted(duty) == closing.count("provisional_closure"), duty
    money = pc.and_(
        enforcing, pc.fill_null(pc.equal(column("cases", "claim_kind"), "money"), False)
    )
    assert counted("inquiry.network") == pc.sum(money).as_py()
    with_money = pc.is_in(column("assets", "case"), cases.filter(money)["case"].combine_chunks())
    online = column("assets", "online_controllable")
    for duty, other in (("control.online", False), ("control.offline", True)):
        concerned = pc.and_(with_money, pc.fill_null(pc.not_equal(online, other), True))
        assert counted(duty) == pc.sum(concerned).as_py()
    intervals = column("intervals", "kind").to_pylist()
    assert counted("stay.length") == intervals.count("stay")
    rulings = pc.is_in(
        column("documents", "kind"), pa.array(["enforcement_ruling", "provisional_closure_ruling"])
    )
    assert counted("document.published") == pc.sum(rulings).as_py()


def test_every_state_occurs_in_the_truth() -> None:
    assert set(province().outcomes["state"].to_pylist()) == {
        "not_due", "met", "late", "overdue", "excused", "discharged", "undeterminable",
    }  # fmt: skip


def test_courts_that_breach_more_often_by_design_do_so_in_fact() -> None:
    quality = province().court_quality.to_pylist()
    likely = {
        row["court"]: row["probability_late"] for row in quality if row["duty"] == "inquiry.network"
    }
    outcomes = [row for row in province().outcomes.to_pylist() if row["duty"] == "inquiry.network"]
    late: dict[str, int] = {}
    done: dict[str, int] = {}
    for row in outcomes:
        done[row["court"]] = done.get(row["court"], 0) + row["count"]
        if row["state"] == "late":
            late[row["court"]] = row["count"]
    big = [court for court in done if done[court] >= 60]
    shares = np.array([late.get(court, 0) / done[court] for court in big])
    assert np.corrcoef(shares, [likely[court] for court in big])[0, 1] > 0.7


def test_late_entry_occurs_and_differs_between_courts() -> None:
    late = days("events", "recorded_day") > days("events", "day")
    assert 0.03 < late.mean() < 0.10


def test_some_minutes_are_missing() -> None:
    minute = column("events", "minute")
    assert minute.null_count / len(minute) == pytest.approx(0.02, abs=0.004)


def test_shaanxi_has_a_high_court_eleven_intermediate_and_109_basic_courts() -> None:
    levels = [court.level for court in courts_of("陕西")]
    assert (levels.count("high"), levels.count("intermediate"), levels.count("basic")) == (
        1, 11, 109,
    )  # fmt: skip
    for court in courts_of("陕西省"):
        assert level_of_code(court.code) == court.level
        assert parent_of_code(court.code) == court.parent


def test_courts_agree_with_an_independent_list() -> None:
    root = Path(os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[4] / "shared"))
    file = next((root / "data", root)[not (root / "data").is_dir()].glob("courts/*.csv"), None)
    if file is None:
        pytest.skip("the independent list of courts is not here (set ZHIHENG_SHARED)")
    rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    theirs = {
        normal_court_name(row[0].removeprefix("陕西省")): (
            row[1], normal_court_name(row[2].removeprefix("陕西省")),
        )
        for row in rows
        if row[3] == "陕西省高级人民法院"
    }  # fmt: skip
    level = {"intermediate": "中级", "basic": "基层"}
    name = {
        court.code: normal_court_name(court.name.removeprefix("陕西省"))
        for court in courts_of("陕西")
    }
    ours = {
        name[court.code]: (level[court.level], name[court.parent])
        for court in courts_of("陕西")
        if court.level in level
    }
    assert ours == theirs
