"""Bidders against the list on a day (rulebook C11): one listed member makes a consortium listed.

The restriction holds from the day of entry until the entry is deleted or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One of those looked up: as the file numbers it, the bid it belongs to, whether it is on
    the list (None where it bears no number to look up)."""

    row: int
    bid: str
    role: str
    listed: bool | None


@dataclass(frozen=True)
class Bid:
    """One bidder or consortium. `listed`: yes, no, or None where no member is listed and one could
    not be looked up."""

    bid: str
    members: tuple[Member, ...]

    @property
    def consortium(self) -> bool:
        """Whether several bid as one."""
        return len(self.members) > 1

    @property
    def listed(self) -> bool | None:
        """Whether it counts as listed."""
        found = {member.listed for member in self.members}
        return True if True in found else None if None in found else False


def bids(rows: Iterable[Mapping[str, str]], listed: Mapping[int, bool | None]) -> list[Bid]:
    """The rows of a list of bidders by bid, in order; a row without a bid stands for itself."""
    grouped: dict[str, list[Member]] = {}
    for number, row in enumerate(rows, start=1):
        name = row.get("bid") or str(number)
        member = Member(number, name, row.get("role") or "bidder", listed.get(number))
        grouped.setdefault(name, []).append(member)
    return [Bid(name, tuple(members)) for name, members in grouped.items()]
