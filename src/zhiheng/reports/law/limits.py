"""Limits side by side: acts for which the law, an index, a local plan or a deployed system set
different limits. They are different duties and never merged."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.checks.wording import node_words
from zhiheng.law.model import Duty, Law, Version
from zhiheng.reports.law.words import NATURES, cite_words, joined, limit_of

TIMED = ("deadline", "recurring", "recent")


def acts_with_several_limits(law: Law) -> dict[tuple[str, str], list[Duty]]:
    """(kind of subject, act) → the duties that time the act, where more than one authority does;
    in the order of the acts' first duties, the law's own limit first."""
    order = list(NATURES)
    found: dict[tuple[str, str], list[Duty]] = {}
    for duty in law.duties.values():
        if duty.kind in TIMED and duty.versions:
            for node in duty.versions[-1].stop:
                found.setdefault((duty.per, node), []).append(duty)
    return {
        act: sorted(duties, key=lambda duty: (order.index(duty.nature), duty.id))
        for act, duties in found.items()
        if len({duty.nature for duty in duties}) > 1
    }


def limits_page(law: Law, generated: str, anchors: dict[str, str]) -> Iterator[str]:
    """The lines of the page; `anchors` are the fragments of the duties on their own page."""
    yield from ("# 节点期限对照 · Limits side by side", "")
    yield "Where the law and an index (or a local plan, or a deployed system) time one act, each"
    yield f"limit is a duty of its own with its authority. {generated}"
    for (_, node), duties in acts_with_several_limits(law).items():
        yield from ("", f"## {node_words(node, 'zh')} · {node_words(node, 'en')}", "")
        yield "| set by | counted from | limit | duty | since | stands in |"
        yield "|---|---|---|---|---|---|"
        for duty in duties:
            yield "| " + " | ".join(_cells(duty, law, anchors)) + " |"


def _cells(duty: Duty, law: Law, anchors: dict[str, str]) -> Iterator[str]:
    version = duty.versions[-1]
    yield " · ".join(NATURES[duty.nature])
    yield joined((node_words(node, "en") for node in version.start), "en")
    yield limit_of(duty, "en")
    yield f"[`{duty.id}`](duties.md#{anchors[duty.id]})"
    yield version.valid_from
    yield _sources(version, law)


def _sources(version: Version, law: Law) -> str:
    return "; ".join(cite_words(cite, law, "en") for cite in version.cites)
