"""Leaves whose figure comes from files that were drawn and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.indexes.model import Edition, Indicator
from zhiheng.scoring.results import Score

if TYPE_CHECKING:
    from zhiheng.scoring.readings import Read, Readings

SAMPLE = "sample"
"""The source of a score that comes from a sample of files."""
FULL = 100.0
NEGATIVE = ("complement", "answered_complement")


def sampled_score(leaf: Indicator, read: Read, all_or_zero: bool, digest: str) -> Score:
    """The score of a leaf from what was read: 100 × the share that is as it should be; where the
    assumption in force gives full marks or none, by whether every file was."""
    evidence = f"draw {digest[:16]}" if digest else ""
    if read.applies == 0:
        return Score(leaf.id, "not_applicable", None, 0.0, source=SAMPLE, evidence=evidence)
    share = float(read.yes == read.applies) if all_or_zero else read.share.value
    negative = leaf.score is not None and leaf.score.method in NEGATIVE
    return Score(
        leaf.id,
        "scored",
        FULL * (1.0 - share if negative else share),
        min(read.read / read.wanted, 1.0),
        read.yes,
        read.applies,
        SAMPLE,
        None,
        evidence,
    )


def refuse_items(readings: Readings, edition: Edition) -> None:
    """Raises BadInput where an item is no leaf of the edition that a share of files can score."""
    leaves = {
        node.indicator.id: node.indicator
        for index in edition.sets.values()
        for node in index.leaves()
    }
    taken = sorted(
        name for name, leaf in leaves.items() if leaf.answerable and leaf.answer_kind == "ratio"
    )
    for item in readings.items:
        if item not in taken:
            raise _no_such_item(item, item in leaves, taken, edition.id)


def refuse_elsewhere(readings: Readings, edition: Edition, level_of: Mapping[str, str]) -> None:
    """Raises BadInput where files were read of a court that is not in the store (`level_of`: court
    → level), or an item applied to files of a court whose level does not have it."""
    courts = readings.court.tolist()
    unknown = sorted(set(courts) - level_of.keys())
    if unknown:
        raise _no_such_court(unknown)
    levels = np.array([level_of[court] for court in courts])
    for level in dict.fromkeys(levels.tolist()):
        index = edition.sets.get(level)
        own = {node.indicator.id for node in index.leaves()} if index else set()
        others = np.array([item not in own for item in readings.items])
        lost = np.argwhere(readings.applies & others & (levels == level)[:, None])
        if len(lost):
            row, at = lost[0]
            raise _of_another_level(courts[row], readings.items[at], level)


def _no_such_court(unknown: list[str]) -> BadInput:
    return BadInput(
        Message(
            f"评查了 {len(unknown)} 个不在评估之列的法院的案卷，如“{unknown[0]}”。",
            f"Files were read of {len(unknown)} courts that are not scored here, among them"
            f" {unknown[0]!r}.",
        ),
        Message(
            "核对 --draw 与 --store 是否同属一次评估；抽样的 court 一栏须为法院代字。",
            "See that --draw belongs to --store; the draw's column court must hold courts' codes.",
        ),
        "--draw",
    )


def _of_another_level(court: str, item: str, level: str) -> BadInput:
    return BadInput(
        Message(
            f"“{item}”不是{court}所在层级（{level}）的指标，其评查结果无处可计。",
            f"{item!r} is no leaf of the level of {court} ({level}): its answers count nowhere.",
        ),
        Message(
            "改用该层级的指标编号，或填“不适用”。",
            "Use the leaf of that level, or answer NA.",
        ),
        "--reviews",
    )


def _no_such_item(item: str, is_leaf: bool, taken: list[str], edition: str) -> BadInput:
    what = (
        Message(
            f"“{item}”在 {edition} 中不由案卷的比例评分。",
            f"{item!r} is not scored by a share of files in {edition}.",
        )
        if is_leaf
        else Message(
            f"指标体系 {edition} 中没有“{item}”。", f"The edition {edition} has no leaf {item!r}."
        )
    )
    listed = ", ".join(taken)
    return BadInput(what, Message(f"可用：{listed}。", f"There are: {listed}."), "--reviews")


def given_twice(leaf: str, court: str) -> BadInput:
    """The error where a leaf of a court has both a sample and an answer."""
    return BadInput(
        Message("抽样评查和答卷都给出了这一指标。", "The answer sheet has a figure of it as well."),
        Message("请从答卷中删去，或不读这一项。", "Take it out of the sheet, or leave it unread."),
        f"{court} {leaf}",
    )
