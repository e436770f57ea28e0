"""Lines: what a court's figures are held against, beside its scores; and what follows from them.

What is missing is never a line missed. A figure that people answered is taken as a sample; which
number of it is held against the line is the edition's assumption `sample_decision`. Where files
were drawn and read the bounds are those of the draw, and the chance to keep the line is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isnan, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from zhiheng.indexes.model import Edition, IndexSet, Line
from zhiheng.scoring.leaf import FULL, Evidence
from zhiheng.scoring.results import CourtScores, GroupShare, LineScore, Passed, Reached, Score
from zhiheng.scoring.sampled import SAMPLE as SAMPLED

if TYPE_CHECKING:
    from zhiheng.scoring.readings import Read

SAMPLE = "sample_decision"


def score_lines(
    index: IndexSet, court: str, scores: Mapping[str, Score], evidence: Evidence
) -> tuple[LineScore, ...]:
    """Every line of a set for one court, in the order of the set."""
    return tuple(
        _of_leaf(line, court, scores[line.leaf], evidence)
        if line.leaf is not None
        else _of_figures(line, court, evidence)
        for line in index.lines
    )


def _of_leaf(line: Line, court: str, score: Score, evidence: Evidence) -> LineScore:
    edition, above, below = evidence.edition, score.numerator or 0.0, score.denominator or 0.0
    if score.state != "scored" or below <= 0:
        return _line(line, None, None, source=score.source)
    if score.source == SAMPLED and evidence.readings is not None:
        return _of_sample(line, evidence.readings.by_court_and_item[court, score.node], edition)
    value = judged = _percent(above, below)
    if score.source == "answer" and SAMPLE in edition.assumptions:
        judged = _decided(float(above), float(below), edition)
    return _line(line, value, judged, above, below, score.source)


def _of_sample(line: Line, read: Read, edition: Edition) -> LineScore:
    """Held against the line as the decision declared before the draw says."""
    from zhiheng.sampling.intervals import interval  # what only samples need is slow to load
    from zhiheng.scoring.chances import chance_of_line
    from zhiheng.scoring.node_errors import METHOD

    value = judged = FULL * read.share.value
    if SAMPLE in edition.assumptions:
        settings = edition.assumptions[SAMPLE].settings
        if settings["bound"] != "point":
            # One side of an interval that leaves out as much on both.
            low, high = interval(read.share, METHOD, 2 * settings["confidence"] - 1)
            judged = FULL * (low if settings["bound"] == "lower" else high)
    chance = chance_of_line(read, line.at_least, line.at_most)
    # A bound that cannot be told decides nothing.
    held = None if isnan(judged) else judged
    found = _line(line, value, held, float(read.yes), float(read.applies), SAMPLED)
    return replace(found, chance=chance)


def _of_figures(line: Line, court: str, evidence: Evidence) -> LineScore:
    """The sum of the figures the assumption in force names."""
    assumption = evidence.edition.assumptions[line.assumption or ""]
    ratios = [
        evidence.figures.get((court, figure), (0.0, 0.0))
        for figure in assumption.choices[assumption.value].settings["figures"]
    ]
    if any(below <= 0 for _, below in ratios):
        return _line(line, None, None)
    value = _percent(*ratios[0]) if len(ratios) == 1 else float(sum(map(_exactly, ratios)))
    above, below = ratios[0] if len(ratios) == 1 else (None, None)
    return _line(line, value, value, above, below, "system")


def _line(
    line: Line,
    value: float | None,
    judged: float | None,
    above: float | None = None,
    below: float | None = None,
    source: str = "",
) -> LineScore:
    return LineScore(
        line=line.id,
        zh=line.zh,
        en=line.en,
        value=value,
        judged=judged,
        at_least=line.at_least,
        at_most=line.at_most,
        reached=_reached(line, judged),
        veto=line.missed == "veto",
        numerator=above,
        denominator=below,
        source=source,
    )


def _reached(line: Line, judged: float | None) -> Reached:
    if judged is None:
        return "no_data"
    if not line.judged:
        return "no_verdict"
    low = line.at_least is None or judged >= line.at_least
    high = line.at_most is None or judged <= line.at_most
    return "yes" if low and high else "no"


def _percent(above: float, below: float) -> float:
    """The number nearest to the exact percentage: one that is the threshold reaches it."""
    if float(above).is_integer() and float(below).is_integer():
        return 100 * int(above) / int(below)
    return float(_exactly((above, below)))


def _exactly(ratio: tuple[float, float]) -> Fraction:
    """A percentage as a fraction, so that a sum that is exactly the threshold reaches it."""
    above, below = ratio
    return 100 * Fraction(above) / Fraction(below)


def _decided(above: float, below: float, edition: Edition) -> float:
    """The number of a sample that is held against a line: its share, or a bound of it."""
    settings = edition.assumptions[SAMPLE].settings
    if settings["bound"] == "point":
        return FULL * above / below
    low, high = wilson(above, below, settings["confidence"])
    return FULL * (low if settings["bound"] == "lower" else high)


def wilson(above: float, below: float, confidence: float) -> tuple[float, float]:
    """One-sided lower and upper bounds of a share (Wilson's score method, 1927), each holding
    with `confidence` (0-1); `below` is the size of the sample, at least 1."""
    z = NormalDist().inv_cdf(confidence)
    share = above / below
    centre = share + z * z / (2 * below)
    spread = z * sqrt(share * (1 - share) / below + z * z / (4 * below * below))
    width = 1 + z * z / below
    return max((centre - spread) / width, 0.0), min((centre + spread) / width, 1.0)


def passed(edition: Edition, lines: Sequence[LineScore]) -> Passed | None:
    """The verdict the edition draws from a court's lines; None where it draws none."""
    if edition.verdict is None or not lines:
        return None
    if edition.verdict == "veto":
        barred = any(line.veto and line.reached == "no" for line in lines)
        return "no" if barred else "undetermined"
    return together(lines)


def together(lines: Iterable[LineScore]) -> Passed:
    """Whether all lines that have a threshold are reached."""
    states = {line.reached for line in lines} - {"no_verdict"}
    if "no" in states:
        return "no"
    return "yes" if states == {"yes"} else "undetermined"


def group_shares(edition: Edition, courts: Sequence[CourtScores]) -> tuple[GroupShare, ...]:
    """The share of courts that reach their lines: all together, then by level."""
    if edition.group is None:
        return ()
    levels = [level for level, one in edition.sets.items() if one.lines]
    held = [court for court in courts if court.lines]
    groups = [("", held), *((level, [c for c in held if c.level == level]) for level in levels)]
    return tuple(_share(level, of, edition.group.at_least) for level, of in groups if of)


def _share(level: str, courts: Sequence[CourtScores], at_least: float) -> GroupShare:
    verdicts = [together(court.lines) for court in courts]
    yes, no = verdicts.count("yes"), verdicts.count("no")
    open_ = len(verdicts) - yes - no
    if not yes + no:
        return GroupShare(level, yes, no, open_, None, at_least, "no_data")
    share = 100 * Fraction(yes, yes + no)
    met: Reached = "yes" if share >= Fraction(at_least) else "no"
    return GroupShare(level, yes, no, open_, float(share), at_least, met)
