"""What the checks come to over all parts of the store, for several editions in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from zhiheng.checks.engines import HERE, Engine
from zhiheng.checks.run import Checked
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.measures.findings import raw_findings
from zhiheng.measures.from_outcomes import DUTIES, Ratios
from zhiheng.measures.tally import Tally
from zhiheng.measures.works import Both
from zhiheng.scoring.pass_counts import PassCounts, PassWork, together
from zhiheng.scoring.run import BY_CLOSING, Run, leaf_duties

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Counted:
    """What one run's checks came to: outcomes counted, the figures that rest on them, whether a
    due day of its duties is provisional, and the findings, not yet named (see `findings.named`)."""

    tally: Tally
    ratios: Ratios
    provisional: bool
    raw: list[pa.Table] = field(default_factory=list)


def in_passes(runs: Sequence[Run]) -> Iterator[list[int]]:
    """The places of the runs that one pass over the store can serve, pass by pass: the checks
    hang on the law (an edition may switch further ones on), the day, the period and the court."""
    left = list(range(len(runs)))
    while left:
        first = runs[left[0]]
        together = [place for place in left if _same_checks(first, runs[place])]
        yield together
        left = [place for place in left if place not in together]


def _same_checks(one: Run, other: Run) -> bool:
    same = (one.store, one.as_of, one.period, one.court) == (
        *(other.store, other.as_of, other.period, other.court),
    )
    return same and one.law == other.law


def pass_work(runs: Sequence[Run]) -> PassWork:
    """The work of counting for runs that `in_passes` put together."""
    first = runs[0]
    return PassWork(
        first.law.duties,
        first.period,
        first.as_of,
        tuple(dict.fromkeys(run_.membership for run_ in runs)),
        first.with_property,
        tuple(sorted({name for run_ in runs for name in _wanted(run_)})),
    )


def count(
    runs: Sequence[Run],
    progress: Progress | None = None,
    findings: bool = False,
    engine: Engine = HERE,
) -> list[Counted]:
    """Check and count once for runs that `in_passes` put together; with their findings or not."""
    first, work = runs[0], pass_work(runs)
    raw: list[list[pa.Table]] = [[] for _ in runs]
    if findings:
        both = Both(work, _FindingWork(tuple(runs)))
        results = list(
            engine.over(first.store, first.setting, both, progress, work.only, first.court)
        )
        for tables, found in zip(raw, zip(*(f for _, f in results), strict=True), strict=True):
            tables.extend(table for part in found for table in part)
        counts = together(counted for counted, _ in results)
    else:
        (counts,) = engine.count_over(first.store, first.setting, [work], progress, first.court)
    return [
        Counted(counts.tallies[run_.membership], counts.ratios, _provisional(run_, counts), tables)
        for run_, tables in zip(runs, raw, strict=True)
    ]


@dataclass(frozen=True)
class _FindingWork:
    """The findings of one part for each of several runs."""

    runs: tuple[Run, ...]

    def __call__(self, checked: Checked) -> list[list[pa.Table]]:
        return [_findings(run_, checked) for run_ in self.runs]


def _wanted(run_: Run) -> list[str]:
    """The duties that leaves and figures of a run come from, without their members."""
    of_leaves = {duty for duties in leaf_duties(run_.edition).values() for duty in duties}
    return [*sorted(of_leaves), *DUTIES]


def _provisional(run_: Run, counts: PassCounts) -> bool:
    own = {duty.id for duty in in_order(run_.law, _wanted(run_))}
    days = counts.tallies[run_.membership].provisional_by_duty()
    return any(count for duty, count in days.items() if duty in own)


def _findings(run_: Run, checked: Checked) -> list[pa.Table]:
    printed = _printed(run_)
    closing = [duty for duty in printed if duty.id in BY_CLOSING]
    others = [duty for duty in printed if duty.id not in BY_CLOSING]
    return [
        *raw_findings(checked, others, run_.as_of, run_.period, run_.membership),
        *raw_findings(checked, closing, run_.as_of, run_.period, "stop"),
    ]


def _printed(run_: Run) -> list[Duty]:
    """The duties whose findings a report of the run prints."""
    of_leaves = {duty for duties in leaf_duties(run_.edition).values() for duty in duties}
    chosen = in_order(run_.law, _wanted(run_))
    return [duty for duty in chosen if duty.id in of_leaves or _is_member(duty, chosen)]


def _is_member(duty: Duty, chosen: list[Duty]) -> bool:
    return any(m.duty == duty.id for other in chosen for v in other.versions for m in v.all_of)
