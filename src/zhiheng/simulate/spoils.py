"""Defects put into records for the screens to find: who took a step, when it was entered, how a
case was allocated, which ruling and which account it shares. Each is counted where it is put in;
no defect touches what a duty is judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from zhiheng.calendar import to_day
from zhiheng.records.catalogue import codes
from zhiheng.simulate import calibration, columns
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.events import UNKNOWN, Passed
from zhiheng.simulate.making import Making
from zhiheng.simulate.people import Officers, retired
from zhiheng.simulate.world import FAR, Days, Floats, Ints, Small, one_in, spread

IN_FORCE = "2017-05-01"
"""The day from which a stay in a team counts."""
STRANGER = "O-9999-99"
"""An officer who is in no table."""


def who_took(making: Making, passed: Passed, judge: Ints) -> Ints:
    """The officer of every event: a position in the officers, one more for a stranger, -1 for
    nobody. Mostly the judge who handles the case; some steps are another's, rightly or not."""
    rng = making.world.rng("who took it")
    officer = judge[passed.case].copy()
    n = len(officer)
    court = making.cases.court[passed.case]
    drawn = rng.random(n)
    for node, roles in parameters()["steps_of_others"].value.items():
        _by_role(making, passed, officer, node, roles, drawn)
    _president_alone(making, passed, officer)
    listed = _events_of(making, passed, list(parameters()["steps_of_others"].value))
    start = 1.0
    for detail in ("not_in_office", "no_officer", "unknown_officer"):
        share = calibration.shares("nobody_who_may")[detail]
        rows = listed[(drawn[listed] < start) & (drawn[listed] >= start - share)]
        start -= share
        officer[rows] = _nobody(making.officers, detail, court[rows])
        making.spotted.enter("power.exercised", detail, court[rows])
    return officer


def _events_of(making: Making, passed: Passed, names: list[str]) -> Ints:
    known = [making.log.nodes.index(name) for name in names if name in making.log.nodes]
    return np.flatnonzero(np.isin(passed.node, known))


def _by_role(
    making: Making, passed: Passed, officer: Ints, node: str, roles: dict[str, str], drawn: Floats
) -> None:
    """Give a share of one node's events to officers of another role of the court."""
    rows = _events_of(making, passed, [node])
    court = making.cases.court[passed.case[rows]]
    share = calibration.shares("taken_by_others")
    low = 0.0
    for role, verdict in roles.items():
        chosen = (drawn[rows] >= low) & (drawn[rows] < low + share[verdict])
        low += share[verdict]
        officer[rows[chosen]] = first_of(making.officers, role)[court[chosen]]
        if verdict == "may_not":
            making.spotted.enter("power.exercised", "may_not", court[chosen])


def _president_alone(making: Making, passed: Passed, officer: Ints) -> None:
    """The public notice of an eviction is the president's; some are the judge's."""
    rows = _events_of(making, passed, ["eviction_notice"])
    court = making.cases.court[passed.case[rows]]
    wrong = one_in(making.world.rng("eviction notices"), len(rows), 0.2)
    officer[rows[~wrong]] = first_of(making.officers, "president")[court[~wrong]]
    making.spotted.enter("power.exercised", "may_not", court[wrong])


def first_of(officers: Officers, role: str) -> Ints:
    """The first officer of a role in each court (a position)."""
    rows = np.flatnonzero(np.array(officers.role) == role)
    return rows[np.searchsorted(officers.court[rows], np.arange(len(officers.judges)))]


def _nobody(officers: Officers, detail: str, court: Ints) -> Ints:
    if detail == "not_in_office":
        return np.asarray(retired(officers)[court])
    return np.full(len(court), -1 if detail == "no_officer" else len(officers.code))


def when_entered(making: Making, passed: Passed, officer: Ints) -> Passed:
    """The log with entries spoiled: not on record, in bursts and batches."""
    rng = making.world.rng("entries spoiled")
    n = len(passed.case)
    day, minute = passed.recorded_day.copy(), passed.recorded_minute.copy()
    absent = np.flatnonzero(one_in(rng, n, calibration.number("entry_not_recorded")))
    day[absent], minute[absent] = FAR, UNKNOWN
    for nth in range(int(calibration.number("entry_bursts"))):
        _burst(making, passed, officer, day, minute, nth)
    return replace(passed, recorded_day=day, recorded_minute=minute)


def _burst(
    making: Making, passed: Passed, officer: Ints, day: Days, minute: Small, nth: int
) -> None:
    """One officer enters what happened before a day on that day: within a minute or an hour."""
    rng = making.world.rng(f"burst {nth}")
    who = officer[rng.integers(0, len(officer))]
    on = int(rng.integers(making.world.first + 1, making.world.last + 1))
    own = np.flatnonzero((officer == who) & (passed.day < on))
    within_hour = nth % 2 == 1
    own = own[-160:] if within_hour else own[-40:]
    day[own] = on
    minute[own] = 600 + (np.arange(len(own)) % 60 if within_hour else 0)


