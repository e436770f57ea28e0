"""The ledger: the orders in the records, account by account, put through the model.

An order is served when its data reached the system, or, where that is not recorded, on the day
it is recorded as served. What the records do not hold stays unknown: without every amount and a
balance nobody can say what a freeze holds, only where it stands. What the records say and the
model does not becomes a remark, never a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from zhiheng.calendar import Calendar
from zhiheng.freezes import model
from zhiheng.freezes.model import Account, Freeze
from zhiheng.freezes.terms import Terms

MONEY = ("deposit", "online_funds", "income", "claim")
"""Kinds of property counted in cents; anything else is one unit."""

BEGINS = ("freeze", "seal", "seize")
"""Measures that put a control in the queue."""

NO_END = 2**31 - 1
"""The last day of a control whose end is not recorded."""

END_OF_DAY = 24 * 60
"""Stands for a minute that is not recorded: behind those that are."""

STATES = ("effective", "waiting", "lapsed", "released", "used_up", "refused", "not_served")
"""How a control stands. `refused`: the record cannot be, such as an end before the beginning."""


@dataclass(frozen=True)
class Order:
    """One row of the controls. Sums are cents, days are days since 1970-01-01, None is unknown.

    `released`, `renewed`: days of such events on it; `disposed`: the day the property was.
    """

    id: str
    case: str
    court: str
    account: str
    kind: str
    measure: str
    earlier: str | None = None
    day: int | None = None
    minute: int | None = None
    amount: int | None = None
    frozen: int | None = None
    taken: int | None = None
    balance: int | None = None
    expires: int | None = None
    rank: int | None = None
    prior_right: bool = False
    released: int | None = None
    disposed: int | None = None
    renewed: int = 0


@dataclass(frozen=True)
class Line:
    """One control with its renewals, as of a day. `rank` and `days_left` only while in force."""

    control: str
    case: str
    court: str
    account: str
    kind: str
    state: str
    rank: int | None
    asked: int | None
    held: int | None
    first: int | None
    expires: int | None
    days_left: int | None
    renewals: int
    remarks: tuple[str, ...] = ()


@dataclass
class _Queue:
    """One account while its orders are gone through."""

    account: Account = field(default_factory=Account)
    stands_for: dict[str, str] = field(default_factory=dict)
    begun: dict[str, Order] = field(default_factory=dict)
    refused: list[Order] = field(default_factory=list)
    asked_to_renew: set[str] = field(default_factory=set)
    renewals: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def apply(self, event: model.Event, about: str) -> bool:
        """Let an event happen; a refusal becomes a remark about a control."""
        self.account, refusal = model.apply(self.account, event)
        if refusal is not None:
            self.remarks[about].append(refusal)
        return refusal is None

    def release(self, event: model.Released) -> None:
        """Lift a control; to lift one that is over already harms nobody and is not remarked on."""
        self.account, refusal = model.apply(self.account, event)
        if refusal == "another_court":
            self.remarks[event.of].append(refusal)


def ledger_of(
    orders: Iterable[Order], as_of: int, terms: Terms, calendar: Calendar
) -> Iterator[Line]:
    """The lines of every control served by `as_of`, account by account; of those that were not,
    one line each that says so."""
    accounts: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        if order.day is not None and order.day <= as_of:
            accounts[order.account].append(order)
        elif order.measure in BEGINS:
            yield _outside(order, "not_served", ())
    for mark in sorted(accounts):
        yield from _lines(accounts[mark], as_of, terms, calendar)


def _outside(order: Order, state: str, remarks: Sequence[str]) -> Line:
    """The line of a control that never stood in the queue."""
    return Line(
        order.id, order.case, order.court, order.account, order.kind, state, None, order.amount,
        None, order.day if state == "refused" else None, order.expires, None, 0, tuple(remarks),
    )  # fmt: skip


def _lines(orders: list[Order], as_of: int, terms: Terms, calendar: Calendar) -> Iterator[Line]:
    counted = _counted_in_cents(orders)
    queue = _Queue()
    for order in sorted(orders, key=_when):
        _let_lapse_and_go(queue, order.day or 0)
        _go_through(queue, order, counted, terms, calendar)
    _let_lapse_and_go(queue, as_of + 1)
    queue.account = model.reach(queue.account, as_of)
    _remark_same_minute(queue, orders)
    held = model.frozen(queue.account)
    for place, freeze in enumerate(queue.account.queue, start=1):
        state = "effective" if model.effective(queue.account, freeze.id) else "waiting"
        yield _line(queue, freeze, state, as_of, counted, place, held[freeze.id])
    for ended in queue.account.ended:
        yield _line(queue, ended.freeze, ended.why, as_of, counted)
    for order in queue.refused:
        yield _outside(order, "refused", queue.remarks[order.id])


def _when(order: Order) -> tuple[int, int, str]:
    minute = END_OF_DAY if order.minute is None else order.minute
    return order.day or 0, minute, order.id


def _counted_in_cents(orders: Sequence[Order]) -> bool:
    """Whether what each control holds can be said in money: nothing needed is unknown."""
    begun = [order for order in orders if order.measure in BEGINS]
    return (
        all(order.kind in MONEY and order.amount and not order.prior_right for order in begun)
        and any(order.balance is not None for order in begun)
        and all(order.taken for order in orders if order.measure == "deduct")
    )


def _let_lapse_and_go(queue: _Queue, day: int) -> None:
    """What ended a control before `day` without an order of its own on record."""
    due = [
        (gone, id_)
        for id_, order in queue.begun.items()
        if (gone := _gone(order)) is not None and gone < day
    ]
    for gone, id_ in sorted(due):
        standing = next((one for one in queue.account.queue if one.id == id_), None)
        if standing is not None:
            on = max(gone, queue.account.day)
            queue.account, _ = model.apply(queue.account, model.Released(on, id_, standing.court))


def _gone(order: Order) -> int | None:
    days = [day for day in (order.released, order.disposed) if day is not None]
    return min(days, default=None)


def _go_through(
    queue: _Queue, order: Order, counted: bool, terms: Terms, calendar: Calendar
) -> None:
    day, of = order.day or 0, queue.stands_for.get(order.earlier or "")
    if counted and order.balance is not None:
        queue.apply(model.Observed(day, order.balance), order.id)
    elif not counted:
        queue.apply(model.Observed(day, 1), order.id)
    if order.measure == "renew" and order.earlier is not None:
        queue.asked_to_renew.add(order.earlier)
    if order.measure in BEGINS or (order.measure == "renew" and of is None):
        _begin(queue, order, counted, terms, calendar)
    elif order.measure == "renew" and of is not None:
        _renew(queue, order, of, terms, calendar)
    elif order.measure == "release" and of is not None:
        queue.release(model.Released(day, of, order.court))
    elif order.measure == "deduct" and of is not None and counted:
        queue.apply(model.Deducted(day, of, order.court, order.taken or 0), of)


def _begin(queue: _Queue, order: Order, counted: bool, terms: Terms, calendar: Calendar) -> None:
    day = order.day or 0
    last = NO_END if order.expires is None else order.expires
    limit = (order.amount or 0) if counted else 1
    if not queue.apply(model.Frozen(day, order.id, order.court, limit, last), order.id):
        queue.refused.append(order)
        return
    queue.stands_for[order.id], queue.begun[order.id] = order.id, order
    remarks = queue.remarks[order.id]
    if order.measure == "renew":
        remarks.append("earlier_unknown")
    if order.expires is None:
        remarks.append("end_missing")
    elif order.expires > terms.longest(order.kind, day, calendar):
        remarks.append("too_long")
    if order.rank is not None and order.rank != len(queue.account.queue):
        remarks.append("rank_differs")
    if counted and order.frozen not in (None, model.frozen(queue.account)[order.id]):
        remarks.append("frozen_differs")


def _renew(queue: _Queue, order: Order, of: str, terms: Terms, calendar: Calendar) -> None:
    day, before = order.day or 0, {one.id: one.last for one in queue.account.queue}
    last = NO_END if order.expires is None else order.expires
    event = model.Renewed(day, of, order.id, order.court, last)
    queue.account = model.reach(queue.account, day)
    in_time = any(one.id == of for one in queue.account.queue)
    if not queue.apply(event, of):
        return
    new = of if in_time else order.id
    queue.stands_for[order.id] = new
    if in_time:
        queue.renewals[of] += 1
    else:
        queue.begun[new] = order
        queue.remarks[new].append("renewed_too_late")
    if order.expires is None:
        queue.remarks[new].append("end_missing")
    elif order.expires > terms.longest(order.kind, max(before.get(of, day), day), calendar):
        queue.remarks[new].append("too_long")


def _remark_same_minute(queue: _Queue, orders: Sequence[Order]) -> None:
    """Where two courts' controls came on one day and a minute is missing, who came first is not
    known."""
    same: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        if order.id in queue.begun:
            same[order.day or 0].append(order)
    for group in same.values():
        if len(group) > 1 and any(order.minute is None for order in group):
            for order in group:
                queue.remarks[order.id].append("order_uncertain")


def _line(
    queue: _Queue,
    freeze: Freeze,
    state: str,
    as_of: int,
    counted: bool,
    place: int | None = None,
    held: int | None = None,
) -> Line:
    order = queue.begun[freeze.id]
    ends = None if freeze.last == NO_END else freeze.last
    remarks = list(queue.remarks[freeze.id])
    if order.renewed and order.id not in queue.asked_to_renew:
        remarks.append("renewed_without_order")
    return Line(
        control=freeze.id,
        case=order.case,
        court=order.court,
        account=order.account,
        kind=order.kind,
        state=state,
        rank=place,
        asked=freeze.limit if counted else order.amount,
        held=held if counted else (order.frozen if place is not None else None),
        first=freeze.first,
        expires=ends,
        days_left=None if place is None or ends is None else ends - as_of,
        renewals=queue.renewals[freeze.id],
        remarks=tuple(dict.fromkeys(remarks)),
    )
