"""The screens as a generated page."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.law.model import Citation, Law
from zhiheng.law.screens import Screen, Sequences
from zhiheng.reports.law.words import joined


def screens_page(screens: dict[str, Screen], sequences: Sequences, law: Law) -> str:
    """The reference page of the screens; ends with a newline."""
    return "\n".join(_page(screens, sequences, law)) + "\n"


def _page(screens: dict[str, Screen], sequences: Sequences, law: Law) -> Iterator[str]:
    yield from ("# 筛查 · Screens", "")
    yield "What `zhiheng screen` looks for, why, on what authority, with which parameters. A row"
    yield "found is worth a second look; it is no verdict. This page is generated from the data of"
    yield from ("the law; do not edit it.", "", "| screen | row | 筛查 | title | rows are |")
    yield "|---|---|---|---|---|"
    for one in screens.values():
        yield f"| `{one.id}` | {one.rulebook} | {one.title.zh} | {one.title.en} | {one.rows} |"
    for one in screens.values():
        yield from _screen(one, law)
    yield from _sequences(sequences)


def _screen(screen: Screen, law: Law) -> Iterator[str]:
    yield from ("", f"## {screen.id}", "", f"**{screen.title.zh} · {screen.title.en}**", "")
    yield f"- finds: {screen.finds.en} {screen.finds.zh}"
    yield f"- why: {screen.why.en} {screen.why.zh}"
    cites = _places(screen.cites, law)
    yield f"- stands in: {cites or 'no source; an assumption of ours'}"
    for name, one in screen.parameters.items():
        if one.assumption:
            yield f"- parameter `{name}` ({one.unit}): assumption `{one.assumption}`"
        else:
            place = _places(one.cites, law)
            yield f"- parameter `{name}`: {one.value} {one.unit} ({place})"
    yield from (line for name in screen.assumptions for line in _assumption(name, law))
    yield from ("", "| detail | 结果 | meaning | measure | can be told |", "|---|---|---|---|---|")
    for name, detail in screen.details.items():
        told = "no: a fact is missing" if detail.undeterminable else "yes"
        yield f"| `{name}` | {detail.zh} | {detail.en} | {detail.unit or '—'} | {told} |"


def _places(cites: tuple[Citation, ...], law: Law) -> str:
    return joined((f"{law.documents[one.document].title.zh} {one.place}" for one in cites), "zh")


def _assumption(name: str, law: Law) -> Iterator[str]:
    assumed = law.assumptions[name]
    yield f"- assumption `{name}`: {assumed.en}. {assumed.reason.en}"
    for choice, one in assumed.choices.items():
        mark = " (in force)" if choice == assumed.value else ""
        yield f"  - `{choice}`{mark}: {one.en}"


def _sequences(sequences: Sequences) -> Iterator[str]:
    yield from ("", "## The order of nodes", "", "`order.impossible` holds these pairs:", "")
    yield from ("| first | then | why |", "|---|---|---|")
    for pair in sequences.pairs:
        then = ", ".join(f"`{name}`" for name in pair.then)
        minutes = ", to the minute" if pair.minutes else ""
        yield f"| `{pair.first}` | {then} | {pair.ground.en}{minutes} |"
    early = ", ".join(f"`{name}`" for name in sequences.before_filing)
    handling = ", ".join(f"`{name}`" for name in sequences.before_archiving)
    yield from ("", f"Only these may come before the filing of their case: {early}.")
    yield from ("", f"None of these comes after the archiving of its case: {handling}.", "")
    yield from ("`chain.gap` holds these chains:", "", "| chain | steps | why |", "|---|---|---|")
    for chain in sequences.chains.values():
        steps = " → ".join(" or ".join(f"`{name}`" for name in step) for step in chain.steps)
        yield f"| {chain.title.zh} · {chain.title.en} | {steps} | {chain.ground.en} |"
