"""Every screen once more, slowly, with loops and dates over plain rows: the oracle of the screens.

Nothing here is shared with the expressions but the data of the law. A row found is the tuple of
its values that are not fixed by the screen, in the order of COLUMNS.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from math import comb
from typing import Any

from zhiheng.law.powers import load_powers
from zhiheng.law.screens import load_sequences
from zhiheng.records.catalogue import nodes

Row = dict[str, Any]
Store = dict[str, list[Row]]
EPOCH = date(1970, 1, 1)
NAMES = {node.number: name for name, node in nodes().items()}
NUMBERS = {name: node.number for name, node in nodes().items()}


def day_of(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def months_on(day: int, months: int) -> int:
    """The same day number so many months on, or that month's last day."""
    start = EPOCH + timedelta(days=day)
    month = start.year * 12 + start.month - 1 + months
    year, month = month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    return (date(year, month, min(start.day, length)) - EPOCH).days


def of_event(event: Row, **more: Any) -> Row:
    own = {name: event[name] for name in ("court", "case", "subject", "node", "officer", "day")}
    return {**own, **more}


def entered(store: Store, first: int, last: int) -> list[Row]:
    def when(event: Row) -> int:
        return event["day"] if event["recorded_day"] is None else event["recorded_day"]

    return [event for event in store["events"] if first <= when(event) <= last]