def allocated(making: Making) -> dict[str, pa.Array]:
    """How every case was allocated; columns of the table of cases."""
    rng = making.world.rng("allocation")
    n = len(making.cases)
    kinds = tuple(codes()["allocation_kind"])
    grounds = tuple(codes()["allocation_ground"])
    unknown = one_in(rng, n, calibration.number("allocation_unknown"))
    chosen = one_in(rng, n, calibration.number("designated")) & ~unknown
    groundless = chosen & one_in(rng, n, calibration.number("designated_without_ground"))
    traceless = chosen & one_in(rng, n, calibration.number("designated_without_trace"))
    for detail, rows in (
        ("no_ground", groundless), ("no_trace", traceless), ("not_recorded", unknown)
    ):  # fmt: skip
        making.spotted.enter("allocation.designated", detail, making.cases.court[rows])
    kind = np.where(unknown, -1, np.where(chosen, kinds.index("designated"), 0))
    ground = np.where(chosen & ~groundless, spread(rng, 0, len(grounds) - 1, n), -1)
    logged = np.where(traceless | unknown, FAR, making.cases.filed)
    return {
        "allocation": columns.codes(kinds, kind),
        "allocation_ground": columns.codes(grounds, ground),
        "allocation_logged": columns.days(logged.astype(np.int32), making.last),
    }


def teams(making: Making) -> dict[str, pa.Array]:
    """Teams of judges and enforcement officers; columns of the table of officers."""
    rng = making.world.rng("teams")
    officers, last = making.officers, making.last
    n = len(officers.code)
    fixed = np.isin(np.array(officers.role), ("judge", "enforcement_officer"))
    fixed[retired(officers)] = False
    low, high = parameters()["team_days"].value
    days = spread(rng, low, high, n)
    days = np.where(one_in(rng, n, calibration.number("team_stay_long")), days + 740, days)
    unknown = fixed & one_in(rng, n, calibration.number("team_since_unknown"))
    since = np.where(fixed & ~unknown, last - days, FAR).astype(np.int32)
    counts = np.maximum(since, to_day(date.fromisoformat(IN_FORCE)))
    months = int(parameters()["screen_bounds"].value["team_months"])
    ended = making.world.calendar.add_months(np.minimum(counts, last), months)
    too_long = (since < FAR) & (ended < last)
    making.spotted.enter("team.rotation", "too_long", officers.court[too_long])
    making.spotted.enter("team.rotation", "since_unknown", officers.court[unknown])
    names = ("执行一组", "执行二组", "执行三组")
    return {
        "team": columns.codes(names, np.where(fixed, np.arange(n) % len(names), -1)),
        "team_since": columns.days(since, last),
    }


def shared_accounts(making: Making) -> None:
    """Some cases use the account of another case of their court; the table of payments anew."""
    payments = making.tables["payments"]
    rng = making.world.rng("shared accounts")
    account = payments["account"].combine_chunks()
    with_account = np.unique(_case_of(making, payments)[account.is_valid().to_numpy(False)])
    court = making.cases.court[with_account]
    beside = np.flatnonzero(court[1:] == court[:-1])
    # Every other pair at most, so that no account is shared by a chain of cases.
    beside = beside[beside % 2 == 0]
    beside = beside[one_in(rng, len(beside), calibration.number("account_shared"))]
    lender, borrower = with_account[beside], with_account[beside + 1]
    making.spotted.enter("account.shared", "shared", np.repeat(court[beside], 2))
    whose = np.arange(len(making.cases))
    whose[borrower] = lender
    numbers = pa.array(making.cases.key[whose[_case_of(making, payments)]] * 1000 + 621)
    anew = pa.compute.if_else(account.is_valid(), numbers.cast(pa.string()), account)
    at = payments.column_names.index("account")
    making.tables["payments"] = payments.set_column(at, "account", anew)


def _case_of(making: Making, table: pa.Table) -> Ints:
    """The position of each row's case."""
    order = np.argsort(making.cases.key, kind="stable")
    key = table["case"].to_numpy()
    return np.asarray(order[np.searchsorted(making.cases.key[order], key)])


def digests(making: Making) -> None:
    """A digest for every document; some rulings share one, some documents have none."""
    documents = making.tables["documents"]
    rng = making.world.rng("digests")
    key = documents["document"].to_numpy()
    kind = documents["kind"].combine_chunks().cast(pa.string())
    rulings = np.flatnonzero(
        np.isin(np.asarray(kind), ("enforcement_ruling", "provisional_closure_ruling"))
    )
    court = making.cases.court[_case_of(making, documents)]
    none = one_in(rng, len(key), calibration.number("digest_missing"))
    of = key.copy()
    copies = _copied(rulings[~none[rulings]], documents["case"].to_numpy(), rng)
    of[copies[:, 1]] = key[copies[:, 0]]
    making.spotted.enter("ruling.identical", "identical", court[copies.ravel()])
    making.spotted.enter("ruling.identical", "no_digest", court[rulings[none[rulings]]])
    words = pa.array(np.char.add("sha256:made-up-", of.astype(str)), mask=none)
    at = documents.column_names.index("digest")
    making.tables["documents"] = documents.set_column(at, "digest", words)


def _copied(rulings: Ints, case: Ints, rng: np.random.Generator) -> Ints:
    """Pairs (original, copy) of neighbouring rulings of different cases, none in two pairs."""
    pairs = rulings[: len(rulings) // 2 * 2].reshape(-1, 2)
    pairs = pairs[case[pairs[:, 0]] != case[pairs[:, 1]]]
    return np.asarray(pairs[one_in(rng, len(pairs), calibration.number("ruling_copied"))])
