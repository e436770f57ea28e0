"""Every duty there is to compare on: the law's, and one of every other make; and how often."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st

from zhiheng.calendar import load_calendar, to_day
from zhiheng.checks.setting import Setting
from zhiheng.law.load import law_from, load_law, read_yaml
from zhiheng.law.model import Duty, Law, members

ROUNDS = os.environ.get("ZHIHENG_ORACLE_ROUNDS")
"""How many frames each duty is tried on; where it is set, chance differs from run to run."""

SUBJECTS = 200
"""Subjects, or cases of a composite, in one frame."""

OTHERS = Path(__file__).with_name("every_kind.yaml")
LAWS = (load_law(), law_from(read_yaml(OTHERS), OTHERS.name))
DUTIES = {name: law for law in LAWS for name in law.duties}
"""Duty id → the law it belongs to."""

COMPOSITE = [name for name, law in DUTIES.items() if law.duties[name].kind == "composite"]
SIMPLE = [name for name in DUTIES if name not in COMPOSITE]

compared = settings(
    max_examples=int(ROUNDS or 40),
    derandomize=ROUNDS is None,
    deadline=None,
    database=None,
    phases=[Phase.generate],
)
"""A subject is made of a seed, so that shrinking the seed would tell nothing."""

seeds = st.integers(0, 2**32 - 1)


def setting(law: Law, as_of: date) -> Setting:
    """The product's calendar, one law, one day."""
    return Setting(law, load_calendar(), to_day(as_of))


def member_names(duty: Duty) -> list[str]:
    """The duties a composite is made of, each once."""
    return list(dict.fromkeys(one.duty for version in duty.versions for one in members(version)))
