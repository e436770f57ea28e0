"""The ledger of the dishonest list: every entry, and every debtor who might be entered.

One row answers for one debtor on one day: on the list or not, whether the law lets the debtor be
on it, until when, what has to be done with the entry by when, what its publication lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from zhiheng.calendar import Calendar, from_day
from zhiheng.law.model import Law
from zhiheng.listings.admission import Answer, may_be_listed, on_ground
from zhiheng.listings.lifecycle import Entry, LifeCycle, Task, life_cycle
from zhiheng.listings.model import Admission, Publication, admission, publication
from zhiheng.listings.publication import Published, as_published
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store

ENFORCEMENT = ("first", "resumed")
OVER = ("satisfied", "terminated", "refused")
"""Ways of closing that end an entry without a period (art. 10), the first by performance."""

STATES = ("on_list", "off_list", "not_entered", "candidate")
"""On the list; deleted or withdrawn; not entered (yet), as after a refused application; not on the
list, though the law lets the debtor be on it or does not say no for want of a fact."""


@dataclass(frozen=True)
class Row:
    """One debtor in one case, or one entry. Days are ISO dates, empty where there are none;
    several words are joined by spaces."""

    court: str
    case_number: str
    party: str
    name: str
    listing: str
    state: str
    verdict: str
    grounds: str
    bars: str
    missing: str
    places: str
    listed: str = ""
    ends: str = ""
    delete_by: str = ""
    deletion: str = ""
    correct_by: str = ""
    correction: str = ""
    not_published: str = ""


COLUMNS = tuple(column.name for column in fields(Row))


@dataclass
class Bench:
    """What the ledger is made with. The answer to the same facts is worked out once."""

    law: Law
    calendar: Calendar
    day: int
    admission: Admission = field(default_factory=admission)
    publication: Publication = field(default_factory=publication)
    answers: dict[tuple[object, ...], Answer] = field(default_factory=dict)

    def answer(self, row: dict[str, Any], ground: str | None) -> Answer:
        """May the debtor of this row be listed (on this ground, where one is given)?"""
        names = [one.fact for one in self.admission.grounds.values()]
        names += [name for name in self.admission.bars if name != "performed"]
        facts = {name: row[name] for name in names}
        facts["performed"] = _performed(row, _first_known(row, ("listed", "applied"), self.day))
        key = (ground, *facts.values())
        if key not in self.answers:
            self.answers[key] = (
                on_ground(ground, facts, self.admission)
                if ground
                else may_be_listed(facts, self.admission)
            )
        return self.answers[key]


def ledger(
    store: Store, law: Law, calendar: Calendar, day: int, court: str = "", case: int | None = None
) -> pa.Table:
    """The ledger as of a day: entries first, then candidates, by court and case number."""
    bench = Bench(law, calendar, day)
    rows = sorted(
        (row for row in _rows(store, bench, court, case)),
        key=lambda row: (STATES.index(row.state), row.court, row.case_number, row.party),
    )
    return pa.table(
        {name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in COLUMNS}
    )


def _rows(store: Store, bench: Bench, court: str, case: int | None) -> Iterator[Row]:
    entered: set[int] = set()
    for record in records(store, bench.day, "listings", court, case):
        row = entry_row(record, bench)
        if row.state != "not_entered" or record["applied"] is not None:
            yield row
        if row.state == "on_list":
            entered.add(record["party"])
    for record in records(store, bench.day, "parties", court, case):
        answer = bench.answer(record, None)
        if record["party"] not in entered and answer.verdict != "must_not":
            yield _row(record, "candidate", answer)


def records(
    store: Store, day: int, table: str, court: str = "", case: int | None = None
) -> Iterator[dict[str, Any]]:
    """Entries (table "listings") or debtors (table "parties") with what is known of party and
    case; debtors only of enforcement that has not ended by the day."""
    con = connect()
    cases, parties = store.relation(con, "cases"), store.relation(con, "parties")
    if court:
        cases = cases.filter(cases["court"] == court)
    if case is not None:
        cases = cases.filter(cases["case"] == case)
    own = cases.select(
        "case", "case_number", "court", "filed", "closed", "closing_kind", case_kind="kind"
    )
    debtors = parties.filter(parties["role"] == "debtor").drop("court")
    debtors = debtors.rename(party_kind="kind").inner_join(own, "case")
    found = (
        debtors if table == "parties" else _with_entries(store.relation(con, "listings"), debtors)
    )
    if table == "parties":
        ended = found["closed"].fill_null(day + 1) <= day
        ended = ended & (found["closing_kind"] != "provisional_closure").fill_null(True)
        found = found.filter(
            found["case_kind"].isin(ENFORCEMENT) & ~ended & (found["filed"] <= day)
        )
        found = found.mutate(listed=ibis.null("int32"), applied=ibis.null("int32"))
    for batch in con.to_pyarrow(found.order_by("party")).to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _with_entries(listings: ir.Table, debtors: ir.Table) -> ir.Table:
    listings = listings.filter(listings["kind"] == "dishonest").drop("case", "court")
    return listings.inner_join(debtors, "party")


def entry_row(record: dict[str, Any], bench: Bench) -> Row:
    """The row of one entry."""
    entry = _entry(record)
    cycle = life_cycle(entry, bench.day, bench.law, bench.admission, bench.calendar)
    answer = bench.answer(record, entry.ground)
    known = entry.as_of(bench.day)
    state = "on_list" if cycle.in_force else "off_list" if known.listed else "not_entered"
    return _row(record, state, answer, cycle, known, published(record, bench))


def published(record: dict[str, Any], bench: Bench) -> Published:
    """The entry as it may be published, on the bench's day."""
    facts = {f"parties.{name}": _text(record[name]) for name in ("name", "person")}
    facts |= {f"cases.{name}": _text(record[name]) for name in ("case_number", "court")}
    facts["cases.filed"] = _day(record["filed"])
    for one in bench.publication.fields.values():
        table, _, column = one.source.partition(".")
        if table == "listings":
            facts[one.source] = _text(record[column])
    gone = _entry(record).as_of(bench.day)
    return as_published(
        facts,
        natural=record["party_kind"] == "natural",
        minor=bool(record["minor"]),
        listed=gone.listed is not None and gone.gone is None,
        rules=bench.publication,
    )


