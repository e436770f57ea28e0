"""The evaluation on one screen: by level, then by intermediate court with the courts below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from zhiheng.language import Translate, translator
from zhiheng.reports.lines import (
    REACHED_NAMES,
    LineCount,
    group_name,
    line_counts,
    line_title,
    threshold_text,
    value_text,
)
from zhiheng.reports.tree import courts_by_level, root_score
from zhiheng.reports.words import LEVEL_NAMES, day_text, named, percent_text, score_text
from zhiheng.scoring.results import CourtScores, GroupShare, Scored

WIDTH = 100
"""Terminal columns the summary keeps within."""

SHOWN = 60
"""Intermediate courts that stand on the screen; of more, the levels say enough."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_BAR = 10

Family = tuple[CourtScores | None, list[CourtScores]]
"""An intermediate court (none for the last) and the basic courts below it."""


def print_summary(console: Console, evaluation: Scored, language: str) -> None:
    """Print scores, bars and coverage by level and by intermediate court, in order of code."""
    _ = translator(language)
    first, last = evaluation.period
    title = evaluation.edition_title_zh if language == "zh" else evaluation.edition_title_en
    console.print(f"[bold]{escape(title)}[/]")
    as_of, period = _("As of"), _("Period")
    console.print(
        f"{as_of} {day_text(evaluation.as_of)}   {period} {day_text(first)} – {day_text(last)}"
    )
    levels = dict(courts_by_level(evaluation))
    families = _families(levels)
    console.print(_table(levels, families[:SHOWN], language))
    if left := len(families[SHOWN:]):
        console.print(_("{count} more are in the files written.").format(count=left))
    _print_lines(console, evaluation, language)
    for note in (
        _("A level shows its median; an intermediate court its own score, then the courts below."),
        _("Courts stand in the order of their codes; this is not a ranking."),
    ):
        console.print(note, style="dim")


def _print_lines(console: Console, evaluation: Scored, language: str) -> None:
    """A row for every share of courts, then how many courts reach each line; none, nothing."""
    _ = translator(language)
    if evaluation.groups:
        console.print()
        console.print(_shares(evaluation.groups, _))
    counts = line_counts(evaluation)
    if counts:
        console.print()
        console.print(_courts_by_line(counts, language))


def _shares(groups: Sequence[GroupShare], _: Translate) -> Table:
    table = _numbers(
        _("Courts that reach their lines"),
        _("Reached"),
        _("Missed"),
        _("Undetermined"),
        _("Share of courts"),
        "",
    )
    for group in groups:
        share = _("no data") if group.share is None else value_text(group.share, group)
        met = f"{threshold_text(group)} {named(REACHED_NAMES, group.met, _)}"
        counts = (group.reached, group.missed, group.undetermined)
        table.add_row(escape(group_name(group, _)), *map(str, counts), share, met)
    return table


def _courts_by_line(counts: Sequence[LineCount], language: str) -> Table:
    _ = translator(language)
    table = _numbers(
        _("Courts by line"), _("Threshold"), *(_(name) for name in REACHED_NAMES.values())
    )
    for row in counts:
        veto = f" ({_('veto')})" if row.line.veto else ""
        title = escape(line_title(row.line, language) + veto)
        numbers = (str(count) for count in row.counts.values())
        table.add_row(title, threshold_text(row.line), *numbers)
    return table


def _numbers(first: str, *others: str) -> Table:
    """A table of one wide column of names and narrow ones of numbers."""
    table = Table(width=WIDTH, box=None, padding=(0, 1), header_style="bold")
    table.add_column(first, ratio=1)
    for other in others:
        table.add_column(other, justify="right")
    return table


def bar(value: float | None) -> str:
    """`value` (0-100) as a bar of _BAR columns on a dotted track."""
    if value is None:
        return " " * _BAR
    eighths = round(value / 100 * _BAR * 8)
    full, rest = divmod(eighths, 8)
    text = "█" * full + (_EIGHTHS[rest] if rest else "")
    return text.ljust(_BAR, "·")


def _table(
    levels: Mapping[str, list[CourtScores]], families: Sequence[Family], language: str
) -> Table:
    _ = translator(language)
    table = Table(width=WIDTH, box=None, padding=(0, 1), header_style="bold")
    table.add_column(_("Court"), ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(_("Score"), justify="right")
    table.add_column("", width=_BAR)
    table.add_column(_("Coverage"), justify="right")
    table.add_column(_("Courts"), justify="right")
    for name in (_("Lowest"), _("Median"), _("Highest")):
        table.add_column(name, justify="right")
    for level, courts in levels.items():
        table.add_row(f"[bold]{escape(named(LEVEL_NAMES, level, _))}[/]", *_group(courts, _))
    table.add_row()
    for above, below in families:
        table.add_row(*_family(above, below, _))
    return table


def _families(levels: Mapping[str, list[CourtScores]]) -> list[Family]:
    """Each intermediate court with its basic courts, then the basic courts without one."""
    above = levels.get("intermediate", [])
    below: dict[str | None, list[CourtScores]] = {court.court: [] for court in above}
    for basic in levels.get("basic", []):
        below.setdefault(basic.parent if basic.parent in below else None, []).append(basic)
    families: list[Family] = [(court, below[court.court]) for court in above]
    return [*families, (None, below[None])] if None in below else families


def _group(courts: Sequence[CourtScores], _: Translate) -> tuple[str, ...]:
    """Median, its bar and the median coverage of a group, then how many and their spread."""
    scores = [root_score(court) for court in courts]
    values = [score.value for score in scores if score.value is not None]
    middle = median(values) if values else None
    coverage = percent_text(median(score.coverage for score in scores))
    score = f"{middle:.1f}" if middle is not None else _("no data")
    return score, bar(middle), coverage, *_spread(courts, _)


def _family(
    above: CourtScores | None, below: Sequence[CourtScores], _: Translate
) -> tuple[str, ...]:
    spread = _spread(below, _)
    if above is None:
        return _("Other basic courts"), "", " " * _BAR, "", *spread
    root = root_score(above)
    own = (score_text(root, _), bar(root.value), percent_text(root.coverage))
    return escape(above.name), *own, *spread


def _spread(courts: Sequence[CourtScores], _: Translate) -> tuple[str, ...]:
    values = [score.value for score in map(root_score, courts) if score.value is not None]
    if not values:
        return str(len(courts)), "—", "—", "—"
    return str(len(courts)), *(f"{x:.1f}" for x in (min(values), median(values), max(values)))
