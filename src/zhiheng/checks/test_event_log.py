from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from small_logs import CITES, duty, log_of, rules_of
from zhiheng.calendar import MISSING, from_day, to_day
from zhiheng.checks.event_log import check_log, frame_of
from zhiheng.checks.log_rules import LogRules
from zhiheng.checks.outcomes import REASONS, STATES
from zhiheng.errors import BadInput
from zhiheng.intake.event_log import EventLog

NODES = {"begun": "Begin", "done": "Do", "ended": "End"}
WITHIN_60 = duty(start=["begun"], stop=["done"], within={"days": 60}, discharged_by=["ended"])


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


def states(log: EventLog, rules: LogRules, as_of: str | None = None) -> dict[str, str]:
    """Case → state under the first duty."""
    checked = check_log(log, rules, day(as_of) if as_of else None)
    outcomes = next(iter(checked.outcomes.values()))
    return dict(zip(checked.log.cases, (STATES[state] for state in outcomes.state), strict=True))


def state(*events: str, rules: LogRules, as_of: str | None = None) -> str:
    """The state of the only case."""
    (found,) = states(log_of(*events, wanted=tuple(rules.attributes)), rules, as_of).values()
    return found


@pytest.mark.parametrize(("after", "expected"), [(59, "met"), (60, "met"), (61, "late")])
def test_a_limit_is_tested_the_day_before_on_the_day_and_the_day_after(
    after: int, expected: str
) -> None:
    done = date(2018, 1, 31) + timedelta(days=after)
    rules = rules_of(WITHIN_60, nodes=NODES)
    assert state("A Begin 2018-01-31", f"A Do {done}", rules=rules) == expected


@pytest.mark.parametrize(("after", "expected"), [(59, "late"), (60, "met"), (61, "late")])
def test_an_act_can_be_owed_on_one_day_exactly(after: int, expected: str) -> None:
    exact = duty(start=["begun"], stop=["done"], within={"days": 60}, at_least={"days": 60})
    done = date(2018, 1, 31) + timedelta(days=after)
    rules = rules_of(exact, nodes=NODES)
    assert state("A Begin 2018-01-31", f"A Do {done}", rules=rules) == expected


def test_sixty_days_over_the_change_to_summer_time_are_sixty_days() -> None:
    rules = rules_of(WITHIN_60, nodes=NODES)
    begun, done = "A Begin 2012-02-01T00:00:00+01:00", "A Do 2012-04-01T00:00:00+02:00"
    assert state(begun, done, rules=rules) == "met"
    over = state(begun, "A Do 2012-04-02T00:00:00+02:00", rules=rules)
    assert over == "late"


def test_later_events_have_not_happened_as_of_a_day() -> None:
    rules = rules_of(WITHIN_60, nodes=NODES)
    log = log_of(
        "A Begin 2018-01-01", "A Do 2018-06-01", "B Begin 2018-01-01", "B End 2018-02-01",
        "C Begin 2018-05-01", "D Begin 2018-02-01",
    )  # fmt: skip
    assert states(log, rules) == {"A": "late", "B": "discharged", "C": "not_due", "D": "overdue"}
    assert states(log, rules, "2018-04-02") == {"A": "overdue", "B": "discharged", "D": "not_due"}
    assert states(log, rules, "2018-01-31") == {"A": "not_due", "B": "not_due"}


def test_the_last_day_of_the_log_is_the_day_of_the_check_unless_one_is_named() -> None:
    checked = check_log(
        log_of("A Begin 2018-01-01", "A Do 2018-03-01"), rules_of(WITHIN_60, nodes=NODES)
    )
    assert checked.as_of == day("2018-03-01")


def test_a_right_that_is_not_used_breaches_nothing() -> None:
    right = duty(start=["begun"], stop=["done"], within={"days": 60}, only_if_done=True)
    rules = rules_of(right, nodes=NODES)
    log = log_of("A Begin 2018-01-01", "B Begin 2018-01-01", "B Do 2018-03-03", "C Do 2018-03-03")
    assert states(log, rules, "2019-01-01") == {
        "A": "not_applicable",
        "B": "late",
        "C": "undeterminable",
    }


