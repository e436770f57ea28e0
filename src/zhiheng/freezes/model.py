"""The freezes of one account (or of one thing) as a value that events change. Pure; no I/O.

The account holds `balance`; `charged` of it is secured by somebody's prior right (质押、保证金) and
is not counted as frozen while that right lasts. Freezes stand in one queue, in order of service.
Each asks for a `limit` (限额): the whole amount asked stays frozen even where less is there, and
the limits stack (轮候), so money that arrives later is caught by the first that is still short:

    held by the k-th = clamp(balance - charged - sum of the limits before it, 0, its limit)

The first in the queue is effective; one behind it is effective too once it holds something. A
thing that cannot be divided is an account of one unit on which everybody asks for one unit.

A freeze is in force from its service to the end of its last day, then it lapses, for good. A
renewal (续行) made in that time moves the last day on and keeps the place in the queue; made later
it is a new freeze at the end. Money is deducted (扣划) without releasing the freeze first, by the
freeze that holds it and no more than it holds; the limit falls by what was taken, and a freeze
whose limit is used up is gone. An event that breaks a rule is refused and changes nothing.

Amounts are whole cents (or units), days are days since 1970-01-01. Events come in order of time;
within a day in the order given (who orders them uses the minute at which the electronic document
reached the system, the time of service). Sources: 网络执行查控工作规范 arts 10, 12, 14-16.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Why = Literal["lapsed", "released", "used_up"]
Refusal = Literal[
    "out_of_order", "id_in_use", "nothing_asked", "ends_before_it_begins", "no_such_freeze",
    "not_in_force", "another_court", "not_longer", "more_than_it_holds", "more_than_is_free",
]  # fmt: skip


@dataclass(frozen=True)
class Freeze:
    """One freeze in force: what is still asked for, and the day it was served and ends with."""

    id: str
    court: str
    limit: int
    first: int
    last: int


@dataclass(frozen=True)
class Ended:
    """A freeze that is over. `on`: the day it was released or used up, or its last day before
    it lapsed."""

    freeze: Freeze
    why: Why
    on: int


@dataclass(frozen=True)
class Account:
    """What is known of one account at one moment: `day` is the day reached."""

    balance: int = 0
    charged: int = 0
    queue: tuple[Freeze, ...] = ()
    ended: tuple[Ended, ...] = ()
    day: int = 0


@dataclass(frozen=True)
class Frozen:
    """An order to freeze reached the system."""

    day: int
    id: str
    court: str
    amount: int
    last: int


@dataclass(frozen=True)
class Renewed:
    """An order to go on with the freeze `of` up to `last`; `id` names the freeze it becomes where
    the earlier one has lapsed."""

    day: int
    of: str
    id: str
    court: str
    last: int


@dataclass(frozen=True)
class Released:
    """The court lifts its freeze."""

    day: int
    of: str
    court: str


@dataclass(frozen=True)
class Deducted:
    """The court takes money it has frozen."""

    day: int
    of: str
    court: str
    amount: int


@dataclass(frozen=True)
class Moved:
    """Money comes in (`amount` above 0) or the owner takes free money out (below 0)."""

    day: int
    amount: int


@dataclass(frozen=True)
class Charged:
    """The part of the balance under a prior right from now on (0: the right has ended)."""

    day: int
    amount: int


@dataclass(frozen=True)
class Observed:
    """The bank tells the balance: what moved unseen in between is taken as it is."""

    day: int
    balance: int


Event = Frozen | Renewed | Released | Deducted | Moved | Charged | Observed


def frozen(account: Account) -> dict[str, int]:
    """What each freeze in force holds, in order of the queue."""
    left, held = max(account.balance - account.charged, 0), {}
    for freeze in account.queue:
        held[freeze.id] = min(freeze.limit, left)
        left -= held[freeze.id]
    return held


def effective(account: Account, id_: str) -> bool:
    """Whether a freeze in force is the first in the queue or holds something."""
    return account.queue[0].id == id_ or frozen(account)[id_] > 0


def free(account: Account) -> int:
    """What nobody has frozen and nobody has a prior right to."""
    return max(account.balance - account.charged, 0) - sum(frozen(account).values())


def reach(account: Account, day: int) -> Account:
    """The account on a later day: freezes whose last day is over have lapsed."""
    gone = sorted((freeze for freeze in account.queue if freeze.last < day), key=_last_day)
    over = tuple(Ended(freeze, "lapsed", freeze.last) for freeze in gone)
    queue = tuple(freeze for freeze in account.queue if freeze.last >= day)
    return replace(account, queue=queue, ended=(*account.ended, *over), day=max(day, account.day))


def apply(account: Account, event: Event) -> tuple[Account, Refusal | None]:
    """The account after an event, or as it was on that day with the reason for a refusal."""
    if event.day < account.day:
        return account, "out_of_order"
    now = reach(account, event.day)
    match event:
        case Frozen():
            return _freeze(now, Freeze(event.id, event.court, event.amount, event.day, event.last))
        case Renewed():
            return _renew(now, event)
        case Released() | Deducted():
            return _end_or_take(now, event)
        case _:
            return _money(now, event)


def _money(account: Account, event: Moved | Charged | Observed) -> tuple[Account, Refusal | None]:
    if isinstance(event, Charged):
        return replace(account, charged=event.amount), None
    if isinstance(event, Observed):
        return replace(account, balance=event.balance), None
    if -event.amount > free(account):
        return account, "more_than_is_free"
    return replace(account, balance=account.balance + event.amount), None


def _last_day(freeze: Freeze) -> int:
    return freeze.last


def _freeze(account: Account, freeze: Freeze) -> tuple[Account, Refusal | None]:
    if freeze.id in _known(account):
        return account, "id_in_use"
    if freeze.limit <= 0:
        return account, "nothing_asked"
    if freeze.last < freeze.first:
        return account, "ends_before_it_begins"
    return replace(account, queue=(*account.queue, freeze)), None


def _renew(account: Account, event: Renewed) -> tuple[Account, Refusal | None]:
    standing = _in_queue(account, event.of)
    if standing is None:
        return _renew_too_late(account, event)
    if standing.court != event.court:
        return account, "another_court"
    if event.last <= standing.last:
        return account, "not_longer"
    return _replaced(account, standing, replace(standing, last=event.last)), None


def _renew_too_late(account: Account, event: Renewed) -> tuple[Account, Refusal | None]:
    """A lapsed freeze cannot be renewed: what is asked for is a new one, at the end."""
    over = next((ended for ended in account.ended if ended.freeze.id == event.of), None)
    if over is None:
        return account, "no_such_freeze"
    if over.why != "lapsed":
        return account, "not_in_force"
    if over.freeze.court != event.court:
        return account, "another_court"
    new = Freeze(event.id, event.court, over.freeze.limit, event.day, event.last)
    return _freeze(account, new)


def _end_or_take(account: Account, event: Released | Deducted) -> tuple[Account, Refusal | None]:
    standing = _in_queue(account, event.of)
    if standing is None:
        known = event.of in _known(account)
        return account, "not_in_force" if known else "no_such_freeze"
    if standing.court != event.court:
        return account, "another_court"
    if isinstance(event, Released):
        return _over(account, standing, "released", event.day), None
    return _take(account, standing, event)


def _take(account: Account, standing: Freeze, event: Deducted) -> tuple[Account, Refusal | None]:
    if event.amount <= 0:
        return account, "nothing_asked"
    if event.amount > frozen(account)[standing.id]:
        return account, "more_than_it_holds"
    less = replace(standing, limit=standing.limit - event.amount)
    paid = replace(_replaced(account, standing, less), balance=account.balance - event.amount)
    return (paid if less.limit else _over(paid, less, "used_up", event.day)), None


def _over(account: Account, freeze: Freeze, why: Why, day: int) -> Account:
    queue = tuple(other for other in account.queue if other.id != freeze.id)
    return replace(account, queue=queue, ended=(*account.ended, Ended(freeze, why, day)))


def _replaced(account: Account, old: Freeze, new: Freeze) -> Account:
    return replace(account, queue=tuple(new if one is old else one for one in account.queue))


def _in_queue(account: Account, id_: str) -> Freeze | None:
    return next((freeze for freeze in account.queue if freeze.id == id_), None)


def _known(account: Account) -> set[str]:
    return {one.id for one in account.queue} | {ended.freeze.id for ended in account.ended}
