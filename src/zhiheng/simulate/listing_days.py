"""What becomes of an entry on the dishonest list: its decision, what it says, how it is mended and
when it is deleted; the table of listings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.listings.model import admission
from zhiheng.simulate import calibration, columns, truth
from zhiheng.simulate.closure import LISTING_TABLE
from zhiheng.simulate.listings import (
    GROUNDS,
    MINOR,
    PERFORMED,
    REFUSED,
    RULED,
    Entries,
    add_party_columns,
    drawn_entries,
    enter,
    settle_grounds,
    tell_employers,
)
from zhiheng.simulate.making import Making, after
from zhiheng.simulate.timing import due_day
from zhiheng.simulate.world import (
    FAR,
    KEPT,
    LATE,
    NEVER,
    Codes,
    Days,
    Floats,
    Ints,
    Mask,
    child_keys,
    never,
    one_in,
    spread,
)

DELETIONS = ("performed", "settled", "requested", "no_property", "suspended", "refused",
             "terminated", "early", "period_over")  # fmt: skip
OTHER_GROUNDS = tuple(DELETIONS.index(name) for name in ("settled", "requested", "suspended"))
COMMON = ("obligation", "performance", "conduct", "basis_issuer", "basis_number")
CONDUCT = (
    "有财产而未履行", "以暴力阻碍查封", "转移名下存款",
    "逾期未报告财产", "限制消费后仍有消费", "和解后无故不履行",
)  # fmt: skip


def keep_the_list(making: Making) -> None:
    """The whole life of every entry; the table of listings anew, facts added to the parties."""
    entries = drawn_entries(making)
    facts = settle_grounds(making, entries)
    _decide(making, entries)
    _publish(making, entries)
    wrong = _find_errors(making, entries)
    _delete(making, entries, wrong)
    _mend(making, entries)
    tell_employers(making, entries, facts)
    add_party_columns(making, facts)
    making.tables["listings"] = _table(making, entries)


def _decide(making: Making, entries: Entries) -> None:
    """The application, the decision, its form, its period."""
    rng = making.world.rng("dishonest decisions")
    n, last = len(entries), making.last
    refused = entries.origin == REFUSED
    decided = np.where(refused, FAR, entries.listed - spread(rng, 0, 2, n)).astype(np.int32)
    asked = (entries.origin == RULED) & one_in(rng, n, calibration.number("listing_applied"))
    plan = making.plan("listing.application_decided", entries.case)
    limit = calibration.limit("listing.application_decided").days or 0
    took = np.where(plan == KEPT, spread(rng, 0, limit, n), limit + spread(rng, 1, 30, n))
    applied = np.where(asked, decided - took, FAR)
    filed, closed = making.cases.filed[entries.case], making.closed.day[entries.case]
    room = np.maximum(np.minimum(closed, last) - filed, 1)
    later = filed + (room * rng.random(n)).astype(np.int32)
    applied = np.where(refused, later, applied).astype(np.int32)
    drawn = making.acts("listing.application_decided", entries.case, applied)
    decided = np.where(refused, drawn.done, decided).astype(np.int32)
    state = truth.deadline(last, applied, drawn.due, decided)
    enter(making, "listing.application_decided", entries, applied, state)
    entries.days |= {"applied": applied, "decided": decided}
    entries.columns["decision"] = columns.codes(
        ("listed", "refused"), np.where(decided <= last, refused, -1).astype(np.int8)
    )
    _set_period(making, entries)
    _form(making, entries)
    _relist(making, entries)


def _set_period(making: Making, entries: Entries) -> None:
    """How long the listing lasts: the usual period, a longer one with or without a reason."""
    rule = admission().period
    rng = making.world.rng("dishonest periods")
    n = len(entries)
    reasons = {name: entries.entered & one_in(rng, n, 0.06) for name in rule.reasons}
    reason, (least, most) = np.logical_or.reduce(list(reasons.values())), rule.extended
    longer = least + 12 * rng.integers(0, (most - least) // 12 + 1, n)
    breach = making.plan("listing.period", entries.case) == NEVER
    months = np.where(reason ^ breach, longer, rule.usual)
    unknown = one_in(rng, n, calibration.number("flag_unknown"))
    right = (months == rule.usual) | reason
    state = np.where(unknown, truth.UNDETERMINABLE, np.where(right, truth.MET, truth.OVERDUE))
    start = np.where(entries.dated, entries.listed, FAR).astype(np.int32)
    enter(making, "listing.period", entries, start, state.astype(np.int8))
    known = entries.dated & ~unknown
    ends = making.world.calendar.add_months(entries.days["decided"], months.astype(np.int32))
    recorded = known & ~one_in(rng, n, 0.02)
    entries.days["ends"] = np.where(recorded, ends, FAR).astype(np.int32)
    entries.columns["period_months"] = pa.array(months.astype(np.int32), mask=~known)
    for name, value in reasons.items():
        entries.columns[name] = columns.flags(value, entries.entered)


def _form(making: Making, entries: Entries) -> None:
    """Who signed the decision, whether it gives reasons, whether the debtor had been warned."""
    n = len(entries)
    rng = making.world.rng("dishonest decisions signed")
    unknown = one_in(rng, n, calibration.number("flag_unknown"))
    wrong = making.plan("listing.signed_by_president", entries.case) == NEVER
    signer = np.where(wrong, spread(rng, 1, 2, n), 0)
    enter(making, "listing.signed_by_president", entries, entries.listed, _holds(~wrong, ~unknown))
    entries.columns["signed_by"] = columns.codes(
        ("president", "vice_president", "judge"),
        np.where(entries.entered & ~unknown, signer, -1).astype(np.int8),
    )
    for duty, name in (("listing.reasons_stated", "reasons_stated"),
                       ("listing.risk_warned", "risk_warned")):  # fmt: skip
        known = entries.entered & ~one_in(rng, n, calibration.number("flag_unknown"))
        right = making.plan(duty, entries.case) != NEVER
        enter(making, duty, entries, entries.listed, _holds(right, known))
        entries.columns[name] = columns.flags(right, known)


def _holds(right: Mask, known: Mask) -> Codes:
    state = np.where(right, truth.MET, truth.OVERDUE)
    return np.where(known, state, truth.UNDETERMINABLE).astype(np.int8)


def _relist(making: Making, entries: Entries) -> None:
    """Earlier entries of the same debtor, some of them deleted because the applicant asked."""
    duty = "listing.not_relisted_early"
    rng = making.world.rng("dishonest again")
    n, applied = len(entries), entries.days["applied"]
    again = (applied < FAR) & entries.entered & one_in(rng, n, calibration.number("relisted"))
    plan = making.plan(duty, entries.case)
    gap = np.where(plan == LATE, spread(rng, 5, 170, n), spread(rng, 190, 500, n))
    deleted = np.where(again, applied - gap, FAR).astype(np.int32)
    requested = one_in(rng, n, 0.6)
    threshold = due_day(making.world, deleted, calibration.limit(duty))
    state = np.where(applied > threshold, truth.MET, truth.LATE).astype(np.int8)
    start = np.where(requested, deleted, FAR).astype(np.int32)
    enter(making, duty, entries, start, state)
    entries.days["earlier_deleted"] = deleted
    entries.columns["earlier_deletion_ground"] = columns.codes(
        ("requested", "performed"), np.where(again, ~requested, -1).astype(np.int8)
    )


def _publish(making: Making, entries: Entries) -> None:
    """What is published of an entry: one field missing where the court got it wrong."""
    rng = making.world.rng("dishonest published")
    n = len(entries)
    published = np.where(entries.entered, entries.listed + spread(rng, 0, 5, n), FAR)
    entries.days["published"] = published.astype(np.int32)
    breach = making.plan("listing.fields_published", entries.case) == NEVER
    lacking = np.where(breach, rng.integers(0, len(COMMON) + 1, n), -1)
    numbers = making.tables["parties"]["person"].is_valid().to_numpy()
    state = _holds(numbers[entries.party] & ~breach, np.ones(n, np.bool_))
    enter(making, "listing.fields_published", entries, entries.days["published"], state)
    entries.columns |= _written(making, entries, rng, lacking)
    secret = making.plan("listing.nothing_secret", entries.case) == NEVER
    known = entries.entered & ~one_in(rng, n, calibration.number("flag_unknown"))
    state = np.where(known, np.where(secret, truth.LATE, truth.MET), truth.UNDETERMINABLE)
    enter(making, "listing.nothing_secret", entries, entries.days["published"],
          state.astype(np.int8))  # fmt: skip
    entries.columns["secret_shown"] = columns.flags(secret, known)


def _written(
    making: Making, entries: Entries, rng: np.random.Generator, lacking: Ints
) -> dict[str, pa.Array]:
    """The fields of an entry; `lacking` is the position of the one left out, -1 none."""
    n, year = len(entries), making.cases.year[entries.case]
    amount = np.maximum(making.cases.amount[entries.case], 0) // 100
    issuer = pa.array([court.name for court in making.world.courts]).take(
        pa.array(making.cases.court[entries.case])
    )
    number = pa.compute.binary_join_element_wise(
        "（", pa.array(year - 1).cast(pa.string()), "）民初",
        pa.array(rng.integers(1, 9000, n)).cast(pa.string()), "号", "",
    )  # fmt: skip
    obligation = pa.compute.binary_join_element_wise(
        "给付", pa.array(amount).cast(pa.string()), "元", ""
    )
    whole = {
        "obligation": obligation,
        "performance": columns.codes(("nothing", "part"), spread(rng, 0, 1, n).astype(np.int8)),
        "conduct": pa.array(CONDUCT).take(pa.array(entries.ground)),
        "basis_issuer": issuer,
        "basis_number": number,
    }
    shown = {
        name: _only(whole[name], entries.entered & (lacking != place))
        for place, name in enumerate(COMMON)
    }
    own = entries.entered & (lacking != len(COMMON))
    surname = pa.array(["李某", "王某", "张某"]).take(pa.array(rng.integers(0, 3, n)))
    age = rng.integers(20, 75, n).astype(np.int32)
    return shown | {
        "sex": _only(columns.codes(("male", "female"), (age % 2).astype(np.int8)),
                     own & entries.natural),
        "age": pa.array(age, mask=~(entries.entered & entries.natural)),
        "representative": _only(surname, own & ~entries.natural),
    }  # fmt: skip


def _only(values: pa.Array, rows: Mask) -> pa.Array:
    plain = values.cast(pa.string())
    return pa.compute.if_else(pa.array(rows), plain, pa.scalar(None, pa.string()))


def _find_errors(making: Making, entries: Entries) -> Mask:
    """Which entries are found wrong or inaccurate, or objected to, and when; those found wrong."""
    rng = making.world.rng("dishonest errors")
    n = len(entries)
    chance: Floats = rng.random(n)
    odd = np.isin(entries.origin, (MINOR, PERFORMED))
    shares = calibration.shares("listing_errors")
    wrong = entries.entered & (chance < np.where(odd, 0.6, shares["wrong"]))
    steps = np.cumsum([shares[name] for name in ("wrong", "inaccurate", "requested")])
    plain = entries.entered & ~odd & ~wrong
    inaccurate, requested = plain & (chance < steps[1]), plain & (chance >= steps[1])
    requested &= chance < steps[2]
    found = entries.listed + spread(rng, 5, 120, n)
    entries.days["error_found"] = np.where(wrong | inaccurate, found, FAR).astype(np.int32)
    entries.days["correction_requested"] = np.where(requested, found, FAR).astype(np.int32)
    entries.columns["error_kind"] = columns.codes(
        ("wrongly_listed", "inaccurate"),
        np.where(wrong, 0, np.where(inaccurate, 1, -1)).astype(np.int8),
    )
    start = np.where(wrong, found, FAR).astype(np.int32)
    drawn = making.acts("listing.withdrawn", entries.case, start)
    entries.days["withdrawn"] = drawn.done
    state = truth.deadline(making.last, start, drawn.due, drawn.done)
    enter(making, "listing.withdrawn", entries, start, state)
    return wrong


def _delete(making: Making, entries: Entries, wrong: Mask) -> None:
    """The grounds for deletion and the deletions; an entry found wrong is withdrawn instead."""
    rng = making.world.rng("dishonest deletions")
    n, last = len(entries), making.last
    ground, recorded, start = _grounds(making, entries, rng)
    endless = making.acts("listing.deleted_on_ground", entries.case, start)
    period = making.acts("listing.deleted_after_period", entries.case, entries.days["ends"])
    early = entries.listed + spread(rng, 60, 400, n)
    hurried = one_in(rng, n, 0.04) & (early < entries.days["ends"])
    hurried &= entries.days["ends"] < FAR
    timed = np.where(hurried, early, period.done)
    lifted = np.minimum(endless.done, timed)
    lifted = np.where(lifted < FAR, np.maximum(lifted, entries.listed), FAR)
    lifted = np.where(wrong | ~entries.entered, FAR, lifted).astype(np.int32)
    entries.days |= {"lifted": lifted, "deletion_ground_day": recorded}
    withdrawn = entries.days["withdrawn"]
    for duty, begins, due in (
        ("listing.deleted_on_ground", start, endless.due),
        ("listing.deleted_after_period", entries.days["ends"], period.due),
    ):
        state = truth.deadline(last, begins, due, lifted, withdrawn)
        enter(making, duty, entries, begins, state)
    over = np.where(lifted >= FAR, -1, np.where(hurried, 7, 8))
    shown = np.where(entries.dated, np.where(over >= 0, over, -1), ground)
    shown = np.where((recorded <= last) | (entries.dated & (lifted <= last)), shown, -1)
    entries.columns["deletion_ground"] = columns.codes(DELETIONS, shown.astype(np.int8))


def _grounds(making: Making, entries: Entries, rng: np.random.Generator) -> tuple[Ints, Days, Days]:
    """Of entries without a period: the ground for deletion (a position in DELETIONS), the day it
    is recorded to have arisen, and the first day on which one had arisen."""
    n, closed = len(entries), making.closed
    endless = entries.entered & (entries.ground == GROUNDS.index("able_but_refuses"))
    ends = np.full(n, FAR, np.int32)
    ground = np.full(n, -1, np.int64)
    kinds = (("performed", "satisfied"), ("refused", "refused"), ("terminated", "terminated"))
    for name, kind in kinds:
        rows = endless & closed.as_kind(kind)[entries.case]
        ends = np.where(rows, closed.day[entries.case], ends)
        ground = np.where(rows, DELETIONS.index(name), ground)
    other = entries.listed + spread(rng, 20, 200, n)
    sooner = endless & one_in(rng, n, calibration.number("deletion_ground_other")) & (other < ends)
    picked = np.array(OTHER_GROUNDS)[rng.integers(0, len(OTHER_GROUNDS), n)]
    ground = np.where(sooner, picked, ground)
    told = one_in(rng, n, 0.85)
    recorded = np.where(sooner, other, np.where(told, ends, FAR)).astype(np.int32)
    return ground, recorded, np.minimum(recorded, ends).astype(np.int32)


def _mend(making: Making, entries: Entries) -> None:
    """Inaccurate data and requests for correction, as long as the entry stands."""
    last, days, case = making.last, entries.days, entries.case
    rng = making.world.rng("dishonest corrections")
    n = len(entries)
    stands = days["lifted"]
    for name in ("error_found", "correction_requested"):
        days[name] = np.where(days[name] < stands, days[name], FAR).astype(np.int32)
    inaccurate = np.asarray(entries.columns["error_kind"].cast(pa.string()).fill_null("")) == (
        "inaccurate"
    )
    start = np.where(inaccurate, days["error_found"], FAR).astype(np.int32)
    drawn = making.acts("listing.corrected", case, start)
    state = truth.deadline(last, start, drawn.due, drawn.done, stands)
    enter(making, "listing.corrected", entries, start, state)
    reviewed = making.acts("listing.correction_reviewed", case, days["correction_requested"])
    requested = days["correction_requested"]
    state = truth.deadline(last, requested, reviewed.due, reviewed.done)
    enter(making, "listing.correction_reviewed", entries, requested, state)
    upheld = one_in(rng, n, 0.45)
    mended = _uphold(making, entries, np.where(upheld, reviewed.done, FAR).astype(np.int32))
    days |= {
        "correction_decided": reviewed.done,
        "corrected": np.minimum(drawn.done, mended).astype(np.int32),
    }
    outcome = np.where(reviewed.done <= last, ~upheld, -1).astype(np.int8)
    entries.columns["correction_outcome"] = columns.codes(("upheld", "rejected"), outcome)
    _review(making, entries, np.where(upheld, FAR, reviewed.done).astype(np.int32))


def _uphold(making: Making, entries: Entries, upheld: Days) -> Days:
    """The day a request that was upheld is carried out; deletion serves as well."""
    drawn = making.acts("listing.corrected_on_request", entries.case, upheld)
    first = np.minimum(drawn.done, entries.days["lifted"])
    state = truth.deadline(making.last, upheld, drawn.due, first)
    enter(making, "listing.corrected_on_request", entries, upheld, state)
    return drawn.done


def _review(making: Making, entries: Entries, rejected: Days) -> None:
    """What follows a rejection: its service, the request for a review, the review."""
    rng = making.world.rng("dishonest reviews")
    n, last = len(entries), making.last
    served = after(rejected, spread(rng, 1, 6, n))
    drawn = making.acts("listing.review_in_time", entries.case, served)
    asked = np.where(one_in(rng, n, 0.7), drawn.done, never(n)).astype(np.int32)
    in_time = np.where(asked <= drawn.due, truth.MET, truth.LATE)
    state = np.where(asked <= last, in_time, truth.NOT_APPLICABLE).astype(np.int8)
    enter(making, "listing.review_in_time", entries, served, state)
    decided = making.acts("listing.review_decided", entries.case, asked)
    state = truth.deadline(last, asked, decided.due, decided.done)
    enter(making, "listing.review_decided", entries, asked, state)
    entries.days |= {
        "rejection_served": served,
        "review_requested": asked,
        "review_decided": decided.done,
    }


def _table(making: Making, entries: Entries) -> pa.Table:
    """Entries on both lists: those on restricted spending as they are, ours anew."""
    both = making.tables["listings"]
    spending = both.filter(pa.compute.equal(both["kind"].cast(pa.string()), "spending"))
    rows = np.flatnonzero(entries.entered | (entries.days["applied"] <= making.last))
    n = len(entries)
    party = making.parties.key[entries.party]
    case = making.cases.key[entries.case]
    days = {
        name: columns.days(day, FAR - 1 if name == "ends" else making.last)
        for name, day in entries.days.items()
    }
    ground = np.where(entries.entered, entries.ground, -1)
    dishonest = columns.table(
        "listings",
        {
            "listing": columns.keys(child_keys(case, LISTING_TABLE, 50 + party % 100)),
            "case": columns.keys(case),
            "party": columns.keys(party),
            "kind": columns.codes(("dishonest",), np.zeros(n, np.int8)),
            "ground": columns.codes(GROUNDS, ground.astype(np.int8)),
            "listed": columns.days(entries.listed, making.last),
            **days,
            **entries.columns,
        },
    ).take(rows)
    whole = pa.concat_tables([_spelled_out(spending), _spelled_out(dishonest)])
    kind = pa.compute.equal(whole["kind"], "spending")
    order = np.lexsort((kind.to_numpy(), whole["party"].to_numpy()))
    return whole.take(order)


def _spelled_out(table: pa.Table) -> pa.Table:
    """Coded columns as text, so that tables fit together."""
    for at, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(at, column.name, table.column(at).cast(pa.string()))
    return table
