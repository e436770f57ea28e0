"""The reference pages of the law, generated: every duty, and how far the rulebook is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from zhiheng.law.load import load_law
from zhiheng.law.model import Law
from zhiheng.law.powers import load_powers
from zhiheng.law.rulebook import STATES, Rulebook, Standing, load_rulebook
from zhiheng.law.screens import load_screens, load_sequences
from zhiheng.reports.files import write_whole
from zhiheng.reports.law.coverage import standings
from zhiheng.reports.law.describe import Part, describe
from zhiheng.reports.law.limits import limits_page
from zhiheng.reports.law.powers import powers_page
from zhiheng.reports.law.screens import screens_page
from zhiheng.reports.law.words import ROW_KINDS, ROW_STATES, in_force, limit_of

GENERATED = "This page is generated from the data of the law; do not edit it."


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    law, rulebook = load_law(), load_rulebook()
    return {
        "duties.md": duties_page(law),
        "coverage.md": coverage_page(rulebook, standings(law, rulebook), law),
        "node-limits.md": limits_side_by_side(law),
        "powers.md": powers_page(load_powers()),
        "screens.md": screens_page(load_screens(), load_sequences(), law),
    }


def duties_page(law: Law) -> str:
    """One section for each duty, in the order of the rulebook; ends with a newline."""
    return "\n".join(_duties(law)) + "\n"


def limits_side_by_side(law: Law) -> str:
    """Acts that several authorities time; ends with a newline."""
    anchors = {name: anchor(name) for name in law.duties}
    return "\n".join(limits_page(law, GENERATED, anchors)) + "\n"


def coverage_page(rulebook: Rulebook, found: Iterable[Standing], law: Law) -> str:
    """Every row of the rulebook with where it stands; ends with a newline."""
    return "\n".join(_coverage(rulebook, list(found), law)) + "\n"


def _duties(law: Law) -> Iterator[str]:
    ordered = sorted(law.duties.values(), key=lambda duty: duty.rulebook)
    yield from ("# 职责 · Duties", "")
    yield "What the product believes the law asks for, since when, on what authority, and the cases"
    yield f"that prove it. {GENERATED} `zhiheng law show ID` tells the same in Chinese."
    yield from ("", "| row | id | 职责 | duty | limit | in force since | verified on |")
    yield "|---|---|---|---|---|---|---|"
    for duty in ordered:
        link = f"[`{duty.id}`](#{anchor(duty.id)})"
        since, seen = in_force(duty), duty.last_verified_on or "—"
        cells = (duty.rulebook, link, duty.title.zh, duty.title.en, limit_of(duty, "en"))
        yield _row((*cells, since, seen))
    for duty in ordered:
        yield from ("", f"## {duty.id}", "", f"**{duty.title.zh} · {duty.title.en}**")
        for part in describe(duty, law, "en"):
            yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    yield ""
    if part.heading:
        yield from (f"### {part.heading}", "")
    yield from (f"- {line}" for line in part.lines)
    if part.table:
        headings, rows = part.table
        yield _row(headings)
        yield "|" + "---|" * len(headings)
        yield from (_row(row) for row in rows)


def _coverage(rulebook: Rulebook, found: list[Standing], law: Law) -> Iterator[str]:
    counts = Counter(one.state for one in found)
    yield from ("# 规则覆盖 · Coverage of the rulebook", "")
    yield "Every row of the rulebook: what bears it in the product, or what a person has to answer,"
    yield f"or why nothing is judged. {GENERATED}"
    yield from ("", "| state | rows |", "|---|---|")
    yield from (_row((ROW_STATES[state][1], str(counts[state]))) for state in STATES)
    yield _row(("all", str(len(found))))
    for letter, title in rulebook.sections.items():
        yield from ("", f"## {letter} {title.zh} · {title.en}", "")
        yield "| row | 内容 | what | kind | state | borne by | cases | stands in |"
        yield "|---|---|---|---|---|---|---|---|"
        yield from (_standing(one, rulebook, law) for one in found if one.row[:1] == letter)


def _standing(one: Standing, rulebook: Rulebook, law: Law) -> str:
    row = rulebook.rows[one.row]
    borne = [f"[`{name}`](duties.md#{anchor(name)})" for name in one.duties]
    borne += [f"`{name}`" for name in one.bearers[len(one.duties) :]]
    said = row.question or row.out_of_scope
    told = ", ".join(borne) or (said.en if said else "")
    cites = "; ".join(f"{law.documents[cite.document].title.zh} {cite.place}" for cite in row.cites)
    cells = (one.row, row.title.zh, row.title.en, ROW_KINDS[row.kind][1], ROW_STATES[one.state][1])
    return _row((*cells, told, str(one.cases or ""), cites))


def anchor(duty: str) -> str:
    """The fragment a heading with the duty's id gets."""
    return duty.replace(".", "").lower()


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write(folder: Path) -> list[Path]:
    """Write every page below `folder`; the files written."""
    files = []
    for name, text in pages().items():
        write_whole(folder / name, text.encode())
        files.append(folder / name)
    return files
