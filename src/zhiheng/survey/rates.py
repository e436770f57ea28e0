"""Who answered of those invited: complete, partial, broken off; rates by AAPOR.

American Association for Public Opinion Research, Standard Definitions (2016), which leaves the line
between complete and partial to the researcher and gives these shares: of the questions put to a
person, more than 80 % answered is complete (I), 50–80 % partial (P), less a break-off, which counts
as no response. With everybody invited taken as eligible,

    RR1 = I / invited,    RR2 = (I + P) / invited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["complete", "partial", "break_off"]
COMPLETE, PARTIAL = 0.8, 0.5


def outcome(answered: int, asked: int) -> Outcome:
    """What a returned questionnaire is, by how many of the questions put were answered."""
    share = answered / asked if asked else 0.0
    if share > COMPLETE:
        return "complete"
    return "partial" if share >= PARTIAL else "break_off"


@dataclass(frozen=True)
class Rates:
    """Counts and rates; what hangs on `invited` is None where that is not known."""

    complete: int
    partial: int
    break_off: int
    invited: int | None

    @property
    def returned(self) -> int:
        """Questionnaires that came back, however full."""
        return self.complete + self.partial + self.break_off

    @property
    def not_returned(self) -> int | None:
        """Invited and silent."""
        return None if self.invited is None else self.invited - self.returned

    @property
    def rr1(self) -> float | None:
        """AAPOR's response rate 1: complete alone."""
        return self.complete / self.invited if self.invited else None

    @property
    def rr2(self) -> float | None:
        """AAPOR's response rate 2: partial ones too."""
        return (self.complete + self.partial) / self.invited if self.invited else None


def rates(outcomes: Iterable[Outcome], invited: int | None) -> Rates:
    """The rates of some returned questionnaires."""
    found = list(outcomes)
    return Rates(found.count("complete"), found.count("partial"), found.count("break_off"), invited)