BEFORE = NODES | {"begun_before": {"activity": "Begin", "before": "done"}}
ANSWER = duty(start=["begun_before"], stop=["done"], within={"days": 60}, only_if_done=True)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["A Begin 2018-01-01", "A Do 2018-01-01"], "met"),
        (["A Do 2018-01-01", "A Begin 2018-01-01"], "undeterminable"),
        (["A Do 2018-01-01", "A Begin 2017-12-31"], "met"),
        (["A Begin 2018-01-02", "A Do 2018-01-01"], "undeterminable"),
        (["A Do 2018-01-01T10:00", "A Begin 2018-01-01T09:00"], "met"),
        (["A Begin 2018-01-01"], "not_applicable"),
    ],
)
def test_what_an_act_answers_must_stand_before_it_and_rows_decide_within_one_time(
    events: list[str], expected: str
) -> None:
    assert state(*events, rules=rules_of(ANSWER, nodes=BEFORE), as_of="2019-01-01") == expected


def test_what_is_missing_is_named() -> None:
    rules = rules_of(ANSWER, nodes=BEFORE)
    outcomes = check_log(log_of("A Do 2018-01-01", "A Begin 2018-01-01"), rules).outcomes["d"]
    assert outcomes.details[outcomes.detail[0]] == "begun_before"


def test_a_node_can_ask_for_an_attribute() -> None:
    nodes = NODES | {"done": {"activity": "Do", "where": {"result": ["yes", "partly"]}}}
    rules = rules_of(WITHIN_60, nodes=nodes)
    events = ["A Begin 2018-01-01", "A Do 2018-01-05 result=no"]
    assert state(*events, rules=rules) == "not_due"
    assert state(*events, "A Do 2018-04-01 result=partly", rules=rules) == "late"


MONEY: dict[str, Any] = {
    "fine": {"last": "amount", "kind": "amount"},
    "expenses": {"sum": "expense"},
    "owed": {"plus": ["fine", "expenses"]},
    "paid": {"last": "total", "kind": "amount"},
}
UNPAID = duty(kind="prohibition", start=["done"], forbidden_when={"paid": {"ge": "$owed"}})


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["A Begin 2018-01-01 amount=0.1", "A Pay 2018-02-01 expense=0.2 total=0.3"], "late"),
        (["A Begin 2018-01-01 amount=0.1", "A Pay 2018-02-01 expense=0.2 total=0.29"], "met"),
        (["A Begin 2018-01-01 amount=9 total=5", "A Raise 2018-01-02 amount=20"], "met"),
        (["A Begin 2018-01-01 amount=20 total=9", "A Lower 2018-01-02 amount=9.00"], "late"),
        (["A Begin 2018-01-01 amount=9"], "undeterminable"),
        (["A Begin 2018-01-01 total=9"], "undeterminable"),
    ],
)  # fmt: skip
def test_amounts_are_added_and_compared_to_the_cent(events: list[str], expected: str) -> None:
    rules = rules_of(UNPAID, nodes=NODES, facts=MONEY)
    assert state(*events, "A Do 2018-02-01", rules=rules) == expected


def test_a_fact_is_as_of_the_act_where_it_says_until() -> None:
    events = ["A Begin 2018-01-01 total=0 amount=9", "A Do 2018-02-01", "A Pay 2018-02-01 total=9"]
    whole = rules_of(UNPAID, nodes=NODES, facts=MONEY)
    until = {
        name: fact | ({} if "plus" in fact else {"until": "done"}) for name, fact in MONEY.items()
    }
    assert state(*events, rules=whole) == "late"
    assert state(*events, rules=rules_of(UNPAID, nodes=NODES, facts=until)) == "met"


def test_a_payment_after_the_day_of_the_check_is_not_known_yet() -> None:
    rules = rules_of(UNPAID, nodes=NODES, facts=MONEY)
    events = ["A Begin 2018-01-01 total=0 amount=9", "A Do 2018-02-01", "A Pay 2018-02-03 total=9"]
    assert state(*events, rules=rules, as_of="2018-02-02") == "met"
    assert state(*events, rules=rules, as_of="2018-02-03") == "late"


