"""The ledger of control orders: what the model makes of records, and what it remarks on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.calendar import load_calendar, to_day
from zhiheng.freezes.ledger import Line, Order, ledger_of
from zhiheng.freezes.terms import load_terms


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def lines(as_of: str, *orders: Order) -> dict[str, Line]:
    found = ledger_of(orders, day(as_of), load_terms(), load_calendar())
    return {line.control: line for line in found}


FIRST = Order(
    "a", "案1", "陕0102", "acc", "deposit", "freeze", day=day("2018-03-06"), minute=600,
    amount=5000, frozen=3000, balance=3000, expires=day("2019-03-05"), rank=1,
)  # fmt: skip
SECOND = replace(
    FIRST, id="b", case="案2", court="陕0103", day=day("2018-05-07"), amount=2000, frozen=0,
    expires=day("2019-05-06"), rank=2,
)  # fmt: skip
RENEWAL = Order(
    "r", "案1", "陕0102", "acc", "deposit", "renew", earlier="a", day=day("2019-03-05"),
    minute=600, expires=day("2020-03-04"),
)  # fmt: skip


def test_the_first_holds_the_money_and_the_second_waits() -> None:
    found = lines("2018-12-31", FIRST, SECOND)
    assert (found["a"].state, found["a"].rank, found["a"].held) == ("effective", 1, 3000)
    assert (found["b"].state, found["b"].rank, found["b"].held) == ("waiting", 2, 0)
    assert found["a"].days_left == 64
    assert found["a"].remarks == found["b"].remarks == ()


def test_when_the_first_lapses_the_second_takes_effect() -> None:
    found = lines("2019-03-06", FIRST, SECOND)
    assert (found["a"].state, found["a"].days_left) == ("lapsed", None)
    assert (found["b"].state, found["b"].rank, found["b"].held) == ("effective", 1, 2000)


def test_a_renewal_in_time_keeps_the_place() -> None:
    found = lines("2019-03-06", FIRST, SECOND, RENEWAL)
    assert (found["a"].rank, found["a"].renewals, found["b"].rank) == (1, 1, 2)
    assert found["a"].expires == day("2020-03-04")


def test_a_renewal_a_day_late_stands_at_the_end() -> None:
    late = replace(RENEWAL, day=day("2019-03-06"))
    found = lines("2019-03-06", FIRST, SECOND, late)
    assert found["a"].state == "lapsed"
    assert (found["b"].rank, found["r"].rank) == (1, 2)
    assert found["r"].remarks == ("renewed_too_late",)


def test_a_release_by_order_or_by_event_lets_the_next_in() -> None:
    order = Order("x", "案1", "陕0102", "acc", "deposit", "release", earlier="a", day=17800)
    by_order = lines("2018-12-31", FIRST, SECOND, order)
    by_event = lines("2018-12-31", replace(FIRST, released=17800), SECOND)
    assert by_order["a"].state == by_event["a"].state == "released"
    assert by_order["b"].held == by_event["b"].held == 2000


def test_what_the_court_deducts_is_gone_from_its_limit() -> None:
    take = Order(
        "x", "案1", "陕0102", "acc", "deposit", "deduct", earlier="a", day=17700, taken=2500,
        balance=3000,
    )  # fmt: skip
    found = lines("2018-12-31", FIRST, SECOND, take)
    assert (found["a"].asked, found["a"].held, found["b"].held) == (2500, 500, 0)


def test_who_takes_more_than_it_holds_is_remarked_on() -> None:
    take = Order("x", "案2", "陕0103", "acc", "deposit", "deduct", earlier="b", day=17700, taken=1)
    assert lines("2018-12-31", FIRST, SECOND, take)["b"].remarks == ("more_than_it_holds",)


def test_records_that_disagree_with_the_model_are_remarked_on() -> None:
    wrong = replace(SECOND, rank=1, frozen=2000, expires=day("2020-05-08"))
    assert lines("2018-12-31", FIRST, wrong)["b"].remarks == (
        "too_long", "rank_differs", "frozen_differs",
    )  # fmt: skip


def test_what_is_not_recorded_stays_unknown() -> None:
    found = lines("2018-12-31", replace(FIRST, balance=None), replace(SECOND, amount=None))
    assert (found["a"].rank, found["a"].held, found["b"].asked) == (1, 3000, None)
    open_end = lines("2030-12-31", replace(FIRST, expires=None))["a"]
    assert (open_end.days_left, open_end.remarks) == (None, ("end_missing",))


def test_a_thing_is_held_by_the_first_only() -> None:
    house = replace(FIRST, kind="real_estate", measure="seal", expires=day("2021-03-05"))
    found = lines("2018-12-31", house, replace(SECOND, kind="real_estate", measure="seal"))
    assert (found["a"].state, found["b"].state) == ("effective", "waiting")


def test_an_order_that_was_not_served_is_listed_as_such() -> None:
    assert lines("2018-12-31", replace(FIRST, day=None))["a"].state == "not_served"
    assert lines("2018-03-05", FIRST)["a"].state == "not_served"


def test_who_came_first_on_one_day_is_uncertain_without_the_minute() -> None:
    same = replace(SECOND, day=FIRST.day, minute=None, expires=day("2019-03-05"))
    found = lines("2018-12-31", FIRST, same)
    assert "order_uncertain" in found["a"].remarks
    assert "order_uncertain" in found["b"].remarks
    assert found["a"].rank == 1


def test_a_renewal_of_something_outside_the_records_counts_from_its_own_day() -> None:
    found = lines("2019-12-31", replace(RENEWAL, amount=5000, balance=9000))
    assert (found["r"].rank, found["r"].remarks) == (1, ("earlier_unknown",))


@given(
    st.lists(
        st.builds(
            Order,
            id=st.uuids().map(str),
            case=st.just("案"),
            court=st.sampled_from(["陕01", "陕02"]),
            account=st.sampled_from(["p", "q"]),
            kind=st.sampled_from(["deposit", "vehicle"]),
            measure=st.sampled_from(["freeze", "renew", "release", "deduct", "query"]),
            day=st.one_of(st.none(), st.integers(17000, 17030)),
            minute=st.one_of(st.none(), st.integers(0, 1439)),
            amount=st.one_of(st.none(), st.integers(0, 50)),
            taken=st.one_of(st.none(), st.integers(0, 50)),
            balance=st.one_of(st.none(), st.integers(0, 90)),
            expires=st.one_of(st.none(), st.integers(16990, 17060)),
            released=st.one_of(st.none(), st.integers(17000, 17060)),
        ),
        max_size=9,
    ),
    st.randoms(use_true_random=False),
    st.integers(17000, 17070),
)
@settings(max_examples=200, deadline=None)
def test_any_records_give_one_line_a_control_whatever_their_order(
    orders: list[Order], random: object, as_of: int
) -> None:
    for place, order in enumerate(orders):  # some point at an earlier row
        orders[place] = replace(order, earlier=orders[place // 2].id)
    found = list(ledger_of(orders, as_of, load_terms(), load_calendar()))
    random.shuffle(orders)  # type: ignore[attr-defined]
    again = list(ledger_of(orders, as_of, load_terms(), load_calendar()))
    assert sorted(found, key=lambda line: line.control) == sorted(
        again, key=lambda line: line.control
    )
    listed = {line.control for line in found}
    assert len(listed) == len(found)
    assert listed >= {order.id for order in orders if order.measure == "freeze"}
    for mark in ("p", "q"):
        ranks = [line.rank for line in found if line.account == mark and line.rank]
        assert ranks == list(range(1, len(ranks) + 1))


def test_a_renewal_that_only_an_event_tells_is_remarked_on() -> None:
    alone = lines("2018-12-31", replace(FIRST, renewed=1))["a"]
    assert (alone.renewals, alone.remarks) == (0, ("renewed_without_order",))
    assert lines("2019-03-06", replace(FIRST, renewed=1), RENEWAL)["a"].remarks == ()


def test_a_record_that_cannot_be_is_listed_with_the_reason() -> None:
    line = lines("2018-12-31", replace(FIRST, expires=day("2018-03-05")))["a"]
    assert (line.state, line.remarks) == ("refused", ("ends_before_it_begins",))


def test_an_unknown_kind_of_property_is_an_error() -> None:
    with pytest.raises(KeyError):
        lines("2018-12-31", replace(FIRST, kind="castle"))