def power(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    for event in entered(store, first, last):
        listed = [one for one in load_powers().powers if NAMES[event["node"]] in one.nodes]
        if listed:
            detail = power_detail(store, event, listed, given["stands_for"])
            if detail:
                yield of_event(event, measure=listed[0].number, detail=detail)


def power_detail(store: Store, event: Row, listed: list[Any], stands_for: Any) -> str | None:
    if event["officer"] is None:
        return "no_officer"
    known = [one for one in store["officers"] if one["officer"] == event["officer"]]
    if not known:
        return "unknown_officer"
    (who,) = known
    if who["valid_from"] is not None and event["day"] < who["valid_from"]:
        return "not_in_office"
    if who["valid_to"] is not None and event["day"] > who["valid_to"]:
        return "not_in_office"
    counts_as = {who["role"], *stands_for.get(who["role"], ())}
    may = any(counts_as & set(one.holders) for one in listed)
    return None if may else "may_not"


def designated(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    for case in store["cases"]:
        if not max(first, day_of(given["since"])) <= case["filed"] <= last:
            continue
        found = []
        if case["allocation"] is None:
            found.append("not_recorded")
        if case["allocation"] == "designated":
            found += ["no_ground"] if case["allocation_ground"] is None else []
            found += ["no_trace"] if case["allocation_logged"] is None else []
        for detail in found:
            yield of_case(case, day=case["filed"], detail=detail)


def of_case(case: Row, **more: Any) -> Row:
    return {"court": case["court"], "case": case["case"], "officer": case["officer"], **more}


def rotation(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    for one in store["officers"]:
        begins = one["valid_from"] is None or one["valid_from"] <= last
        ends = one["valid_to"] is None or one["valid_to"] >= last
        if one["team"] is None or not (begins and ends):
            continue
        row = {"court": one["court"], "officer": one["officer"], "about": one["team"]}
        since = one["team_since"]
        if since is None:
            yield {**row, "detail": "since_unknown"}
            continue
        if given["counts_from"] == "in_force":
            since = max(since, day_of(given["since"]))
        if months_on(since, given["limit"]) < last:
            yield {**row, "day": since, "measure": last - since, "detail": "too_long"}


def late(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    for event in entered(store, first, last):
        if event["recorded_day"] is None:
            yield of_event(event, detail="no_record")
        elif event["recorded_day"] - event["day"] > given["more_than"]:
            lag = event["recorded_day"] - event["day"]
            yield of_event(event, measure=lag, detail="event")
    for case in store["cases"]:
        for detail, column in (("filing", "filed"), ("closing", "closed")):
            day, recorded = case[column], case[f"{column}_recorded"]
            if day is None or not first <= day <= last:
                continue
            row = of_case(case, node=NUMBERS[column], day=day)
            if recorded is None:
                yield {**row, "detail": "no_record"}
            elif recorded - day > given["more_than"] and recorded <= last:
                yield {**row, "measure": recorded - day, "detail": detail}


def after_closing(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    closed = {case["case"]: case["closed"] for case in store["cases"]}
    for event in entered(store, first, last):
        over, recorded = closed.get(event["case"]), event["recorded_day"]
        if over is not None and recorded is not None and event["day"] <= over < recorded:
            yield of_event(event, measure=recorded - over, detail="after_closing")


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def at_a_minute(store: Store, first: int, last: int) -> list[Row]:
    return [
        event
        for event in store["events"]
        if event["recorded_minute"] is not None
        and event["recorded_day"] is not None
        and first <= event["recorded_day"] <= last
    ]


def entry_of(event: Row, **more: Any) -> Row:
    moment = {"day": event["recorded_day"], "minute": event["recorded_minute"]}
    return of_event(event, **{**moment, **more})


def burst(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    events = at_a_minute(store, first, last)
    for detail, length, bound in (("minute", 1, "per_minute"), ("hour", 60, "per_hour")):

        def moment(event: Row, length: int = length) -> Any:
            slot = event["recorded_minute"] // length
            return event["court"], event["officer"], event["recorded_day"], slot

        for group in grouped(events, moment).values():
            if len(group) > given[bound]:
                yield from (entry_of(one, measure=len(group), detail=detail) for one in group)


def batch(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    def moment(event: Row) -> Any:
        return tuple(event[n] for n in ("court", "officer", "recorded_day", "recorded_minute"))

    for group in grouped(at_a_minute(store, first, last), moment).values():
        days = len({event["day"] for event in group})
        if days >= given["days"]:
            yield from (entry_of(one, measure=days, detail="batch") for one in group)


def order(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    filed = {case["case"]: case["filed"] for case in store["cases"]}
    archived: dict[int, int] = {}
    for event in store["events"]:
        if NAMES[event["node"]] == "archived":
            archived[event["case"]] = min(event["day"], archived.get(event["case"], event["day"]))
    for event in store["events"]:
        if not first <= event["day"] <= last:
            continue
        case, day = event["case"], event["day"]
        early = NAMES[event["node"]] in load_sequences().before_filing
        if case in filed and day < filed[case] and not early:
            yield of_event(event, against=NUMBERS["filed"], measure=filed[case] - day,
                           detail="before_filing")  # fmt: skip
        handling = NAMES[event["node"]] in load_sequences().before_archiving
        if handling and case in archived and day > archived[case]:
            yield of_event(event, against=NUMBERS["archived"], measure=day - archived[case],
                           detail="after_archiving")  # fmt: skip
    yield from pairs(store, first, last)


def pairs(store: Store, first: int, last: int) -> Iterator[Row]:
    happened = [event for event in store["events"] if event["day"] <= last]

    def whose(event: Row) -> Any:
        return event["court"], event["case"], event["subject"], event["node"]

    def moment(event: Row) -> tuple[int, int]:
        return event["day"], 9999 if event["minute"] is None else event["minute"]

    firsts = {key: min(map(moment, group)) for key, group in grouped(happened, whose).items()}
    for pair in load_sequences().pairs:
        for then in pair.then:
            for (court, case, subject, node), later in firsts.items():
                earlier = firsts.get((court, case, subject, NUMBERS[pair.first]))
                if node != NUMBERS[then] or earlier is None or not first <= later[0] <= last:
                    continue
                row = {"court": court, "case": case, "subject": subject, "node": node,
                       "against": NUMBERS[pair.first], "day": later[0]}  # fmt: skip
                if later[0] < earlier[0]:
                    apart = earlier[0] - later[0]
                    yield {**row, "measure": apart, "detail": "before_the_first"}
                elif pair.minutes and later[0] == earlier[0] and later[1] < earlier[1] < 9999:
                    yield {**row, "measure": earlier[1] - later[1], "detail": "minutes"}


def gaps(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    happened = [event for event in store["events"] if event["day"] <= last]
    happened += [
        {**case, "subject": case["case"], "node": NUMBERS["filed"], "day": case["filed"]}
        for case in store["cases"]
        if case["filed"] <= last
    ]
    by_subject = grouped(happened, lambda event: (event["court"], event["case"], event["subject"]))
    for (court, case, subject), events in by_subject.items():
        for chain in load_sequences().chains.values():
            days = [
                min((e["day"] for e in events if NAMES[e["node"]] in step), default=None)
                for step in chain.steps
            ]
            for place, day in enumerate(days):
                before = [one for one in days[:place] if one is not None]
                after = [one for one in days[place + 1 :] if one is not None]
                if day is None and before and after and first <= after[0] <= last:
                    yield {
                        "court": court, "case": case, "subject": subject,
                        "node": NUMBERS[chain.steps[place][0]], "day": after[0],
                        "measure": after[0] - before[-1], "detail": "gap",
                    }  # fmt: skip


def spike(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    window, neighbours = given["window"], given["neighbours"]
    past = [
        (case["closed"] - months_on(case["filed"], given["limit"]), case)
        for case in store["cases"]
        if case["closing_kind"] == "provisional_closure"
        and case["closed"] is not None
        and first <= case["closed"] <= last
    ]
    for court in sorted({case["court"] for _, case in past}):
        own = [(over, case) for over, case in past if case["court"] == court]
        inside = [(over, case) for over, case in own if 1 <= over <= window]
        around = sum(1 <= over <= window * (neighbours + 1) for over, _ in own)
        ways = sum(
            comb(around, k) * neighbours ** (around - k) for k in range(len(inside), around + 1)
        )
        if ways * given["one_in"] <= (neighbours + 1) ** around:
            for over, case in inside:
                yield of_case(case, day=case["closed"], measure=over, detail="spike")


def end_rush(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    closed = [
        case
        for case in store["cases"]
        if case["kind"] in given["kinds"]
        and case["closed"] is not None
        and first <= case["closed"] <= last
    ]
    again = {case["earlier_case"] for case in store["cases"] if case["filed"] <= last}
    for own in grouped(closed, lambda case: case["court"]).values():
        in_window = [case for case in own if case["closed"] > last - given["window"]]
        marked = sum(case["closing_kind"] == "withdrawn" for case in own)
        found = [case for case in in_window if case["closing_kind"] == "withdrawn"]
        ways = sum(
            comb(marked, k) * comb(len(own) - marked, len(in_window) - k)
            for k in range(len(found), min(marked, len(in_window)) + 1)
        )
        if ways * given["one_in"] <= comb(len(own), len(in_window)):
            for case in found:
                detail = "refiled" if case["case"] in again else "withdrawn"
                left = last - case["closed"]
                yield of_case(case, day=case["closed"], measure=left, detail=detail)


def identical(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    rulings = [
        document
        for document in store["documents"]
        if document["kind"] in given["kinds"] and first <= document["made"] <= last
    ]
    for document in rulings:
        row = {
            "court": document["court"], "case": document["case"],
            "subject": document["document"], "day": document["made"],
        }  # fmt: skip
        digest = document["digest"]
        if digest is None:
            yield {**row, "detail": "no_digest"}
            continue
        many = len({other["case"] for other in rulings if other["digest"] == digest})
        if many > 1:
            yield {**row, "about": digest, "measure": many, "detail": "identical"}


def shared(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    cases = {case["case"]: case for case in store["cases"] if case["filed"] <= last}
    used = defaultdict(set)
    for payment in store["payments"]:
        if payment["account"] is not None and payment["case"] in cases:
            used[payment["court"], payment["account"]].add(payment["case"])
    for (court, account), users in used.items():
        for case in users:
            own = [
                payment["payment"]
                for payment in store["payments"]
                if payment["case"] == case and payment["account"] == account
            ]
            if len(users) > 1 and cases[case]["filed"] >= first:
                yield {
                    "court": court, "case": case, "subject": min(own), "about": account,
                    "officer": cases[case]["officer"], "day": cases[case]["filed"],
                    "measure": len(users), "detail": "shared",
                }  # fmt: skip


def full(store: Store, given: Row, first: int, last: int) -> Iterator[Row]:
    for rate in store["rates"]:
        n = rate["judged"]
        by_luck = given["percent"] ** n * given["one_in"] > 100**n
        if n and rate["kept"] == n and by_luck:
            yield {"court": rate["court"], "about": rate["duty"], "measure": n, "detail": "luck"}


PLAIN: dict[str, Callable[[Store, Row, int, int], Iterator[Row]]] = {
    "power.exercised": power,
    "allocation.designated": designated,
    "team.rotation": rotation,
    "entry.late": late,
    "entry.after_closing": after_closing,
    "entry.burst": burst,
    "entry.batch": batch,
    "order.impossible": order,
    "chain.gap": gaps,
    "closing.spike": spike,
    "closing.withdrawn_at_end": end_rush,
    "ruling.identical": identical,
    "rate.full": full,
    "account.shared": shared,
}
"""Screen → its restatement: (store, parameters, first day, last day) → rows found."""