def test_facts_are_text_integers_and_figures_in_yuan() -> None:
    facts = {
        "kind": {"first": "kind"},
        "points": {"last": "points", "kind": "integer"},
        "paid": {"sum": "pay"},
    }
    scope = {"kind": ["civil"], "points": {"ge": 3}, "paid": {"lt": 10.5}}
    within = duty(start=["begun"], stop=["done"], within={"days": 5}, applies=scope)
    rules = rules_of(within, nodes=NODES, facts=facts)

    def judged(kind: str, points: str, pay: str) -> str:
        begin = f"A Begin 2018-01-01 kind={kind} points={points} pay={pay}"
        return state(begin, "A Do 2018-01-06 kind=other pay=0.49", rules=rules)

    assert judged("civil", "3", "10") == "met"
    assert judged("civil", "3.0", "10.01") == "not_applicable"
    assert judged("civil", "2", "10") == "not_applicable"
    assert judged("criminal", "3", "10") == "not_applicable"


@pytest.mark.parametrize(("key", "value"), [("amount", "much"), ("amount", "1.005"), ("n", "1.5")])
def test_a_value_that_is_no_such_number_is_refused_with_case_and_event(
    key: str, value: str
) -> None:
    facts = {"owed": {"sum": "amount"}, "n": {"last": "n", "kind": "integer"}}
    rules = rules_of(WITHIN_60, nodes=NODES, facts=facts)
    log = log_of(
        "A Begin 2018-01-01 amount=1", "B Begin 2018-01-01", f"B Do 2018-01-02 {key}={value}",
        wanted=("amount", "n"),
    )  # fmt: skip
    with pytest.raises(BadInput, match=f"Case B, event 2: “{value}” under {key}"):
        check_log(log, rules)


@pytest.mark.parametrize(
    ("found", "done", "expected", "due"),
    [
        ("2018-09-25", "2018-10-12", "met", "2018-10-12"),
        ("2018-09-25", "2018-10-13", "late", "2018-10-12"),
        ("2018-03-05", "2018-03-19", "met", "2018-03-19"),
        ("2018-03-05", "2018-03-20", "late", "2018-03-19"),
    ],
)
def test_working_days_are_those_of_china_where_the_file_says_so(
    found: str, done: str, expected: str, due: str
) -> None:
    ten = duty(start=["begun"], stop=["done"], within={"working_days": 10})
    rules = rules_of(ten, nodes=NODES, calendar="china")
    checked = check_log(log_of(f"A Begin {found}", f"A Do {done}"), rules)
    outcomes = checked.outcomes["d"]
    assert STATES[outcomes.state[0]] == expected
    assert from_day(outcomes.due[0]).isoformat() == due


def test_a_last_day_on_a_rest_day_rolls_in_china_and_nowhere_without_a_calendar() -> None:
    three = duty(start=["begun"], stop=["done"], within={"days": 3})
    events = ["A Begin 2018-03-08", "A Do 2018-03-12"]  # the third day is a Sunday
    assert state(*events, rules=rules_of(three, nodes=NODES, calendar="china")) == "met"
    assert state(*events, rules=rules_of(three, nodes=NODES)) == "late"


def test_hours_run_from_the_minute() -> None:
    hours = duty(start=["begun"], stop=["done"], within={"hours": 48})
    rules = rules_of(hours, nodes=NODES)
    begun = "A Begin 2018-03-06T10:00"
    assert state(begun, "A Do 2018-03-08T10:00", rules=rules) == "met"
    assert state(begun, "A Do 2018-03-08T10:01", rules=rules) == "late"
    assert state("A Begin 2018-03-06", "A Do 2018-03-08", rules=rules) == "undeterminable"


def test_recurring_acts_are_sought_in_every_window() -> None:
    monthly = duty(
        kind="recurring", start=["begun"], stop=["done"], every={"months": 1}, during={"months": 3}
    )
    rules = rules_of(monthly, nodes=NODES)
    events = ["A Begin 2018-01-10", "A Do 2018-02-01", "A Do 2018-03-01"]
    assert state(*events, "A Do 2018-04-10", rules=rules, as_of="2018-05-01") == "met"
    assert state(*events, rules=rules, as_of="2018-05-01") == "overdue"


