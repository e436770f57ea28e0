"""What the screens have to find in what was drawn, counted exactly from the arrays of the
simulation (never from the files, and with nothing of the screens' own code)."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, lgamma, log

import numpy as np

from zhiheng.law.screens import Chain, load_sequences
from zhiheng.simulate import calibration, truth
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.cases import CLOSINGS
from zhiheng.simulate.events import Passed
from zhiheng.simulate.making import Making
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import FAR, Days, Ints, Mask

MINUTES_PER_DAY = 1440


def bound(name: str) -> int:
    """A bound the screens use with the assumptions as shipped."""
    return int(parameters()["screen_bounds"].value[name])


def spot_entries(making: Making, passed: Passed, officer: Ints) -> None:
    """Count what the screens of entry find: late, after closing, bursts, batches."""
    court = making.cases.court[passed.case]
    known = passed.recorded_day < FAR
    spot = making.spotted.enter
    spot("entry.late", "no_record", court[~known])
    spot("entry.late", "event", court[known & _late(passed.day, passed.recorded_day)])
    closed = making.closed.day[passed.case]
    after = known & (passed.day <= closed) & (passed.recorded_day > closed)
    spot("entry.after_closing", "after_closing", court[after])
    _spot_crowds(making, passed, officer, known & (passed.recorded_minute >= 0))


def _late(day: Days, recorded: Days) -> Mask:
    return np.asarray(recorded - day > bound("late_entry"))


def _spot_crowds(making: Making, passed: Passed, officer: Ints, known: Mask) -> None:
    """Bursts in a minute and an hour, batches of different days, by court and officer."""
    rows = np.flatnonzero(known)
    court = making.cases.court[passed.case[rows]]
    who = court * (len(making.officers.code) + 2) + officer[rows] + 1
    day = passed.recorded_day[rows].astype(np.int64)
    moment = (who * (1 << 16) + day) * MINUTES_PER_DAY + passed.recorded_minute[rows]
    for detail, slot, most in (
        ("minute", moment, bound("per_minute")),
        ("hour", moment // 60, bound("per_hour")),
    ):
        many = _sizes(slot)
        making.spotted.enter("entry.burst", detail, court[many > most])
    crowd = np.flatnonzero(_sizes(moment) >= bound("batch_days"))
    pairs = np.unique(np.stack([moment[crowd], passed.day[rows[crowd]]], axis=1), axis=0)
    moments, days = np.unique(pairs[:, 0], return_counts=True)
    batches = moments[days >= bound("batch_days")]
    inside = crowd[np.isin(moment[crowd], batches)]
    making.spotted.enter("entry.batch", "batch", court[inside])


def _sizes(group: Ints) -> Ints:
    """For each member the size of its group."""
    _, which, counts = np.unique(group, return_inverse=True, return_counts=True)
    return np.asarray(counts[which])


def spot_order(making: Making, passed: Passed) -> None:
    """Count events before the filing, after the archiving, before the one they follow."""
    court = making.cases.court[passed.case]
    spot = making.spotted.enter
    filed = making.cases.filed[passed.case]
    early = np.isin(np.arange(len(court)), _rows(making, passed, load_sequences().before_filing))
    spot("order.impossible", "before_filing", court[(passed.day < filed) & ~early])
    archived = np.full(len(making.cases), FAR, np.int32)
    rows = _rows(making, passed, ("archived",))
    np.minimum.at(archived, passed.case[rows], passed.day[rows])
    rows = _rows(making, passed, load_sequences().before_archiving)
    spot("order.impossible", "after_archiving",
         court[rows[passed.day[rows] > archived[passed.case[rows]]]])  # fmt: skip
    for pair in load_sequences().pairs:
        for then in pair.then:
            _spot_pair(making, passed, pair.first, then, pair.minutes)


def _rows(making: Making, passed: Passed, names: tuple[str, ...]) -> Ints:
    known = [making.log.nodes.index(name) for name in names if name in making.log.nodes]
    return np.flatnonzero(np.isin(passed.node, known))


def _key(passed: Passed, rows: Ints) -> Ints:
    """The subject of events, or their case: negative, so that the two never meet."""
    return np.where(passed.subject[rows] > 0, passed.subject[rows], -1 - passed.case[rows])


def _firsts(making: Making, passed: Passed, names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """The first row of any of these nodes on each subject: keys, rows."""
    rows = _rows(making, passed, names)
    minute = np.where(passed.minute[rows] < 0, MINUTES_PER_DAY, passed.minute[rows])
    order = np.lexsort((minute, passed.day[rows], _key(passed, rows)))
    rows = rows[order]
    keys, at = np.unique(_key(passed, rows), return_index=True)
    return keys, rows[at]


def _spot_pair(making: Making, passed: Passed, first: str, then: str, minutes: bool) -> None:
    keys, before = _firsts(making, passed, (first,))
    others, after = _firsts(making, passed, (then,))
    _, here, there = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
    before, after = before[here], after[there]
    court = making.cases.court[passed.case[after]]
    early = passed.day[after] < passed.day[before]
    making.spotted.enter("order.impossible", "before_the_first", court[early])
    if minutes:
        told = (passed.minute[after] >= 0) & (passed.minute[before] >= 0)
        wrong = told & (passed.day[after] == passed.day[before])
        wrong &= passed.minute[after] < passed.minute[before]
        making.spotted.enter("order.impossible", "minutes", court[wrong])


def spot_gaps(making: Making, passed: Passed) -> None:
    """Count steps missing between recorded ones."""
    for chain in load_sequences().chains.values():
        present = [dict(_present(making, passed, step)) for step in chain.steps]
        for court in _gaps(chain, present):
            making.spotted.enter("chain.gap", "gap", court)


def _present(making: Making, passed: Passed, step: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Subjects that passed a step, and their court."""
    if step == ("filed",):
        filed = np.flatnonzero(making.cases.filed <= making.last)
        yield from zip((-1 - filed).tolist(), making.cases.court[filed].tolist(), strict=True)
    keys, rows = _firsts(making, passed, step)
    court = making.cases.court[passed.case[rows]]
    yield from zip(keys.tolist(), court.tolist(), strict=True)


