"""Markdown pages, generated: one of each edition (every indicator, line, difference and assumption)
and one of the programmes."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.indexes.describe import (
    DIRECTIONS,
    reason_in_words,
    scoring_in_words,
    source_in_words,
)
from zhiheng.indexes.model import Edition, IndexSet, Line, Node
from zhiheng.indexes.programmes import Item, Programme, programmes
from zhiheng.law.model import Citation

_HEADINGS = (
    "id",
    "indicator",
    "weight",
    "of all",
    "source",
    "direction",
    "scored by",
    "criterion or question, and why not computed",
)


def reference_page(edition: Edition) -> str:
    """The page, in English with every Chinese title beside it; ends with a newline."""
    lines = [
        f"# {edition.zh}",
        "",
        f"{edition.en}. Edition `{edition.id}`, published {edition.published}. "
        "This page is generated from the edition's data; do not edit it.",
        *_overlay(edition),
        *_counts(edition),
        *_sources(edition),
        *_differences(edition),
        *_assumptions(edition),
    ]
    lines += _verdict(edition)
    for index_set in edition.sets.values():
        # What an edition leaves as it was stands on the page of the one it is laid over.
        lines += _lines(index_set) if edition.extends else _set(index_set, edition)
    return "\n".join(lines) + "\n"


def _counts(edition: Edition) -> Iterator[str]:
    yield from ("", "| set | indicators by level | computed leaves | their weight |")
    yield "|---|---|---|---|"
    for one in edition.sets.values():
        computed = [node.effective for node in one.leaves() if node.indicator.computed]
        counts = "/".join(str(count) for count in one.counts)
        yield f"| {one.zh} {one.en} | {counts} | {len(computed)} | {sum(computed):.1%} |"


def _sources(edition: Edition) -> Iterator[str]:
    yield from ("", "## Sources", "")
    yield from (f"- `{kind}` {text.zh}. {text.en}." for kind, text in edition.sources.items())


def _differences(edition: Edition) -> Iterator[str]:
    if edition.differences:
        yield from ("", "## Known differences between the published texts", "")
    for name, one in edition.differences.items():
        yield f"- `{name}` {one.en} {one.zh} ({_places(one.places)})"


def _places(places: tuple[Citation, ...]) -> str:
    return "; ".join(f"{place.document} {place.place}" for place in places)


def _assumptions(edition: Edition) -> Iterator[str]:
    yield from ("", "## Assumptions")
    for name, one in edition.assumptions.items():
        yield from ("", f"### `{name}` {one.zh} {one.en}", "")
        for choice, text in one.choices.items():
            mark = " **(in force)**" if choice == one.value else ""
            yield f"- `{choice}`{mark} {text.zh}. {text.en}."
        yield from ("", f"{one.reason.en} {one.reason.zh} Left open in: {_places(one.left_open)}.")


def _set(index_set: IndexSet, edition: Edition) -> Iterator[str]:
    yield from ("", f"## {index_set.zh} {index_set.en} ({index_set.place})", "")
    yield f"| {' | '.join(_HEADINGS)} |"
    yield "|---" * len(_HEADINGS) + "|"
    yield from (_row(node, edition) for node in index_set.walk())
    yield from _lines(index_set)


def _lines(index_set: IndexSet) -> Iterator[str]:
    if index_set.lines:
        yield from ("", f"### Lines: {index_set.zh} {index_set.en}", "")
        yield "| line | threshold | missing it | rests on | stated in |"
        yield "|---|---|---|---|---|"
        yield from (_line_row(line, index_set) for line in index_set.lines)


def _line_row(line: Line, index_set: IndexSet) -> str:
    pairs = (("≥", line.at_least), ("≤", line.at_most))
    limits = " and ".join(f"{sign} {limit:g} %" for sign, limit in pairs if limit is not None)
    missed = {"veto": "a veto", "not_reached": "not reached"}[line.missed] if limits else "—"
    leaf = next((n.indicator for n in index_set.leaves() if n.indicator.id == line.leaf), None)
    rests = f"`{line.leaf}`" if line.leaf else f"assumption `{line.assumption}`"
    if leaf and leaf.score:
        rests += f" ({scoring_in_words(leaf.score, 'en')})"
    where = _places(line.cites)
    return f"| {line.zh} {line.en} | {limits or 'none published'} | {missed} | {rests} | {where} |"


def _overlay(edition: Edition) -> Iterator[str]:
    if edition.extends:
        yield from (
            "",
            f"Laid over [`{edition.extends}`]({edition.extends}.md), whose tables it leaves as "
            "they are; this page shows the lines it adds.",
        )


_VERDICTS = {
    "lines": "A court passes where it reaches every line that has a threshold. It does not pass "
    "where it misses one. Otherwise the verdict is open: missing data is never a line missed.",
    "veto": "A court that misses a line with a veto does not pass. Nothing more can be concluded: "
    "the other conditions are not public, and missing data is never a line missed.",
}


def _verdict(edition: Edition) -> Iterator[str]:
    if edition.verdict:
        yield from ("", "## Verdict", "", _VERDICTS[edition.verdict])
    if edition.group:
        one = edition.group
        where = _places(one.cites)
        yield from ("", f"{one.zh} {one.en}: at least {one.at_least:g} % ({where}).")


def _row(node: Node, edition: Edition) -> str:
    one = node.indicator
    cells = [f"`{one.id}`", f"{one.zh} {one.en}", f"{one.weight:g}%", f"{node.effective:.2%}"]
    if one.score and one.direction:
        asked = one.criterion or one.question
        remarks = [asked.en if asked else "", reason_in_words(one, edition, "en")]
        cells += [
            source_in_words(one, "en"),
            DIRECTIONS[one.direction].en,
            scoring_in_words(one.score, "en"),
            " — ".join(remark for remark in remarks if remark),
        ]
    else:
        cells += [""] * 4
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def programmes_page() -> str:
    """The page of all programmes; ends with a newline."""
    lines = [
        "# Programmes",
        "",
        "Tasks, phases and milestones of the published programmes, with who acts and by when. This "
        "page is generated from the data; do not edit it.",
    ]
    for one in programmes().values():
        lines += _programme(one)
    return "\n".join(lines) + "\n"


def _programme(one: Programme) -> Iterator[str]:
    yield from ("", f"## `{one.id}` {one.zh} {one.en}", "", f"{_places(one.cites)}.", "")
    yield "| id | item | place | units | as stated | due | targets |"
    yield "|---|---|---|---|---|---|---|"
    yield from (_item_row(item) for item in one.items)
    if one.routines:
        yield from ("", "| id | what goes on | place | every |", "|---|---|---|---|")
        for routine in one.routines:
            title = f"{routine.zh} {routine.en}"
            yield f"| `{routine.id}` | {title} | {routine.place} | {routine.every or '—'} |"


def _item_row(item: Item) -> str:
    stated = "; ".join(f"{due.stated} {due.zh}".strip() for due in item.dates)
    days = "; ".join(due.due or "—" for due in item.dates)
    targets = ", ".join(f"{figure} {target:g} %" for figure, target in item.targets.items())
    cells = (
        f"`{item.id}`",
        f"{item.zh} {item.en}",
        item.place,
        "、".join(item.units),
        stated,
        days,
    )
    return f"| {' | '.join(cells)} | {targets} |"