def _entry(record: dict[str, Any]) -> Entry:
    names = (column.name for column in fields(Entry) if column.name != "case_over")
    known: dict[str, Any] = {name: record[name] for name in names}
    over = record["closed"] if record["closing_kind"] in OVER else None
    return Entry(case_over=over, **known)


def _performed(record: dict[str, Any], day: int) -> bool:
    """Whether the case had been satisfied by a day."""
    closed: int | None = record["closed"]
    return record["closing_kind"] == OVER[0] and closed is not None and closed <= day


def _first_known(record: dict[str, Any], names: tuple[str, ...], otherwise: int) -> int:
    days = (record[name] for name in names)
    return next((day for day in days if day is not None), otherwise)


def _row(
    record: dict[str, Any],
    state: str,
    answer: Answer,
    cycle: LifeCycle | None = None,
    entry: Entry | None = None,
    shown: Published | None = None,
) -> Row:
    dates = _dates(cycle, entry) if cycle and entry else {}
    return Row(
        court=record["court"],
        case_number=record["case_number"],
        party=_text(record["party_id"]) or "",
        name=_text(record["name"]) or "",
        listing=_text(record.get("listing_id")) or "",
        state=state,
        verdict=answer.verdict,
        grounds=" ".join(answer.grounds),
        bars=" ".join(answer.bars),
        missing=" ".join(answer.missing),
        places=" ".join(answer.places),
        not_published=" ".join(shown.missing) if shown else "",
        **dates,
    )


def _dates(cycle: LifeCycle, entry: Entry) -> dict[str, str]:
    deletion, correction = cycle.deletion, cycle.correction
    return {
        "listed": _day(entry.listed),
        "ends": _day(cycle.ends),
        "delete_by": _by(deletion),
        "deletion": deletion.state if deletion else "",
        "correct_by": _by(correction),
        "correction": correction.state if correction else "",
    }


def _by(task: Task | None) -> str:
    return _day(task.by) if task else ""


def _day(day: int | None) -> str:
    return "" if day is None else from_day(day).isoformat()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