def test_a_composite_fails_with_its_worst_member_whatever_their_order() -> None:
    both = duty("both", "composite", start=["begun"], all_of=[{"duty": "d"}, {"duty": "e"}])
    other = duty("e", start=["begun"], stop=["ended"], within={"days": 5})
    rules = rules_of(both, WITHIN_60, other, nodes=NODES)
    log = log_of("A Begin 2018-01-01", "A Do 2018-01-02", "A End 2018-02-01")
    outcomes = check_log(log, rules).outcomes
    assert list(outcomes) == ["both", "d", "e"]
    assert STATES[outcomes["both"].state[0]] == "overdue"
    assert outcomes["both"].details[outcomes["both"].detail[0]] == "e"


def test_the_version_in_force_when_the_duty_began_applies() -> None:
    changed = WITHIN_60 | {
        "versions": [
            {"valid_from": "2000-01-01", "valid_to": "2018-01-31", "start": ["begun"],
             "stop": ["done"], "within": {"days": 60}, "cites": CITES},
            {"valid_from": "2018-02-01", "start": ["begun"], "stop": ["done"],
             "within": {"days": 30}, "cites": CITES},
        ]
    }  # fmt: skip
    rules = rules_of(changed, nodes=NODES)
    assert state("A Begin 2018-01-31", "A Do 2018-04-01", rules=rules) == "met"
    assert state("A Begin 2018-02-01", "A Do 2018-04-01", rules=rules) == "late"


def test_nothing_to_check_never_passes_silently() -> None:
    rules = rules_of(WITHIN_60, nodes=NODES)
    with pytest.raises(BadInput, match="No event had happened by 2017-12-31"):
        check_log(log_of("A Begin 2018-01-01"), rules, day("2017-12-31"))
    with pytest.raises(BadInput, match=r"None of the activities.*Other"):
        check_log(log_of("A Other 2018-01-01"), rules)


@pytest.mark.parametrize(("calendar", "when"), [("china", "1999-12-31"), ("none", "1899-12-31")])
def test_a_log_from_before_the_calendar_is_refused(calendar: str, when: str) -> None:
    rules = rules_of(WITHIN_60, nodes=NODES, calendar=calendar)
    with pytest.raises(BadInput, match="outside the calendar"):
        check_log(log_of(f"A Begin {when}"), rules)


events_strategy = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["Begin", "Do", "End", "Other"]),
        st.integers(0, 200),
        st.integers(0, 500),
    ),
    min_size=1,
    max_size=15,
).filter(lambda events: any(event[1] != "Other" for event in events))


PAYING = rules_of(WITHIN_60, nodes=NODES, facts={"paid": {"sum": "pay"}})


@given(events_strategy)
def test_every_outcome_is_what_a_loop_over_the_events_finds(
    events: list[tuple[str, str, int, int]],
) -> None:
    base = day("2018-01-01")
    written = [f"{c} {a} {from_day(base + d)} pay={p / 100}" for c, a, d, p in events]
    log = log_of(*written, wanted=("pay",))
    as_of = max(d for _, _, d, _ in events)
    frame, found = frame_of(log, PAYING), states(log, PAYING)
    for row, case in enumerate(log.cases):
        own = [event for event in events if event[0] == case]
        first = {
            node: min((d for _, a, d, _ in own if a == activity), default=None)
            for node, activity in NODES.items()
        }
        assert frame.fields["paid"].values[row] == sum(p for *_, p in own)
        for node, at in first.items():
            assert frame.day(node)[row] == (MISSING if at is None else base + at)
        assert found[case] == expected_state(first, as_of)


def expected_state(first: dict[str, int | None], as_of: int) -> str:
    begun, done, ended = first["begun"], first["done"], first["ended"]
    if begun is None:
        return "not_applicable" if done is None else "undeterminable"
    if done is not None:
        return "met" if done <= begun + 60 else "late"
    if ended is not None:
        return "discharged"
    return "not_due" if as_of <= begun + 60 else "overdue"


def test_reasons_tell_an_end_within_the_limit_from_one_after_it() -> None:
    rules = rules_of(WITHIN_60, nodes=NODES)
    log = log_of("A Begin 2018-01-01", "A End 2018-03-02", "B Begin 2018-01-01", "B End 2018-03-03")
    reasons = [REASONS[reason] for reason in check_log(log, rules).outcomes["d"].reason]
    assert reasons == ["ended_in_time", "ended_after_limit"]
