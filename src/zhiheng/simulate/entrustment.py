"""Matters entrusted to other courts (事项委托): how they are sent; the table of entrustments.

The measures (法发〔2017〕27号) came into force inside the span that can be simulated: a duty that
began before that day is not applicable. What becomes of a matter is in `entrustment_course`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhiheng.simulate import calibration, columns
from zhiheng.simulate.calibration import parameters
from zhiheng.simulate.entrusted import (
    LISTED,
    MATTERS,
    Flags,
    Matters,
    as_columns,
    condition,
    drawn_flags,
    recorded,
    together,
)
from zhiheng.simulate.entrustment_course import Course, afterwards, course, judge_course
from zhiheng.simulate.making import Making, up_to
from zhiheng.simulate.timing import Acts
from zhiheng.simulate.world import (
    FAR,
    NEVER,
    Codes,
    Days,
    Ints,
    Mask,
    child_keys,
    choose,
    one_in,
    rows_of,
    spread,
)

TABLE = 6
DOCUMENTS = (
    "has_ruling",
    "has_assistance_notice",
    "has_letter",
    "has_service_return",
    "has_credentials",
)
CHANNELS = ("online", "paper")


def entrust(making: Making) -> None:
    """Matters entrusted to other courts, their duties, the table of entrustments."""
    matters = _sent(making)
    flags = _as_sent(making, matters)
    signed = making.acts("entrustment.signed", matters.case, matters.sent)
    at_once = matters.urgent & (signed.done < FAR)
    signed = Acts(signed.due, np.where(at_once, matters.sent, signed.done).astype(np.int32))
    done = course(making, matters, signed, ~_complete(flags))
    judge_course(making, matters, signed, done)
    online, known = flags.pop("online")
    written = {
        **as_columns(flags),
        "channel": columns.codes(CHANNELS, np.where(known, 1 - online.astype(np.int8), -1)),
        **afterwards(making, matters, done),
    }
    making.tables["entrustments"] = _table(making, matters, signed.done, done, written)


def _sent(making: Making) -> Matters:
    rng = making.world.rng("entrustments")
    mean = np.where(making.cases.enforcing, calibration.number("entrustments"), 0.0)
    case, nth = rows_of(np.minimum(rng.poisson(mean), 9))
    sent = (making.cases.filed[case] + spread(rng, 3, 60, len(case))).astype(np.int32)
    rows = np.flatnonzero(making.world.happened(up_to(sent, making.closed.day[case])))
    case, nth, sent = case[rows], nth[rows], sent[rows]
    n = len(case)
    return Matters(
        case=case,
        key=child_keys(making.cases.key[case], TABLE, nth),
        sent=sent,
        kind=_kinds(making, case),
        days_set=_days_set(making, case),
        urgent=one_in(rng, n, calibration.number("entrustment_urgent")),
        known=~one_in(rng, n, calibration.number("entrustment_unknown")),
    )


def _kinds(making: Making, case: Ints) -> Codes:
    """Mostly a matter that may be entrusted."""
    rng = making.world.rng("entrusted matters")
    wrong = making.plan("entrustment.matter", case) == NEVER
    shares = calibration.shares("entrusted_matters")
    listed = choose(rng, {k: v * (k in LISTED) for k, v in shares.items()}, len(case))
    other = choose(rng, {k: v * (k not in LISTED) for k, v in shares.items()}, len(case))
    return np.where(wrong, other, listed).astype(np.int8)


def _days_set(making: Making, case: Ints) -> Days:
    """The days set, mostly as many as the rule wants; -1 where they are not recorded."""
    rng, n = making.world.rng("days set"), len(case)
    shortest, longest = parameters()["entrustment_days_set"].value
    outside = np.where(
        one_in(rng, n, 0.5), shortest - spread(rng, 1, 7, n), longest + spread(rng, 1, 30, n)
    )
    wrong = making.plan("entrustment.period_set", case) == NEVER
    days = np.where(wrong, outside, spread(rng, shortest, longest, n))
    unknown = one_in(rng, n, calibration.number("entrustment_unknown"))
    return np.where(unknown, -1, days).astype(np.int32)


def _as_sent(making: Making, matters: Matters) -> Flags:
    """How each matter was sent and what went with it, judged on the day it was sent."""
    n = len(matters.case)
    everyone = np.ones(n, np.bool_)
    missing = making.plan("entrustment.documents", matters.case) == NEVER
    which = spread(making.world.rng("documents missing"), 0, len(DOCUMENTS) - 1, n)
    flags = {
        name: (~(missing & (which == nth)), recorded(making, name, n))
        for nth, name in enumerate(DOCUMENTS)
    }
    _judge_flags(making, "entrustment.documents", matters, flags, everyone)
    for duty, kind, names in (
        ("entrustment.basis", "deduct", ("has_sealed_basis",)),
        ("entrustment.inquiry_named", "inquiry", ("inquiry_specified", "beyond_network")),
    ):
        concerned = matters.of_kind(kind)
        own = drawn_flags(making, duty, matters.case, names, concerned)
        _judge_flags(making, duty, matters, own, concerned)
        flags |= own
    online = drawn_flags(making, "entrustment.online", matters.case, ("online",), everyone)
    _judge_flags(making, "entrustment.online", matters, online, everyone)
    _judge_sent(making, matters)
    return flags | online


def _judge_flags(
    making: Making, duty: str, matters: Matters, flags: Flags, concerned: Mask
) -> None:
    good, unknown = together(flags)
    condition(making, duty, matters.case, matters.sent, good, unknown, concerned)


def _judge_sent(making: Making, matters: Matters) -> None:
    """The matter itself, and the period set for those that are not urgent."""
    n = len(matters.case)
    none = np.zeros(n, np.bool_)
    kept = making.plan("entrustment.period_set", matters.case) != NEVER
    for duty, good, unknown, concerned in (
        ("entrustment.matter", matters.of_kind(*LISTED), none, ~none),
        ("entrustment.period_set", kept, matters.doubtful, ~matters.urgent | ~matters.known),
    ):
        condition(making, duty, matters.case, matters.sent, good, unknown, concerned)


def _complete(flags: Flags) -> Mask:
    return np.asarray(np.all([flags[name][0] for name in DOCUMENTS], axis=0))


def _table(
    making: Making, matters: Matters, signed: Days, done: Course, more: dict[str, pa.Array]
) -> pa.Table:
    last, courts = making.last, [court.code for court in making.world.courts]
    apart = making.world.rng("entrusted courts").integers(1, len(courts), len(matters.case))
    to = (making.cases.court[matters.case] + apart) % len(courts)  # never the court itself
    return columns.table(
        "entrustments",
        {
            "entrustment": columns.keys(matters.key),
            "case": columns.keys(making.cases.key[matters.case]),
            "to_court": columns.codes(courts, to),
            "matter": columns.codes(MATTERS, matters.kind),
            "sent": columns.days(matters.sent, last),
            "signed": columns.days(signed, last),
            "days_set": pa.array(matters.days_set, mask=matters.days_set < 0),
            "urgent": columns.flags(matters.urgent, matters.known),
            "answered": columns.days(done.answered, last),
            "confirmed": columns.days(done.confirmed, last),
            "returned": columns.days(done.returned, last),
            **more,
        },
    )
