"""`python -m bench.warm STORE AS_OF DUTY NUMBER...`: seconds of one explanation in a warm process.

The first case number warms the process up and is not counted; the median of the others is printed.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from statistics import median

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.find import explain_case, find_case
from zhiheng.checks.setting import Setting
from zhiheng.law.load import load_law
from zhiheng.store.lake import open_store


def seconds_each(path: Path, as_of: date, name: str, numbers: list[str]) -> list[float]:
    """How long it takes to find each case by its number and explain the duty on it."""
    store, law = open_store(path), load_law()
    setting = Setting(law, load_calendar(), to_day(as_of))
    took = []
    for number in numbers:
        began = time.perf_counter()
        explain_case(store, find_case(store, number), [law.duties[name]], setting)
        took.append(time.perf_counter() - began)
    return took


if __name__ == "__main__":
    given, day, duty, *cases = sys.argv[1:]
    print(median(seconds_each(Path(given), date.fromisoformat(day), duty, cases)[1:]))
