"""Findings: every outcome that is late, overdue, excused or undeterminable, with its case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiheng.calendar import MISSING, Days
from zhiheng.checks import outcomes as o
from zhiheng.checks.outcomes import Piece
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty, Law
from zhiheng.measures.period import Membership, Period, belonging
from zhiheng.records.catalogue import SUBJECTS, tables
from zhiheng.store.arrow_arrays import column_of, column_where, texts
from zhiheng.store.lake import Store

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

FINDING_STATES = (o.LATE, o.OVERDUE, o.EXCUSED, o.UNDETERMINABLE)

WITHOUT_DAYS_OVER = ("condition", "recent", "composite")
"""A condition fails or holds on its day; it is not so many days late."""

SCHEMA = pa.schema(
    [
        ("court", pa.string()),
        ("duty", pa.string()),
        ("rulebook", pa.string()),
        ("title_zh", pa.string()),
        ("title_en", pa.string()),
        ("article", pa.string()),
        ("case_number", pa.string()),
        ("subject_kind", pa.string()),
        ("subject_id", pa.string()),
        ("officer", pa.string()),
        ("state", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("start", pa.int32()),
        ("due", pa.int32()),
        ("stop", pa.int32()),
        ("days_over", pa.int32()),
    ]
)


WithCase = Callable[[pa.Table, str], pa.Table]
"""Gives findings of a kind of subject the columns case_number, officer and subject_id besides."""


def raw_findings(
    checked: Checked,
    duties: Iterable[Duty],
    as_of: int,
    period: Period | None = None,
    membership: Membership = "due",
    states: tuple[o.Code, ...] = FINDING_STATES,
) -> list[pa.Table]:
    """Outcomes of one part in the given states, one table a duty, keyed by case and subject."""
    found = (
        _of_piece(checked, duty, piece, as_of, period, membership, states)
        for duty in duties
        for piece in checked.found[duty.id].pieces
    )
    return [table for table in found if table.num_rows]


def _of_piece(
    checked: Checked,
    duty: Duty,
    piece: Piece,
    as_of: int,
    period: Period | None,
    membership: Membership,
    states: tuple[o.Code, ...],
) -> pa.Table:
    outcomes = piece.outcomes
    frame = checked.frame(duty)
    chosen = np.isin(outcomes.state, states)
    if period is not None:
        chosen &= belonging(outcomes, duty.kind, membership, period, as_of)
    rows, outcomes = piece.rows[chosen], outcomes.of(np.flatnonzero(chosen))
    over = outcomes.days_over
    if duty.kind in WITHOUT_DAYS_OVER:
        over = np.full(len(over), MISSING, np.int32)
    return pa.table(
        {
            "duty": _repeated(duty.id, len(rows)),
            "court": _worded(checked.loaded.court_of(frame)[rows], checked.loaded.courts),
            "case": column_of(frame.case[rows]),
            "subject": column_of(frame.key[rows]),
            "state": _worded(outcomes.state, o.STATES),
            "reason": _worded(outcomes.reason, o.REASONS),
            "detail": _worded(outcomes.detail, outcomes.details),
            "start": _days(outcomes.start),
            "due": _days(outcomes.due),
            "stop": _days(outcomes.stop),
            "days_over": _days(over),
        }
    )


def named(raw: list[pa.Table], store: Store, con: BaseBackend, law: Law) -> pa.Table:
    """Findings with case number, officer, subject id, title and article (see SCHEMA); sorted by
    court, duty, case number and subject."""
    return named_by(lambda found, kind: _with_case(found, kind, store, con), raw, law)


def named_by(with_case: WithCase, raw: list[pa.Table], law: Law) -> pa.Table:
    """As `named`, by whoever knows the cases."""
    if not raw:
        return SCHEMA.empty_table()
    by_kind: dict[str, list[pa.Table]] = {}
    for table in raw:
        kind = law.duties[table.column("duty")[0].as_py()].per
        by_kind.setdefault(kind, []).append(table)
    whole = [_of_kind(with_case, k, pa.concat_tables(t)) for k, t in sorted(by_kind.items())]
    titled = _with_law(pa.concat_tables(whole), law)
    keys = ("court", "duty", "case_number", "subject_id")
    return titled.sort_by([(key, "ascending") for key in keys]).select(SCHEMA.names).cast(SCHEMA)


def _of_kind(with_case: WithCase, kind: str, found: pa.Table) -> pa.Table:
    result = with_case(found, kind)
    return result.append_column("subject_kind", _repeated(kind, result.num_rows)).combine_chunks()


def _with_case(found: pa.Table, kind: str, store: Store, con: BaseBackend) -> pa.Table:
    """Join the case's number and officer and the subject's own id."""
    import ibis

    plain = found.set_column(
        found.column_names.index("detail"), "detail", found.column("detail").cast(pa.string())
    )
    rows = ibis.memtable(plain)
    cases = store.relation(con, "cases").select("case", "case_number", "officer", "case_id")
    joined = rows.left_join(cases, "case")
    if kind == "case":
        joined = joined.mutate(subject_id=joined["case_id"])
    else:
        table = SUBJECTS[kind]
        key = tables()[table].key or ""
        subjects = store.relation(con, table)
        subjects = subjects.select(key_=subjects[key], subject_id=subjects[f"{key}_id"])
        joined = joined.left_join(subjects, joined["subject"] == subjects["key_"])
    wanted = [*found.column_names, "case_number", "officer", "subject_id"]
    return con.to_pyarrow(joined.select(*wanted))


def _with_law(found: pa.Table, law: Law) -> pa.Table:
    coded = found.column("duty").combine_chunks().dictionary_encode()
    duties = [law.duties[name] for name in coded.dictionary.to_pylist()]
    columns = {
        "rulebook": [duty.rulebook for duty in duties],
        "title_zh": [duty.title.zh for duty in duties],
        "title_en": [duty.title.en for duty in duties],
        "article": [article(duty, law) for duty in duties],
    }
    for name, words in columns.items():
        found = found.append_column(name, texts(words).take(coded.indices))
    return found


def article(duty: Duty, law: Law) -> str:
    """Where the version now in force stands, as printed beside a finding."""
    parts = []
    for cite in duty.versions[-1].cites:
        document = law.documents[cite.document]
        parts.append(f"{document.number or document.title.zh} {cite.place}")
    return "；".join(parts)


def _repeated(word: str, n: int) -> pa.Array:
    return texts([word]).take(column_of(np.zeros(n, np.int64)))


def _worded(codes: NDArray[np.integer], words: tuple[str, ...]) -> pa.Array:
    return texts(words).take(column_of(codes.astype(np.int64)))


def _days(day: Days) -> pa.Array:
    return column_where(day, day != MISSING)


@dataclass(frozen=True)
class Finding:
    """The work of picking the findings out of a checked part (see `raw_findings`)."""

    duties: Mapping[str, Duty]
    as_of: int

    def __call__(self, checked: Checked) -> list[pa.Table]:
        """Its findings, one table a duty."""
        return raw_findings(checked, [self.duties[name] for name in checked.found], self.as_of)
