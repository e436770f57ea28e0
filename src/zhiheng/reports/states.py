"""Outcomes on one screen: by section of the rulebook, duty by duty, with the counts by state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.markup import escape
from rich.table import Table

from zhiheng.checks.wording import STATES as WORDS
from zhiheng.law.model import Law
from zhiheng.law.rulebook import load_rulebook
from zhiheng.measures.sections import Section
from zhiheng.screens.run import Found

SHOWN = [state for state in WORDS if state != "not_applicable"]

States = Mapping[str, int]


def states_table(title: str, law: Law, states: Mapping[str, States], language: str) -> Table:
    """Duties under the headings of their sections, in the order of the rulebook's rows."""
    at = 0 if language == "zh" else 1
    table = Table(title=title, box=None)
    table.add_column("职责" if language == "zh" else "Duty", no_wrap=True, overflow="ellipsis")
    for state in SHOWN:
        table.add_column(WORDS[state][at], justify="right")
    for letter, names in groupby(_ordered(law, states), lambda name: law.duties[name].rulebook[:1]):
        table.add_row(f"[bold]{escape(section_title(letter, language))}[/]")
        for name in names:
            duty = law.duties[name]
            cells = [f"{n:,}" if (n := states[name][state]) else "·" for state in SHOWN]
            label = f"  {duty.rulebook} {duty.title.in_language(language)}"
            table.add_row(f"{escape(label)}  [dim]{name}[/]", *cells)
    return table


def _ordered(law: Law, states: Mapping[str, States]) -> Iterator[str]:
    yield from sorted(states, key=lambda name: (law.duties[name].rulebook, name))


def section_title(letter: str, language: str) -> str:
    """The heading of one section of the rulebook."""
    section = load_rulebook().sections.get(letter)
    return f"{letter} {section.in_language(language)}" if section else letter


def screens_table(found: Iterable[Found], language: str) -> Table:
    """One line a screen: the row of the rulebook it bears, how many rows, in how many courts."""
    heads, english = ("筛查", "规则", "行数", "法院数"), ("Screen", "Rulebook", "Rows", "Courts")
    first, *others = heads if language == "zh" else english
    table = Table(box=None)
    table.add_column(first)
    for other in others:
        table.add_column(other, justify="right")
    for one in found:
        title = one.screen.title.in_language(language)
        numbers = (f"{one.total():,}", f"{one.courts():,}")
        table.add_row(escape(title), one.screen.rulebook, *numbers)
    return table


def sections_table(sections: Sequence[Section], language: str) -> Table:
    """One line a section: duties computed, outcomes decided, breached, undeterminable."""
    heads = ("规则", "职责数", "已判断", "违反", "无法判断")
    english = ("Rulebook", "Duties", "Decided", "Breached", "Undeterminable")
    first, *others = heads if language == "zh" else english
    table = Table(box=None)
    table.add_column(first)
    for other in others:
        table.add_column(other, justify="right")
    for entry in sections:
        numbers = (entry["duties"], entry["decided"], entry["breached"], entry["undeterminable"])
        title = section_title(entry["section"], language)
        table.add_row(escape(title), *(f"{number:,}" for number in numbers))
    return table
