"""Sections add up to the duties they hold."""

from __future__ import annotations

from zhiheng.law.load import load_law
from zhiheng.measures.sections import breaches_by_section
from zhiheng.measures.tally import Tally


def test_what_is_open_or_inapplicable_is_not_decided() -> None:
    tally = Tally.of_states(
        {
            ("陕0102", "inquiry.network"): {"met": 5, "late": 2, "not_due": 4, "not_applicable": 9},
            ("陕0103", "inquiry.network"): {"overdue": 1, "undeterminable": 3, "excused": 1},
            ("陕0102", "closure.heard"): {"met": 1, "discharged": 1},
        }
    )
    found = {entry["section"]: entry for entry in breaches_by_section(tally, load_law())}
    assert (found["A"]["decided"], found["A"]["breached"], found["A"]["undeterminable"]) == (
        12,
        3,
        3,
    )
    assert (found["B"]["decided"], found["B"]["breached"]) == (2, 0)


def test_every_duty_is_counted_in_one_section() -> None:
    found = breaches_by_section(Tally.empty(), load_law())
    assert sum(entry["duties"] for entry in found) == len(load_law().duties)
    assert {"A", "B"} <= {entry["section"] for entry in found}
