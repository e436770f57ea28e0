"""What a check is made with."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.calendar import Calendar
from zhiheng.law.model import Law


@dataclass(frozen=True)
class Setting:
    """The law, the calendar, the day: the same setting on the same records, the same outcomes."""

    law: Law
    calendar: Calendar
    as_of: int
