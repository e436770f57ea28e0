"""Milestones of a programme held against the figures of courts (rulebook H11).

A milestone sets target values for figures by a day. The figures are those of the months before
that day (assumption `milestone_period`), court by court and of all courts together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from zhiheng.calendar import load_calendar, to_day
from zhiheng.indexes.programmes import Item, Programme
from zhiheng.measures.period import Period
from zhiheng.scoring.counting import Progress
from zhiheng.scoring.evaluate import court_figures
from zhiheng.scoring.run import Run
from zhiheng.store.engine import connect

PERCENT = 100


@dataclass(frozen=True)
class Held:
    """One target on one court ("" for all courts together).

    `due`: its day, since 1970-01-01; `value` in percent, None where the denominator is 0, and
    then `reached` is None too; `period`: first and last day looked at.
    """

    item: str
    due: int
    figure: str
    target: float
    court: str
    numerator: float
    denominator: float
    value: float | None
    reached: bool | None
    period: tuple[int, int]


def targets(programme: Programme) -> Iterator[tuple[Item, int]]:
    """The milestones with target values and an exact day, in order."""
    for item in programme.items:
        days = [entry.due for entry in item.dates if entry.due]
        if item.targets and days:
            yield item, to_day(date.fromisoformat(days[0]))


def hold(run_: Run, programme: Programme, progress: Progress | None = None) -> list[Held]:
    """Every target on every court of the run's store, and on all of them together; milestones
    after the run's day have not come yet and are left out."""
    months = run_.law.grace("milestone_period").months or 0
    courts = _courts(run_)
    found: list[Held] = []
    for item, due in targets(programme):
        if due <= run_.as_of:
            first = int(load_calendar().add_months(due, -months)) + 1
            at_the_time = replace(run_, period=Period(first, due), as_of=due)
            figures = court_figures(at_the_time, progress)
            found.extend(_held(item, due, figures, courts, (first, due)))
    return found


def _courts(run_: Run) -> list[str]:
    """Every court of the store that the edition has a set for."""
    con = connect()
    courts = run_.store.relation(con, "courts")
    levels = list(run_.edition.sets)
    found = con.to_pyarrow(courts.filter(courts["level"].isin(levels)).select("court"))
    return sorted(found.column("court").to_pylist())


def _held(
    item: Item,
    due: int,
    figures: Mapping[tuple[str, str], tuple[float, float]],
    courts: list[str],
    period: tuple[int, int],
) -> Iterator[Held]:
    for name, target in item.targets.items():
        of_courts = {court: figures.get((court, name), (0.0, 0.0)) for court in courts}
        together = (sum(r[0] for r in of_courts.values()), sum(r[1] for r in of_courts.values()))
        for court, (above, below) in [("", together), *of_courts.items()]:
            value = PERCENT * above / below if below else None
            # Compared as a ratio: a share that is exactly the target reaches it.
            reached = above * PERCENT >= target * below if below else None
            yield Held(item.id, due, name, target, court, above, below, value, reached, period)
