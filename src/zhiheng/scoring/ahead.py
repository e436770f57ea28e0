"""Counting ahead: what evaluations of a period will ask of a store, counted while it is checked.

Whoever evaluates afterwards under the same assumptions finds the counts kept and needs seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from zhiheng.checks.engines import HERE, Engine
from zhiheng.checks.kept import Counting
from zhiheng.checks.setting import Setting
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.law.model import Law
from zhiheng.measures.layered import figures_of_store
from zhiheng.measures.period import Period
from zhiheng.measures.tally import Tally, TallyWork
from zhiheng.scoring.counting import Progress, count, in_passes, pass_work
from zhiheng.scoring.run import Run, question
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store


def runs_of(store: Store, law: Law, period: Period, as_of: int) -> list[Run]:
    """An evaluation of the period on every edition there is, under the law as it was chosen."""
    editions = [load_edition(name) for name in available_editions()]
    return [
        Run(store, law.requiring(each.also_required), each, period, as_of, Answers({}))
        for each in editions
    ]


def tally_counting_ahead(
    setting: Setting, runs: Sequence[Run], progress: Progress | None = None, engine: Engine = HERE
) -> Tally:
    """The tally of the whole store of the runs (see `measures.tally`), and all they will count."""
    store = runs[0].store
    passes = [[runs[place] for place in places] for places in in_passes(runs)]
    of_this_law = [each for each in passes if each[0].law == setting.law]
    tally = TallyWork(setting.law.duties, None, setting.as_of)
    works: list[Counting[Any]] = [tally, *(pass_work(each) for each in of_this_law)]
    counted: Tally = engine.count_over(store, setting, works, progress)[0]
    for each in passes:
        if each not in of_this_law:
            count(each, progress, engine=engine)
    connected = cache(connect)
    asked = [question(each, connected) for each in runs]
    for ask in {ask.terms: ask for ask in asked}.values():
        figures_of_store(ask, store, connected)
    return counted
