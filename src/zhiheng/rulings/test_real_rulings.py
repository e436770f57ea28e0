"""The two rulings others published: what a careful reader finds in them is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhiheng.rulings import CheckedRuling, check_text


@pytest.fixture(scope="module")
def rows(shared: Callable[..., Path]) -> list[dict[str, Any]]:
    lines = shared("rulings", "rulings.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def read(row: dict[str, Any]) -> tuple[CheckedRuling, dict[str, str]]:
    checked = check_text(row["text"])
    return checked, {one.id: one.state for one in checked.conditions}


def days(checked: CheckedRuling, kind: str) -> list[str]:
    return sorted({one.day.isoformat() for one in checked.facts.dates if one.kind == kind})


def test_court_number_and_day_are_those_of_the_records(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        facts = read(row)[0].facts
        assert facts.court and facts.court.text == row["court"]
        assert facts.case_number and facts.case_number.canonical == row["case_no"]
        assert facts.ruling_day == date.fromisoformat(row["date"])


def test_the_days_and_the_sum_are_those_of_the_careful_reader(rows: list[dict[str, Any]]) -> None:
    checked, _ = read(rows[0])
    ours = rows[0]["our_reading"]
    facts = checked.facts
    assert facts.filing_day and facts.ruling_day
    assert facts.filing_day.isoformat() == ours["filed"]
    assert (facts.ruling_day - facts.filing_day).days == ours["days"]
    assert checked.arithmetic.claim == ours["claim_yuan"] * 100
    assert days(checked, "notice_issued") == [ours["execution_notice"]]
    assert days(checked, "network_queried") == ours["network_query"]
    assert days(checked, "inquired_on_site") == [one[:10] for one in ours["offline_query"]]
    assert days(checked, "spending_restricted") == [ours["consumption_limit"]]
    assert days(checked, "dishonest_listed") == [ours["dishonest_list"]]
    silent, _ = read(rows[1])
    assert (silent.facts.filing_day, silent.arithmetic.claim) == (None, None)


def test_every_flag_expected_of_the_first_is_raised(rows: list[dict[str, Any]]) -> None:
    checked, states = read(rows[0])
    found = {one.id for one in checked.flags}
    assert len(rows[0]["our_reading"]["expected_flags"]) == 3
    assert {"three_months", "report_ordered", "outstanding_stated"} <= found
    assert states["three_months"] == "contradicted"
    assert states["applicant_told"] == states["legal_basis"] == "evidenced"
    assert "told_undated" in found


def test_every_flag_expected_of_the_second_is_raised(rows: list[dict[str, Any]]) -> None:
    checked, states = read(rows[1])
    found = {one.id for one in checked.flags}
    assert len(rows[1]["our_reading"]["expected_flags"]) == 5
    assert {"claim_stated", "outstanding_stated"} <= found
    assert {"notice_issued", "report_ordered", "spending_restricted"} <= found
    assert {"measures_stated", "queries_in_a_word"} <= found
    assert {"applicant_told", "objection_told"} <= found
    assert {"worded_anew", "resumption_told"} <= found
    assert states["three_months"] == "not_assessable"
