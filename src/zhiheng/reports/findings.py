"""The findings of an evaluation, grouped once: by court and duty, and by officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.reports.words import FINDING_STATES

Codes = npt.NDArray[np.int64]
Runs = dict[tuple[str, ...], tuple[int, int]]


@dataclass(frozen=True)
class Findings:
    """Finding rows with every (court, duty) in one run: `runs` gives its first row and the row
    after its last."""

    table: pa.Table
    runs: Mapping[tuple[str, str], tuple[int, int]]

    def count(self, court: str, duty: str) -> int:
        """How many findings the court has under the duty."""
        start, end = self.runs.get((court, duty), (0, 0))
        return end - start


@dataclass(frozen=True)
class OfficerFindings:
    """Findings of one officer of a court under one duty: how many in each of FINDING_STATES, and
    the days over the limit (None where no row has any)."""

    court: str
    duty: str
    officer: str
    counts: tuple[int, ...]
    median_days: float | None
    max_days: int | None


def group_findings(table: pa.Table) -> Findings:
    """`table` with the rows of every court and duty together, by case number within."""
    table, runs = in_runs(in_case_order(table), ("court", "duty"))
    return Findings(table, {(court, duty): run for (court, duty), run in runs.items()})


def in_case_order(table: pa.Table) -> pa.Table:
    """`table` in the order of the case numbers as people count: 执9号 before 执10号."""
    text = pc.fill_null(table["case_number"], "")
    parts = pc.extract_regex(text, r"^(?P<head>.*?)(?P<number>\d{1,18})(?P<tail>号.*)?$")
    keys = {
        "head": pc.struct_field(parts, "head"),
        "number": pc.struct_field(parts, "number").cast(pa.int64()),
        "whole": text,
    }
    order = pc.sort_indices(pa.table(keys), [(key, "ascending") for key in keys])
    return table.take(order)


def in_runs(table: pa.Table, keys: Sequence[str]) -> tuple[pa.Table, Runs]:
    """`table` with the rows that agree in `keys` together, the order within kept; and by the
    values of `keys` the first row of each run and the row after its last."""
    columns = [encoded(table, key) for key in keys]
    codes = _combined(columns)
    starts = _run_starts(codes).tolist()
    if len(starts) > len(np.unique(codes)):
        return in_runs(table.take(pa.array(np.argsort(codes, kind="stable"))), keys)
    ends = [*starts[1:], len(codes)] if starts else []
    found = [tuple(values[places[start]] for values, places in columns) for start in starts]
    return table, dict(zip(found, zip(starts, ends, strict=True), strict=True))


def by_officer(table: pa.Table) -> list[OfficerFindings]:
    """One entry for every court, duty and officer with findings, sorted by the three."""
    if not table.num_rows:
        return []
    columns = [encoded(table, name) for name in ("court", "duty", "officer")]
    names, groups = _groups(columns)
    counts = _state_counts(table, groups, len(names))
    median, longest = _days_over(table, groups, len(names))
    return sorted(
        (
            OfficerFindings(court, duty, officer, counts[i], median[i], longest[i])
            for i, (court, duty, officer) in enumerate(names)
        ),
        key=lambda row: (row.court, row.duty, row.officer),
    )


def encoded(table: pa.Table, column: str) -> tuple[list[str], Codes]:
    """The distinct values of a column, nulls as "", and each row's position among them."""
    text = pc.fill_null(table[column].cast(pa.string()), "").combine_chunks()
    if isinstance(text, pa.ChunkedArray):
        text = pa.concat_arrays(text.chunks) if text.num_chunks else pa.array([], pa.string())
    dictionary = text.dictionary_encode()
    codes = dictionary.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return dictionary.dictionary.to_pylist(), codes


def _run_starts(codes: Codes) -> Codes:
    if not len(codes):
        return codes
    return np.concatenate(([0], np.flatnonzero(np.diff(codes)) + 1))


def _groups(columns: list[tuple[list[str], Codes]]) -> tuple[list[tuple[str, ...]], Codes]:
    _, first, groups = np.unique(_combined(columns), return_index=True, return_inverse=True)
    names = [tuple(values[codes[row]] for values, codes in columns) for row in first]
    return names, groups


def _combined(columns: list[tuple[list[str], Codes]]) -> Codes:
    """One number for the values a row has in all columns."""
    combined = np.zeros(len(columns[0][1]), np.int64)
    for values, codes in columns:
        combined = combined * len(values) + codes
    return combined


def _state_counts(table: pa.Table, groups: Codes, size: int) -> list[tuple[int, ...]]:
    states, codes = encoded(table, "state")
    unknown = sorted(set(states) - set(FINDING_STATES))
    if unknown:
        raise ValueError(f"not a state of a finding: {', '.join(unknown)}")
    place = np.array([FINDING_STATES.index(state) for state in states])[codes]
    width = len(FINDING_STATES)
    counts = np.bincount(groups * width + place, minlength=size * width)
    return [tuple(row) for row in counts.reshape(size, width).tolist()]


def _days_over(
    table: pa.Table, groups: Codes, size: int
) -> tuple[list[float | None], list[int | None]]:
    known = pc.is_valid(table["days_over"]).to_numpy()
    days = table["days_over"].drop_null().to_numpy()
    order = np.lexsort((days, groups[known]))
    ordered, owner = days[order], groups[known][order]
    median: list[float | None] = [None] * size
    longest: list[int | None] = [None] * size
    starts = _run_starts(owner)
    for start, end in pairwise([*starts.tolist(), len(owner)]):
        run, group = ordered[start:end], int(owner[start])
        lower, upper = run[(len(run) - 1) // 2], run[len(run) // 2]
        median[group], longest[group] = float(lower + upper) / 2, int(run[-1])
    return median, longest
