"""A slow second opinion: what one duty asks of one subject, in plain loops over plain days.

It shares the law's data with the engine and nothing else: no arrays, no calendar tables, no
predicates of the engine. A subject is a plain dict as the cases beside the law write it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from plain_days import ONE_DAY, end_of, last_of, months_on, rolled, rolls, works
from plain_facts import MINUTES, Facts, Subject, holds, to_date
from zhiheng.law.model import Duty, Law, Limit, Member, Version


@dataclass(frozen=True)
class Verdict:
    """One outcome. `detail` names the missing fact, the ending event or the failing member;
    `due` is None where nothing is due or the clock stands."""

    state: str
    reason: str = ""
    detail: str = ""
    due: date | None = None
    days_over: int | None = None
    band: int = -1


def judge(
    duty: Duty, law: Law, facts: Facts, members: dict[str, list[str]] | None = None
) -> Verdict:
    """The outcome of one duty on one subject as of `facts["as_of"]`.

    `members`: for a composite, member duty → the states of the subjects of the case.
    """
    subject = Subject(facts, date.fromisoformat(facts["as_of"]))
    start = subject.first(duty.versions[-1].start)
    if start is None:
        return without_start(duty, subject)
    for version in duty.versions:
        governing = subject.first(version.stop) if version.governed_by == "stop" else start
        if governing is None:
            return Verdict("not_applicable", "not_triggered")
        if version.first_day <= governing <= (version.last_day or date.max):
            outside = concern(version, subject)
            if outside is not None:
                return outside
            return judge_in_force(duty, version, law, subject, start, members or {})
    return Verdict("not_applicable", "not_in_force")


def concern(version: Version, subject: Subject) -> Verdict | None:
    """Why a version does not, or cannot be said to, concern a subject; None where it does."""
    applies, missing = holds(version.applies, subject, subject.as_of)
    nobody: tuple[bool | None, str] = (False, "")
    exempt, unsaid = holds(version.unless, subject, subject.as_of) if version.unless else nobody
    if applies is False:
        return Verdict("not_applicable", "out_of_scope")
    if exempt:
        return Verdict("not_applicable", "exempt")
    if applies is None or exempt is None:
        return Verdict("undeterminable", "fact_missing", missing or unsaid)
    return None


def without_start(duty: Duty, subject: Subject) -> Verdict:
    """An act under a deadline shows that the clock had begun, if the duty was in force at all;
    of the other duties, whose act can stand alone, nothing follows."""
    version, stop = duty.versions[-1], subject.first(duty.versions[-1].stop)
    shown = duty.kind == "deadline" and not version.optional_start
    outside = concern(version, subject)
    may_concern = outside is None or outside.state == "undeterminable"
    if stop and shown and stop >= duty.versions[0].first_day and may_concern:
        return Verdict("undeterminable", "fact_missing", version.start[0])
    return Verdict("not_applicable", "not_triggered")


def judge_in_force(
    duty: Duty,
    version: Version,
    law: Law,
    subject: Subject,
    start: date,
    members: dict[str, list[str]],
) -> Verdict:
    if duty.kind == "deadline":
        return judge_deadline(version, subject, start)
    if duty.kind == "presence":
        return judge_presence(version, law, subject)
    if duty.kind == "recurring":
        return judge_recurring(version, subject, start)
    if duty.kind == "recent":
        return judge_recent(version, subject, start)
    if duty.kind == "composite":
        return judge_composite(version, subject, start, members)
    return judge_condition(duty, version, subject, start)


def judge_deadline(version: Version, subject: Subject, start: date) -> Verdict:
    stop = subject.first(version.stop)
    wait = version.at_least or version.more_than
    waited_until = end_of(start, wait) if wait else None
    if waited_until and stop:
        if stop < waited_until or (version.more_than and stop == waited_until):
            return Verdict("late", "too_early", due=waited_until)
        if not limited(version):
            return Verdict("met", due=waited_until)
    if stop is None and (version.only_if_done or not limited(version)):
        return Verdict("not_applicable", "not_triggered")
    limits, missing = possible_limits(version, subject)
    if not limits:
        band = band_of(
            version, start, stop or subject.first(version.discharged_by) or subject.as_of
        )
        return Verdict("undeterminable", "fact_missing", missing, band=band)
    verdicts = [judge_limit(version, subject, start, stop, limit) for limit in limits]
    verdict = max(verdicts, key=lambda one: one.due or date.max)
    if len({one.state for one in verdicts}) > 1:
        verdict = Verdict("undeterminable", "fact_missing", missing, verdict.due)
    ended = subject.first(version.discharged_by)
    until = (ended if verdict.state == "discharged" else stop) or ended or subject.as_of
    return replace(verdict, band=band_of(version, start, until))


def limited(version: Version) -> bool:
    """Whether the act can come too late, and not only too early."""
    return version.within is not None or version.within_field is not None


def possible_limits(version: Version, subject: Subject) -> tuple[list[Limit], str]:
    """The limit, or those it may be while it is not known whether a special one applies; none
    where its length is a fact that is not known."""
    if version.within_field:
        rule = version.within_field
        length = subject.facts.get(rule.field)
        if length is None or length < 0:
            return [], rule.field
        return [Limit(**{rule.unit: length}, roll=rule.roll)], ""
    assert version.within is not None
    limits, missing = [version.within], ""
    for special in version.within_when:
        truth, fact = holds(special.when, subject, subject.as_of)
        if truth:
            limits, missing = [special.within], ""
        elif truth is None:
            limits, missing = [*limits, special.within], missing or fact
    return limits, missing


def judge_limit(
    version: Version, subject: Subject, start: date, stop: date | None, limit: Limit
) -> Verdict:
    if limit.hours is None:
        due = due_day(version, subject, start, limit)
        return weigh(version, subject, stop, due, bool(stop and (not due or stop <= due)))
    first, last = (moment + limit.hours * 60 for moment in subject.moment(version.start))
    due = date.fromordinal(last // MINUTES)
    if stop is None:
        return weigh(version, subject, stop, due, False)
    earliest, latest = subject.moment(version.stop)
    if latest > first and earliest <= last:
        return Verdict("undeterminable", "fact_missing", "minute", due)
    return weigh(version, subject, stop, due, latest <= first)


def band_of(version: Version, start: date, until: date) -> int:
    """The first band that the day still falls in; the one after the last where none."""
    ends = [end_of(start, band) for band in version.bands]
    late = [number for number, end in enumerate(ends) if until <= end]
    return (late or [len(ends)])[0] if ends else -1


def due_day(version: Version, subject: Subject, start: date, limit: Limit) -> date | None:
    """The last day, the days inside a stop left out; None where a stop has no end.

    A stop only counts if it begins while the clock still runs: walking day by day sees to that.
    """
    stops = list(stops_of(version, subject))
    due, day = last_of(start, limit), start
    left = limit.working_days or 0
    while day < due:
        day += ONE_DAY
        inside = [last for first, last in stops if first <= day <= (last or date.max)]
        if None in inside:
            return None
        if limit.working_days is None:
            due += ONE_DAY if inside else timedelta()
        else:
            left -= works(day) and not inside
            due = day + ONE_DAY if left else day
    return extended(version, subject, rolled(due) if rolls(limit) else due)


def stops_of(version: Version, subject: Subject) -> Iterator[tuple[date, date | None]]:
    """First and last day of every stop; an end after the day of the check is not known yet."""
    for stop in version.clock_stops:
        for first, last, _ in spells(subject, stop.kind):
            ended = last if last and last <= subject.as_of else None
            longest = last_of(first, stop.at_most) if stop.at_most else None
            yield first, min((end for end in (ended, longest) if end), default=None)


def extended(version: Version, subject: Subject, due: date) -> date:
    """The last day of the extension, or the chain of them, begun by the due day then in force."""
    rule = version.extended_by
    for first, last, approved_by in spells(subject, rule.kind) if rule else []:
        if rule and last and first <= due and approved_by in rule.approved_by:
            due = max(due, last)
    return due


def spells(subject: Subject, kind: str) -> list[tuple[date, date | None, str]]:
    """Intervals of one kind that had begun, in order of time."""
    found = []
    for row in subject.facts.get("intervals", []):
        first = date.fromisoformat(row["from"])
        if row["kind"] == kind and first <= subject.as_of:
            found.append((first, to_date(row.get("to")), row.get("approved_by", "")))
    return sorted(found, key=lambda spell: spell[0])


def weigh(
    version: Version, subject: Subject, stop: date | None, due: date | None, in_time: bool
) -> Verdict:
    """Done or not, ended by something else or not, excused or not, against the due day.

    An act that was done is judged as done, whatever ended the duty, unless the version says that
    what ended it in time holds.
    """
    stands = "" if due else "clock_stopped"
    if stop and in_time:
        return Verdict("met", stands, due=due)
    ended, by_what = subject.first(version.discharged_by), subject.which(version.discharged_by)
    if version.discharge_holds and stop and ended and ended < stop and (not due or ended <= due):
        stop = None
    day = stop or ended or subject.as_of
    over = None if due is None or (day <= due and not stop) else max((day - due).days, 0)
    if ended and not stop:
        reason = "ended_in_time" if over is None else "ended_after_limit"
        return Verdict("discharged", reason, by_what, due, over)
    if over is None:
        return Verdict("not_due", stands, due=due)
    assert due is not None
    if excused(version, subject, due):
        return Verdict("excused", "approved_ground", due=due, days_over=over)
    return Verdict("late" if stop else "overdue", due=due, days_over=over)


def excused(version: Version, subject: Subject, due: date) -> bool:
    rule = version.excused_by
    if rule is None:
        return False
    approved = subject.first([rule.node])
    return bool(approved and approved <= due and holds(rule.when, subject, subject.as_of)[0])


def judge_presence(version: Version, law: Law, subject: Subject) -> Verdict:
    """Done at any time, or before a node; without the node there is no day to judge by yet."""
    stop, due = subject.first(version.stop), None
    if stop is None and version.only_if_done:
        return Verdict("not_applicable", "not_triggered")
    if version.by is not None:
        due = subject.first([version.by.node])
        if due is not None and version.by.grace is not None:
            due = end_of(due, law.grace(version.by.grace))
    strict = version.by is not None and version.by.strict
    in_time = stop is not None and (not strict or due is None or stop <= due)
    verdict = weigh(version, subject, stop, due, in_time)
    return replace(verdict, reason=verdict.reason.replace("clock_stopped", ""))


def judge_condition(duty: Duty, version: Version, subject: Subject, start: date) -> Verdict:
    """What had to hold, or had not to hold, on the day of the start."""
    if duty.kind == "prohibition":
        barred, missing = holds(version.forbidden_when, subject, start)
        if barred is None:
            return Verdict("undeterminable", "fact_missing", missing)
        return Verdict("late", "barred") if barred else Verdict("met")
    truth, missing = holds(version.requires, subject, start)
    if truth is None:
        return Verdict("undeterminable", "fact_missing", missing, start)
    if truth:
        return Verdict("met", due=start)
    return Verdict("overdue", "condition_fails", "", start, (subject.as_of - start).days)


def judge_recurring(version: Version, subject: Subject, start: date) -> Verdict:
    """Windows of equal length from the start; each needs the act, until something ends them.

    A window ends as any period does, rolled where periods of its unit roll.
    """
    assert version.every is not None and version.during is not None
    unit, count = version.every.unit, version.every.count
    ended, acts = subject.first(version.ended_by), subject.days(version.stop[0])
    opens, state = start, "not_due"
    for number in range(1, 1 + version.during.count // count):
        closes = end_of(start, Limit(**{unit: number * count}, roll=version.every.roll))
        if ended is not None and ended <= closes:
            if state == "not_due":
                return Verdict("discharged", "ended_in_time", subject.which(version.ended_by))
            return Verdict(state)
        if subject.as_of <= closes:
            return Verdict(state, due=closes)
        if not any(opens < act <= closes for act in acts):
            over = (subject.as_of - closes).days
            return Verdict("overdue", "window_missed", due=closes, days_over=over)
        opens, state = closes, "met"
    return Verdict(state)


def judge_recent(version: Version, subject: Subject, start: date) -> Verdict:
    """The act on some day from so long before the start up to the start itself."""
    assert version.within is not None
    since = start - timedelta(days=version.within.days or 0)
    if version.within.months is not None:
        since = months_on(start, -version.within.months)
    if any(since <= day <= start for node in version.stop for day in subject.days(node)):
        return Verdict("met", due=start)
    return Verdict("overdue", "nothing_recent", "", start, (subject.as_of - start).days)


# Composites

FAILS, UNKNOWN, OPEN, HOLDS, NONE = "fails", "unknown", "open", "holds", "none"


def judge_composite(
    version: Version, subject: Subject, start: date, members: dict[str, list[str]]
) -> Verdict:
    """A breach outweighs what is unknown, which outweighs what is still open."""
    found = [(name_of(member), standing(member, members)) for member in version.all_of]
    named = {how: name for name, how in reversed(found)}  # the first member of each standing
    if FAILS in named:
        over = (subject.as_of - start).days
        return Verdict("overdue", "member_fails", named[FAILS], start, over)
    if UNKNOWN in named:
        return Verdict("undeterminable", "fact_missing", named[UNKNOWN], start)
    if OPEN in named:
        return Verdict("not_due", "", named[OPEN], start)
    if HOLDS in named:
        return Verdict("met", due=start)
    return Verdict("not_applicable", "no_member", due=start)


def name_of(member: Member) -> str:
    return member.duty or " | ".join(one.duty for one in member.any_of)


def standing(member: Member, members: dict[str, list[str]]) -> str:
    """How one member stands: its worst subject, or the best of its alternatives."""
    if member.any_of:
        found = [standing(one, members) for one in member.any_of]
        return next((best for best in (HOLDS, OPEN, UNKNOWN, FAILS) if best in found), NONE)
    states = set(members.get(member.duty, [])) - {"not_applicable"}
    if not states:
        return UNKNOWN if member.empty == "undeterminable" else NONE
    if states & {"late", "overdue"}:
        return FAILS
    if "undeterminable" in states:
        return UNKNOWN
    return OPEN if "not_due" in states else HOLDS
