"""How errors, chances, ranks and replays came about, in plain words with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiheng.language import Translate, marked
from zhiheng.reports.section import Section
from zhiheng.reports.words import named
from zhiheng.scoring.results import Scored

if TYPE_CHECKING:
    from zhiheng.scoring.readings import Draw  # slow to load

RULE_NAMES = {
    "point": marked("The share found in the sample"),
    "lower_bound": marked("The lower bound: a line counts as reached only where that is sure"),
    "upper_bound": marked("The upper bound: a line counts as missed only where that is sure"),
    "": marked("Nothing was declared before the draw"),
}
"""What was to be held against a line, as it was declared before the draw."""

VARIED_NAMES = {
    "method": marked("Choices of method alone"),
    "data": marked("Errors of the data alone"),
    "both": marked("Method and data together"),
}
"""What was varied from replay to replay."""


def draw_terms(draw: Draw, _: Translate) -> tuple[tuple[str, str], ...]:
    """The draw as it was declared, and how much of it was read."""
    return (
        (_("Digest of the draw"), draw.digest or "—"),
        (_("Seed of the draw"), draw.seed or "—"),
        (_("Held against a line, as declared before the draw"), named(RULE_NAMES, draw.rule, _)),
        (_("Files drawn"), f"{draw.files:,}"),
        (_("Files not read"), f"{draw.unread:,}"),
    )


def census_note(_: Translate) -> str:
    """What leaves that are counted over all cases add to the error."""
    return _(
        "A leaf that is counted over all cases (a census) adds no sampling error; only leaves read"
        " in files drawn do."
    )


def certainty_sections(evaluation: Scored, _: Translate) -> list[Section]:
    """The method of what may be said; nothing where nothing is."""
    found = []
    if evaluation.said or evaluation.draw:
        found += [_errors(_), _comparisons(_), _left_out(_)]
    if evaluation.moved:
        found.append(_replays(_))
    return found


def _errors(_: Translate) -> Section:
    return Section(
        _("Sampling error"),
        (
            census_note(_),
            _(
                "The interval of a leaf is the logit interval of its share at 95 %, by the design"
                " of the draw, with Student's t and the degrees of freedom of the draw (as"
                " “xlogit” of the R package survey)."
            ),
            _(
                "Where a leaf gives all marks or none, one wrong file settles it; where none was"
                " found, what is unsure is whether the files that were not read are right too."
            ),
            _(
                "The error of a node above comes from what every file read adds to it along the"
                " tree, so that leaves read in the same file count together (Särndal, Swensson and"
                " Wretman, Model Assisted Survey Sampling, 1992, 5.5). Its interval is put together"
                " of its leaves' intervals with their correlations (MOVER: Zou and Donner,"
                " Statistics in Medicine 27, 2008)."
            ),
            _(
                "Where all files read are alike the sample shows no variance; what it cannot show"
                " is added by Jeffreys' prior. Where a single file was drawn of more, the error"
                " cannot be told; that court, and one of which no file was read, is compared with"
                " none."
            ),
            _(
                "The chance that the true value keeps a line rests on a prior, which is an"
                " assumption: that of Jeffreys, Beta(½, ½), over the files that were not read."
            ),
        ),
    )


def _comparisons(_: Translate) -> Section:
    return Section(
        _("Ranks that hold together"),
        (
            _(
                "All pairs of courts of a level are compared at once so that, 95 times in 100, no"
                " pair is ordered wrongly; from the pairs told apart follow the best and the worst"
                " rank of each court, which hold for all courts together (Mogstad, Romano, Shaikh"
                " and Wilhelm, Review of Economic Studies 91, 2024)."
            ),
            _(
                "A band is a run of courts, next to one another by score, of which no two can be"
                " told apart. A court in the middle may stand in several. Intervals that overlap"
                " are no proof that two courts are alike: the table of differences is."
            ),
            _(
                "The interval and the chance of a single difference hold for that pair alone;"
                " “told apart” holds for all pairs together."
            ),
        ),
    )


def _left_out(_: Translate) -> Section:
    return Section(
        _("What the interval does not cover"),
        (
            _(
                "Errors of the records themselves, of questionnaires and answer sheets are not in"
                " it, nor what all readers misread alike; how readers differ is in it only where"
                " files were read twice and all readers' answers were given. Questionnaires"
                " answered by whoever wished are no probability sample and get no interval. Nor is"
                " in it what cannot be drawn, such as files that were never opened. Missing data"
                " show in the coverage."
            ),
        ),
    )


def _replays(_: Translate) -> Section:
    return Section(
        _("What moves the result"),
        (
            _(
                "The index is scored anew many times with other weights, other choices and data"
                " within their error. What is watched is how far the courts' ranks move on average"
                " (Saisana, Saltelli and Tarantola, Journal of the Royal Statistical Society A 168,"
                " 2005)."
            ),
            _(
                "The total index of a factor is the share of that movement that would remain if"
                " all other factors were known; the first-order index is the share that would go"
                " if this factor alone were known (Saltelli and others, Computer Physics"
                " Communications 181, 2010). Both are estimates and may stray a little beyond 0"
                " and 1."
            ),
        ),
    )
