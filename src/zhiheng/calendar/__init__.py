"""Working days, roll-forward and months; provisional beyond the last published year."""

from zhiheng.calendar.days import MISSING, Calendar, Days, Stretch, load_calendar
from zhiheng.calendar.notices import Notice, from_day, notices, to_day

__all__ = [
    "MISSING",
    "Calendar",
    "Days",
    "Notice",
    "Stretch",
    "from_day",
    "load_calendar",
    "notices",
    "to_day",
]
