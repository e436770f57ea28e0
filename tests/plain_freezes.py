"""The freeze model told again as slowly and plainly as possible: one list of rows that nobody ever
removes, every day lived through, money handed out cent by cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zhiheng.freezes.model import (
    Charged,
    Deducted,
    Event,
    Frozen,
    Moved,
    Observed,
    Released,
    Renewed,
)

Row = dict[str, Any]


@dataclass
class Plain:
    """An account: `rows` in the order the freezes were served, whatever became of them."""

    balance: int = 0
    charged: int = 0
    day: int = 0
    rows: list[Row] = field(default_factory=list)
    paid: int = 0
    came: int = 0

    def live(self) -> list[Row]:
        return [row for row in self.rows if row["state"] == "in force"]

    def row(self, id_: str) -> Row | None:
        return next((row for row in self.rows if row["id"] == id_), None)

    def held(self) -> dict[str, int]:
        """Each cent that is nobody's security goes to the first freeze that still asks for one."""
        held = {row["id"]: 0 for row in self.live()}
        for _ in range(self.balance - self.charged):
            for row in self.live():
                if held[row["id"]] < row["limit"]:
                    held[row["id"]] += 1
                    break
        return held

    def free(self) -> int:
        return max(self.balance - self.charged, 0) - sum(self.held().values())

    def live_until(self, day: int) -> None:
        """Every night the freezes whose last day it was lapse."""
        while self.day < day:
            for row in self.live():
                if row["last"] == self.day:
                    row["state"], row["over"] = "lapsed", self.day
            self.day += 1

    def add(self, id_: str, court: str, limit: int, last: int) -> bool:
        if self.row(id_) or limit < 1 or last < self.day:
            return False
        keys = {"id": id_, "court": court, "limit": limit, "first": self.day, "last": last}
        self.rows.append({**keys, "state": "in force"})
        return True

    def take(self, event: Event) -> bool:
        """Whether an event was let through."""
        if event.day < self.day:
            return False
        self.live_until(event.day)
        if isinstance(event, Frozen):
            return self.add(event.id, event.court, event.amount, event.last)
        if isinstance(event, Moved | Charged | Observed):
            return self.about_money(event)
        row = self.row(event.of)
        return row is not None and row["court"] == event.court and self.on_own(event, row)

    def about_money(self, event: Moved | Charged | Observed) -> bool:
        if isinstance(event, Moved) and event.amount < 0 and self.free() + event.amount < 0:
            return False
        if isinstance(event, Charged):
            self.charged = event.amount
            return True
        came = event.amount if isinstance(event, Moved) else event.balance - self.balance
        self.balance += came
        self.came += came
        return True

    def on_own(self, event: Renewed | Released | Deducted, row: Row) -> bool:
        """What a court does to its own freeze."""
        if isinstance(event, Renewed) and row["state"] == "lapsed":
            return self.add(event.id, row["court"], row["limit"], event.last)
        if row["state"] != "in force":
            return False
        if isinstance(event, Renewed):
            longer = event.last > row["last"]
            row["last"] = max(event.last, row["last"])
            return longer
        if isinstance(event, Released):
            row["state"], row["over"] = "released", self.day
            return True
        if not 1 <= event.amount <= self.held()[row["id"]]:
            return False
        row["limit"] -= event.amount
        self.balance -= event.amount
        self.paid += event.amount
        if row["limit"] == 0:
            row["state"], row["over"] = "used_up", self.day
        return True


def lived(events: Sequence[Event]) -> tuple[Plain, list[bool]]:
    """The account after the events, and which of them were let through."""
    account = Plain()
    return account, [account.take(event) for event in events]
