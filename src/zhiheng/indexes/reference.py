"""A Markdown page of one edition: every indicator, difference and assumption, generated."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.indexes.describe import (
    DIRECTIONS,
    reason_in_words,
    scoring_in_words,
    source_in_words,
)
from zhiheng.indexes.model import Edition, IndexSet, Node
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
        *_counts(edition),
        *_sources(edition),
        *_differences(edition),
        *_assumptions(edition),
    ]
    for index_set in edition.sets.values():
        lines += _set(index_set, edition)
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
