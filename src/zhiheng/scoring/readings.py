"""Files that were drawn and read: what they say of a leaf, and how they were drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhiheng.sampling.alone import drawn_alone
from zhiheng.sampling.arrays import Flags
from zhiheng.sampling.design import Design, degrees_of_freedom
from zhiheng.sampling.estimates import Estimates, ratios
from zhiheng.sampling.intervals import Share
from zhiheng.sampling.shares import share_of, unseen

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Draw:
    """The draw behind readings: its digest, the seed, and what was declared beforehand to be held
    against a line ("point", "lower_bound", "upper_bound"; "" where nothing was declared).

    `files` were drawn, `unread` of them were not read. `left_out`: levels of court of which no
    file was read. `chances`: of each court to be drawn, where courts were drawn before files.
    """

    digest: str
    seed: str
    rule: str
    files: int
    unread: int = 0
    left_out: tuple[str, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Read:
    """One item of one court: the share of its files that are as they should be.

    `yes` of `applies` files the item applied to; `read` files were read of the court, of `wanted`
    that the draw asks for and `there` in the court. `plain` says that every file weighs the same,
    so that the counts say all.
    """

    share: Share
    yes: int
    applies: int
    read: int
    wanted: int
    there: int
    plain: bool

    @property
    def unseen(self) -> float:
        """The variance (of the share) that a sample of files all alike cannot show."""
        return unseen(self.share, 1 - min(self.read / self.there, 1.0))


@dataclass(frozen=True, eq=False)
class Readings:
    """The answers to the items (leaves) in the files of a draw, as `design` says they were drawn.

    `court`: of every file read. `yes`, `applies` and `asked` are flags (files, items). `wanted`:
    court → how many of its files were drawn, read or not. `readers`: court and item → variance
    (of the share) that reviewers add to that of the draw.
    """

    draw: Draw
    court: NDArray[np.str_]
    design: Design
    items: tuple[str, ...]
    yes: Flags
    applies: Flags
    asked: Flags
    wanted: Mapping[str, int]
    readers: Mapping[tuple[str, str], float] = field(default_factory=dict)
    _own: dict[str, tuple[Rows, Design]] = field(default_factory=dict)

    def of_court(self, court: str) -> tuple[Rows, Design]:
        """The rows that say something of a court with the design they belong to: the court's own
        where it is a sample by itself, else the whole draw, in which the court is a domain."""
        if court not in self._own:
            rows = np.flatnonzero(self.court == court)
            # A court whose error cannot be told (`tells_error`) must not stop the others.
            design = replace(self.design, lonely="certainty")
            own = drawn_alone(design, self.court == court)
            whole = np.arange(len(self.court)), design
            self._own[court] = whole if own is None else (rows, own)
        return self._own[court]

    def estimates(self, court: str) -> Estimates:
        """The court's shares of every item with the influence of each of its rows."""
        rows, design = self.of_court(court)
        inside = (self.court[rows] == court)[:, None]
        return ratios(design, self.yes[rows] & inside, self.applies[rows] & inside)

    def tells_error(self, court: str) -> bool:
        """False where a single unit was drawn of a stratum of the court that has more."""
        _, design = self.of_court(court)
        stage = design.stages[0]
        return not bool(((stage.drawn == 1) & (stage.share < 1)).any())

    def freedom(self, court: str) -> int:
        """The degrees of freedom of the court's estimates."""
        rows, design = self.of_court(court)
        return degrees_of_freedom(design, self.court[rows] == court)

    def read(self, court: str, item: str) -> Read | None:
        """What was read of an item in a court, None where it was asked in none of its files."""
        at = self.items.index(item)
        own = (self.court == court) & self.asked[:, at]
        if not own.any():
            return None
        rows, design = self.of_court(court)
        inside = own[rows]
        yes, applies = self.yes[rows, at] & inside, self.applies[rows, at] & inside
        weights = design.weights[inside]
        share = share_of(design, yes, applies)
        added = self.readers.get((court, item), 0.0)
        variance = share.variance + added if self.tells_error(court) else np.nan
        return Read(
            replace(share, variance=variance, whole=share.whole and not added),
            int(yes.sum()),
            int(applies.sum()),
            int(own.sum()),
            self.wanted.get(court, int(own.sum())),
            round(float(weights.sum())),
            bool(np.ptp(weights) <= 1e-9 * weights.max()),
        )

    @cached_property
    def files(self) -> Mapping[str, tuple[int, int]]:
        """Court → files read of it, and files it has in the frame."""
        found = {}
        for court in dict.fromkeys(self.court.tolist()):
            rows, design = self.of_court(court)
            own = self.court[rows] == court
            found[court] = int(own.sum()), round(float(design.weights[own].sum()))
        return found

    @cached_property
    def by_court_and_item(self) -> Mapping[tuple[str, str], Read]:
        """Everything that was read, by court and item."""
        courts = dict.fromkeys(self.court.tolist())
        reads = {(court, item): self.read(court, item) for court in courts for item in self.items}
        return {key: read for key, read in reads.items() if read is not None}
