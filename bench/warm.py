"""Seconds of one explanation in a warm process, the median of several.

`python -m bench.warm case STORE AS_OF DUTY NUMBER...`
`python -m bench.warm leaf STORE AS_OF PERIOD LEAF COURT...`

The first case number or court warms the process up and is not counted.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from statistics import median

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.find import explain_case, find_case
from zhiheng.checks.setting import Setting
from zhiheng.cli.common import parse_period
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import load_edition
from zhiheng.law.load import load_law
from zhiheng.scoring.assumptions import choose
from zhiheng.scoring.explain import explain_leaf
from zhiheng.scoring.run import Run
from zhiheng.store.lake import open_store


def of_cases(path: Path, as_of: int, name: str) -> Callable[[str], object]:
    """Finds a case by its number and explains the duty on it."""
    store, law = open_store(path), load_law()
    setting = Setting(law, load_calendar(), as_of)
    return lambda number: explain_case(store, find_case(store, number), [law.duties[name]], setting)


def of_leaves(path: Path, as_of: int, period: str, leaf: str) -> Callable[[str], object]:
    """Explains the leaf of a court."""
    store, within = open_store(path), parse_period(period)
    edition, law = choose(load_edition("cass-2017"), load_law(), {})

    def explained(court: str) -> object:
        run_ = Run(store, law, edition, within, as_of, Answers({}), court)
        return explain_leaf(run_, court, leaf)

    return explained


def seconds_each(explained: Callable[[str], object], asked: Iterable[str]) -> list[float]:
    """How long each takes."""
    took = []
    for one in asked:
        began = time.perf_counter()
        explained(one)
        took.append(time.perf_counter() - began)
    return took


def _asked(words: list[str]) -> tuple[Callable[[str], object], list[str]]:
    kind, store, day, *rest = words
    path, as_of = Path(store), to_day(date.fromisoformat(day))
    if kind == "case":
        return of_cases(path, as_of, rest[0]), rest[1:]
    return of_leaves(path, as_of, rest[0], rest[1]), rest[2:]


if __name__ == "__main__":
    print(median(seconds_each(*_asked(sys.argv[1:]))[1:]))
