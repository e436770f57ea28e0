"""What may be said of scores, court by court and node by node, for pages and workbook alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isinf, isnan
from typing import TYPE_CHECKING

from zhiheng.language import Translate
from zhiheng.reports.pictures.rank_bars import letter_of, letters_of
from zhiheng.reports.pictures.whiskers import Kind
from zhiheng.reports.tree import root_score
from zhiheng.scoring.results import CourtScores, Score, Scored

if TYPE_CHECKING:
    from zhiheng.scoring.said import SetSaid  # slow to load

MOST_NAMED = 12
"""Courts of a band that its sentence names one by one."""


@dataclass(frozen=True)
class Doubt:
    """What is unsure about one score (0-100): nothing where all of it is a census, its interval
    where files were drawn, and nobody can tell where these were too few.

    `error`, `low` and `high` are None where they cannot be told. `files`: how many files a leaf
    rests on, 0 elsewhere.
    """

    state: Kind
    error: float | None
    low: float | None
    high: float | None
    files: int


@dataclass(frozen=True)
class Standing:
    """A court's rank among those of its level with the ranks it may have, and its bands."""

    rank: int
    best: int
    worst: int
    of: int
    bands: tuple[int, int]

    @property
    def letters(self) -> str:
        """The bands by their letters."""
        return letters_of(self.bands)

    def in_brackets(self, _: Translate) -> str:
        """The ranks it may truly be: (2–5)."""
        return _("({interval})").format(interval=f"{self.best}–{self.worst}")


def something_said(evaluation: Scored) -> bool:
    """Whether there is more to say than the scores themselves."""
    return bool(evaluation.said or evaluation.moved or evaluation.draw)


class Doubts:
    """Doubts and standings of all courts of an evaluation."""

    def __init__(self, evaluation: Scored) -> None:
        self._places = {
            court: (said, place)
            for said in evaluation.said
            for place, court in enumerate(said.courts)
        }
        self._bands = {said.level: band_numbers(said) for said in evaluation.said}

    def of(self, court: str, score: Score) -> Doubt | None:
        """What is unsure about a score of a court; None where there is no score, or no files were
        drawn of the court's level."""
        said, place = self._places.get(court, (None, 0))
        errors = said.errors.get(score.node) if said else None
        if errors is None or score.value is None:
            return None
        error, files = float(errors.error[place]), int(errors.files[place])
        low, high = float(errors.low[place]), float(errors.high[place])
        if isnan(error) or isnan(low):
            return Doubt("untold", None, None, None, files)
        # A census has no degrees of freedom to run out of; files may agree, and yet be a sample.
        census = isinf(errors.freedom[place])
        return Doubt("census" if census else "sampled", error, low, high, files)

    def standing(self, court: str) -> Standing | None:
        """The court's rank; None where it has none, or none can be told."""
        said, place = self._places.get(court, (None, 0))
        if said is None or not said.ranks.rank[place]:
            return None
        ranks = said.ranks
        rank, best, worst = (int(one[place]) for one in (ranks.rank, ranks.best, ranks.worst))
        of = int((ranks.rank > 0).sum())
        return Standing(rank, best, worst, of, self._bands[said.level][place])


def band_numbers(said: SetSaid) -> dict[int, tuple[int, int]]:
    """Court's place → the first and last band it stands in."""
    found: dict[int, tuple[int, int]] = {}
    for number, band in enumerate(said.bands):
        for place in band.members:
            found[place] = (found[place][0] if place in found else number, number)
    return found


def band_sentences(said: SetSaid, names: dict[str, str], _: Translate) -> list[tuple[str, str]]:
    """Every band's letter with what it says of its courts."""
    found = []
    for number, band in enumerate(said.bands):
        courts = [names.get(said.courts[place], said.courts[place]) for place in band.members]
        found.append((letter_of(number), _band_sentence(courts, _)))
    return found


def _band_sentence(courts: Sequence[str], _: Translate) -> str:
    if len(courts) == 1:
        return _("{court} can be told apart from the courts next to it.").format(court=courts[0])
    if len(courts) > MOST_NAMED:
        text = _("{first} down to {last}, {count} courts in all, cannot be told apart.")
        return text.format(first=courts[0], last=courts[-1], count=len(courts))
    listed = reduce(lambda some, one: _("{courts}, {court}").format(courts=some, court=one), courts)
    return _("{courts} cannot be told apart.").format(courts=listed)


def interval_text(low: float, high: float) -> str:
    """An interval of scores with one decimal."""
    return f"{low:.1f}–{high:.1f}"


def in_brackets(doubt: Doubt | None, _: Translate) -> str:
    """What is said behind a score of what is unsure about it: (83.0–89.1); nothing where that is
    nothing."""
    if doubt is None or doubt.state == "census":
        return ""
    return _("({interval})").format(interval=doubt_text(doubt, _))


def doubt_text(doubt: Doubt, _: Translate) -> str:
    """The interval, or that nobody can tell it."""
    if doubt.low is None or doubt.high is None:
        return _("error cannot be told")
    return interval_text(doubt.low, doubt.high)


def scored_courts(courts: Sequence[CourtScores]) -> Iterator[tuple[CourtScores, Score]]:
    """The courts that have a score as a whole, with it."""
    for court in courts:
        score = root_score(court)
        if score.value is not None:
            yield court, score