def _gaps(chain: Chain, present: list[dict[int, int]]) -> Iterator[Ints]:
    for place in range(1, len(chain.steps) - 1):
        before = set().union(*present[:place])
        after = set().union(*present[place + 1 :])
        whose = {key: court for step in present for key, court in step.items()}
        gap = (before & after) - set(present[place])
        yield np.array([whose[key] for key in gap], np.int64)


def spot_case_entries(making: Making, filed_recorded: Days, closed_recorded: Days) -> None:
    """Count filings and closings entered late."""
    cases, closed = making.cases, making.closed.day
    late = _late(cases.filed, filed_recorded) & (filed_recorded <= making.last)
    making.spotted.enter("entry.late", "filing", cases.court[late])
    over = (closed <= making.last) & (closed_recorded <= making.last)
    late = over & _late(closed, closed_recorded)
    making.spotted.enter("entry.late", "closing", cases.court[late])


def spot_closings(making: Making, earlier: Ints) -> None:
    """Count closings that go by the date. `earlier`: the earlier case of each (a position, -1 for
    none)."""
    _spot_spikes(making)
    _spot_withdrawals(making, earlier)


def spot_rates(making: Making) -> None:
    """Count rates of 100 % on fewer subjects than rule out luck, once all duties are entered."""
    level = bound("luck_percent") / 100
    for counts in making.ledger.counts.values():
        kept = counts[:, truth.MET]
        breached = counts[:, truth.LATE] + counts[:, truth.OVERDUE]
        lucky = level**kept > 1 / bound("luck_one_in")
        court = np.flatnonzero((kept > 0) & (breached == 0) & lucky)
        making.spotted.enter("rate.full", "luck", court)


def _spot_spikes(making: Making) -> None:
    cases, closed = making.cases, making.closed.day
    ends = due_day(making.world, cases.filed, calibration.limit("closure.three_months"))
    past = np.where(making.closed.provisional <= making.last, closed - ends, 0)
    window, neighbours = bound("spike_window"), bound("spike_neighbours")
    inside = (past > 0) & (past <= window)
    around = (past > 0) & (past <= window * (1 + neighbours))
    courts = len(making.world.courts)
    k = np.bincount(cases.court[inside], minlength=courts)
    n = np.bincount(cases.court[around], minlength=courts)
    stands_out = [_binomial(int(k[c]), int(n[c]), 1 / (1 + neighbours)) for c in range(courts)]
    rare = np.array(stands_out) <= 1 / bound("one_in")
    making.spotted.enter("closing.spike", "spike", cases.court[inside & rare[cases.court]])


def _spot_withdrawals(making: Making, earlier: Ints) -> None:
    cases, closed = making.cases, making.closed
    over = cases.enforcing & (closed.day <= making.last)
    late = over & (closed.day > making.last - bound("end_window"))
    withdrawn = over & (closed.kind == CLOSINGS.index("withdrawn"))
    courts = len(making.world.courts)
    counts = [
        np.bincount(cases.court[rows], minlength=courts)
        for rows in (late & withdrawn, withdrawn, late, over)
    ]
    chance = np.array([_hypergeometric(*(int(c[at]) for c in counts)) for at in range(courts)])
    rare = chance <= 1 / bound("one_in")
    found = late & withdrawn & rare[cases.court]
    again = np.zeros(len(cases), np.bool_)
    again[earlier[earlier >= 0]] = True
    spot = making.spotted.enter
    spot("closing.withdrawn_at_end", "refiled", cases.court[found & again])
    spot("closing.withdrawn_at_end", "withdrawn", cases.court[found & ~again])


def _ways(n: int, k: int) -> float:
    """The logarithm of the number of ways to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _binomial(k: int, n: int, chance: float) -> float:
    """The chance of k or more out of n."""
    hit, miss = log(chance), log(1 - chance)
    return sum(exp(_ways(n, i) + i * hit + (n - i) * miss) for i in range(k, n + 1))


def _hypergeometric(k: int, marked: int, drawn: int, n: int) -> float:
    """The chance that `drawn` of n, `marked` of them marked, hold k marked ones or more."""
    most = min(marked, drawn)
    least = max(k, marked + drawn - n)
    return sum(
        exp(_ways(marked, i) + _ways(n - marked, drawn - i) - _ways(n, drawn))
        for i in range(least, most + 1)
    )
