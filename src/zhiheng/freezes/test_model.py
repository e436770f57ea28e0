"""The freeze model: its rules one by one, and its invariants against a slow plain restatement."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from plain_freezes import Plain, lived
from zhiheng.freezes.model import (
    Account,
    Charged,
    Deducted,
    Event,
    Frozen,
    Moved,
    Observed,
    Released,
    Renewed,
    apply,
    effective,
    free,
    frozen,
    reach,
)

IDS = st.sampled_from("abcde")
COURTS = st.sampled_from(["陕01", "陕02", "川01"])
SUMS = st.integers(0, 12)
DAYS = st.integers(0, 40)
LASTS = st.integers(0, 60)

EVENTS = st.one_of(
    st.builds(Frozen, DAYS, IDS, COURTS, SUMS, LASTS),
    st.builds(Frozen, DAYS, IDS, COURTS, SUMS, LASTS),
    st.builds(Renewed, DAYS, IDS, st.sampled_from("vwxyz"), COURTS, LASTS),
    st.builds(Released, DAYS, IDS, COURTS),
    st.builds(Deducted, DAYS, IDS, COURTS, SUMS),
    st.builds(Moved, DAYS, st.integers(-8, 20)),
    st.builds(Charged, DAYS, SUMS),
    st.builds(Observed, DAYS, st.integers(0, 30)),
)
RUNS = st.lists(EVENTS, max_size=14).map(lambda events: sorted(events, key=lambda one: one.day))


def after(*events: Event, start: Account | None = None) -> Account:
    """The account after events, every one of which must be let through."""
    account = start or Account()
    for event in events:
        account, refused = apply(account, event)
        assert refused is None, (event, refused)
    return account


def refused(account: Account, event: Event) -> str | None:
    return apply(account, event)[1]


def run(events: list[Event]) -> tuple[Account, list[bool]]:
    account, passed = Account(), []
    for event in events:
        account, refusal = apply(account, event)
        passed.append(refusal is None)
    return account, passed


FIRST = Frozen(10, "a", "陕01", 100, 375)
SECOND = Frozen(20, "b", "陕02", 50, 385)


def test_the_whole_amount_asked_is_frozen_also_where_the_balance_is_lower() -> None:
    account = after(Moved(0, 30), FIRST)
    assert (account.queue[0].limit, frozen(account)) == (100, {"a": 30})


def test_money_that_arrives_later_is_caught() -> None:
    account = after(Moved(0, 30), FIRST, Moved(11, 90))
    assert (frozen(account), free(account)) == ({"a": 100}, 20)


def test_limits_stack_in_order_of_service() -> None:
    account = after(Moved(0, 120), FIRST, SECOND)
    assert frozen(account) == {"a": 100, "b": 20}
    assert effective(account, "b")


def test_one_behind_that_holds_nothing_waits() -> None:
    assert not effective(after(Moved(0, 100), FIRST, SECOND), "b")


def test_a_freeze_is_in_force_to_the_end_of_its_last_day() -> None:
    account = after(Moved(0, 100), FIRST, SECOND)
    assert frozen(reach(account, 375)) == {"a": 100, "b": 0}
    assert frozen(reach(account, 376)) == {"b": 50}


def test_the_next_in_line_takes_effect_on_release() -> None:
    account = after(Moved(0, 100), FIRST, SECOND, Released(30, "a", "陕01"))
    assert (frozen(account), effective(account, "b")) == ({"b": 50}, True)


def test_a_renewal_on_the_last_day_keeps_the_place() -> None:
    account = after(Moved(0, 100), FIRST, SECOND, Renewed(375, "a", "a2", "陕01", 740))
    assert [freeze.id for freeze in account.queue] == ["a", "b"]
    assert account.queue[0].last == 740


def test_a_renewal_a_day_late_is_a_new_freeze_at_the_end() -> None:
    account = after(Moved(0, 100), FIRST, SECOND, Renewed(376, "a", "a2", "陕01", 740))
    assert [freeze.id for freeze in account.queue] == ["b", "a2"]
    assert frozen(account) == {"b": 50, "a2": 50}


def test_frozen_money_is_deducted_without_a_release() -> None:
    account = after(Moved(0, 100), FIRST, Deducted(30, "a", "陕01", 60))
    assert (account.balance, account.queue[0].limit) == (40, 40)


def test_a_freeze_whose_limit_is_used_up_is_gone() -> None:
    account = after(Moved(0, 100), FIRST, Deducted(30, "a", "陕01", 100))
    assert (account.queue, account.ended[0].why) == ((), "used_up")


def test_nobody_takes_what_another_court_has_frozen() -> None:
    account = after(Moved(0, 120), FIRST, SECOND)
    assert refused(account, Deducted(30, "a", "陕02", 10)) == "another_court"
    assert refused(account, Deducted(30, "b", "陕02", 21)) == "more_than_it_holds"
    assert refused(account, Released(30, "a", "陕02")) == "another_court"
    assert refused(account, Renewed(30, "a", "c", "陕02", 999)) == "another_court"


def test_money_under_a_prior_right_is_not_counted_until_the_right_ends() -> None:
    account = after(Moved(0, 100), Charged(1, 70), FIRST)
    assert frozen(account) == {"a": 30}
    assert refused(account, Deducted(11, "a", "陕01", 31)) == "more_than_it_holds"
    assert frozen(after(Charged(12, 0), start=account)) == {"a": 100}


def test_the_owner_takes_out_only_what_is_free() -> None:
    account = after(Moved(0, 120), FIRST)
    assert refused(account, Moved(11, -21)) == "more_than_is_free"
    assert free(after(Moved(11, -20), start=account)) == 0


def test_each_wrong_event_is_refused_by_name() -> None:
    account = after(Moved(0, 100), FIRST, SECOND, Released(30, "b", "陕02"))
    assert refused(account, Moved(29, 1)) == "out_of_order"
    assert refused(account, FIRST) == "out_of_order"
    assert refused(account, replace(FIRST, day=31)) == "id_in_use"
    assert refused(account, Frozen(31, "c", "陕01", 0, 99)) == "nothing_asked"
    assert refused(account, Frozen(31, "c", "陕01", 5, 30)) == "ends_before_it_begins"
    assert refused(account, Renewed(31, "a", "c", "陕01", 375)) == "not_longer"
    assert refused(account, Renewed(31, "b", "c", "陕02", 999)) == "not_in_force"
    assert refused(account, Renewed(31, "z", "c", "陕02", 999)) == "no_such_freeze"
    assert refused(account, Released(31, "b", "陕02")) == "not_in_force"
    assert refused(account, Released(31, "z", "陕02")) == "no_such_freeze"
    assert refused(account, Deducted(31, "a", "陕01", 0)) == "nothing_asked"


@given(RUNS)
@settings(max_examples=600, deadline=None)
def test_the_model_agrees_with_the_plain_restatement(events: list[Event]) -> None:
    account, passed = run(events)
    plain, let_through = lived(events)
    assert passed == let_through
    assert [f.id for f in account.queue] == [row["id"] for row in plain.live()]
    assert [(f.limit, f.last) for f in account.queue] == [
        (row["limit"], row["last"]) for row in plain.live()
    ]
    assert frozen(account) == plain.held()
    assert (account.balance, account.charged) == (plain.balance, plain.charged)
    over = {(e.freeze.id, e.why, e.on) for e in account.ended}
    assert over == {(r["id"], r["state"], r["over"]) for r in plain.rows if "over" in r}


@given(RUNS)
@settings(deadline=None)
def test_living_through_every_day_is_the_same_as_going_from_event_to_event(
    events: list[Event],
) -> None:
    daily = Account()
    for event in events:
        while daily.day < event.day:
            daily = reach(daily, daily.day + 1)
        daily, _ = apply(daily, event)
    at_once, _ = run(events)
    # Freezes that lapse on different days are listed by day either way.
    assert daily == at_once


@given(RUNS, st.integers(0, 90), st.integers(0, 90))
@settings(deadline=None)
def test_what_has_lapsed_never_comes_back(events: list[Event], one: int, more: int) -> None:
    account, _ = run(events)
    soon = reach(account, account.day + one)
    later = reach(soon, soon.day + more)
    assert later.ended[: len(soon.ended)] == soon.ended
    assert {f.id for f in later.queue} <= {f.id for f in soon.queue}
    assert reach(account, account.day + one + more) == later


class OneAccount(RuleBasedStateMachine):
    """Whatever happens, in whatever order: the invariants hold after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.account, self.plain, self.made = Account(), Plain(), 0

    def step(self, event: Event) -> Account:
        before = reach(self.account, event.day)
        self.account, refusal = apply(self.account, event)
        assert self.plain.take(event) is (refusal is None)
        if refusal is not None:
            assert self.account in (before, reach(before, event.day))
        return before

    @initialize(money=st.integers(0, 30))
    def opened(self, money: int) -> None:
        self.step(Moved(0, money))

    @rule(court=COURTS, amount=st.integers(1, 15), term=st.integers(0, 30), wait=st.integers(0, 5))
    def freeze(self, court: str, amount: int, term: int, wait: int) -> None:
        day = self.account.day + wait
        self.made += 1
        before = self.step(Frozen(day, f"f{self.made}", court, amount, day + term))
        assert self.account.queue[:-1] == before.queue  # a new one stands behind all others

    @rule(place=st.integers(0, 9), term=st.integers(1, 30), wait=st.integers(0, 5))
    def renew(self, place: int, term: int, wait: int) -> None:
        if self.account.queue:
            day, standing = self.account.day + wait, self.account.queue[place % self.count]
            self.made += 1
            new = Renewed(day, standing.id, f"f{self.made}", standing.court, standing.last + term)
            before = self.step(new)
            ids = [freeze.id for freeze in self.account.queue]
            if standing.last >= day:  # in time: everybody keeps their place
                assert ids == [freeze.id for freeze in before.queue]

    @rule(place=st.integers(0, 9), amount=st.integers(1, 15), wait=st.integers(0, 5))
    def deduct(self, place: int, amount: int, wait: int) -> None:
        if self.account.queue:
            standing, day = self.account.queue[place % self.count], self.account.day + wait
            before = self.step(Deducted(day, standing.id, standing.court, amount))
            took = before.balance - self.account.balance
            held = frozen(before).get(standing.id, 0)
            assert 0 <= took <= min(before.balance, held)
            others = {id_: sum_ for id_, sum_ in frozen(before).items() if id_ != standing.id}
            left = frozen(self.account)
            assert all(left[id_] == sum_ for id_, sum_ in others.items())  # at nobody's cost

    @rule(place=st.integers(0, 9), wait=st.integers(0, 5))
    def release(self, place: int, wait: int) -> None:
        if self.account.queue:
            standing = self.account.queue[place % self.count]
            before = self.step(Released(self.account.day + wait, standing.id, standing.court))
            now = frozen(self.account)
            assert all(now[one.id] >= frozen(before)[one.id] for one in self.account.queue)

    @rule(amount=st.integers(-15, 15), wait=st.integers(0, 5))
    def move(self, amount: int, wait: int) -> None:
        self.step(Moved(self.account.day + wait, amount))

    @rule(amount=st.integers(0, 15))
    def charge(self, amount: int) -> None:
        self.step(Charged(self.account.day, amount))

    @property
    def count(self) -> int:
        return len(self.account.queue)

    @invariant()
    def the_plain_account_says_the_same(self) -> None:
        assert frozen(self.account) == self.plain.held()
        assert free(self.account) == self.plain.free()

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        assert self.account.balance + self.plain.paid == self.plain.came
        assert self.account.balance >= 0

    @invariant()
    def what_is_frozen_is_what_the_limits_and_the_money_allow(self) -> None:
        money = max(self.account.balance - self.account.charged, 0)
        limits = sum(freeze.limit for freeze in self.account.queue)
        assert sum(frozen(self.account).values()) == min(money, limits)

    @invariant()
    def nobody_behind_holds_money_while_one_before_is_short(self) -> None:
        held, short = frozen(self.account), False
        for freeze in self.account.queue:
            assert not (short and held[freeze.id])
            short = short or held[freeze.id] < freeze.limit

    @invariant()
    def a_freeze_is_in_force_or_over_never_both_and_never_twice(self) -> None:
        ids = [freeze.id for freeze in self.account.queue]
        ids += [ended.freeze.id for ended in self.account.ended]
        assert len(ids) == len(set(ids))
        assert all(freeze.last >= self.account.day for freeze in self.account.queue)


TestOneAccount = OneAccount.TestCase
TestOneAccount.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
