"""A draw and what was read in its files, brought to the courts and leaves of an edition."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from zhiheng.errors import BadInput, Message
from zhiheng.sampling.frames import read_frame
from zhiheng.sampling.ratings import read_ratings
from zhiheng.sampling.readings import CASE_NUMBER, Sampled, kept, read_sampled
from zhiheng.sampling.readings import readings as bring_together
from zhiheng.sampling.record import FRAME, RECORD, REPLACEMENTS, SAMPLE
from zhiheng.sampling.reviews import read_reviews
from zhiheng.sampling.verify import differences
from zhiheng.scoring.reader_effect import Added, added_by_readers
from zhiheng.scoring.readings import Draw, Readings


def read_readings(
    draw: Path, reviews: Path, allow_missing: bool = False, ratings: Path | None = None
) -> Readings:
    """What `reviews` (file, item, answer; items are leaves) say of the files that the folder `draw`
    of `zhiheng sample draw` holds. Replacements count where they were read. `ratings` are all
    readers' answers (file, item, reviewer, answer), from which what readers add is told.

    Raises BadInput: a draw that is not what its record says (where its frame is at hand), files
    read that were not drawn, drawn files without answers unless `allow_missing`.
    """
    record = _record(draw / RECORD)
    if (draw / FRAME).is_file():
        _refuse_changed(draw)
    answers = read_reviews(reviews)
    spare = draw / REPLACEMENTS
    whole = read_sampled(draw / SAMPLE, spare if spare.is_file() else None)
    sampled, left_out = _levels_read(whole, answers.files)
    first = set(read_sampled(draw / SAMPLE).ids)
    drawn = sum(one in first for one in sampled.ids)
    found = bring_together(sampled, drawn, answers, "certainty", allow_missing)
    courts = found.sampled.labels("court")
    wanted = Counter(sampled.labels("court")[:drawn])
    files = (draw / RECORD, draw / SAMPLE, reviews, *((ratings,) if ratings else ()))
    return Readings(
        Draw(
            _digest(*files),
            str(record["settings"].get("seed", "")),
            str(record["settings"].get("decision", "")),
            drawn,
            found.missing,
            left_out,
            _chances(record),
        ),
        np.array(courts, np.str_),
        found.design,
        found.items,
        found.yes,
        found.applies,
        found.asked,
        wanted,
        _added(ratings, found.sampled) if ratings else {},
    )


def _levels_read(sampled: Sampled, read: Sequence[str]) -> tuple[Sampled, tuple[str, ...]]:
    """The sample without the levels of court of which no file at all was read (courts for which
    there is nothing to review), and those levels."""
    levels = sampled.columns.get("level")
    if levels is None:
        return sampled, ()
    seen = set(read)
    there = {level for one, level in zip(sampled.ids, levels, strict=True) if one in seen}
    if not there:
        return sampled, ()
    rows = [row for row, level in enumerate(levels) if level in there]
    left_out = tuple(dict.fromkeys(level for level in levels if level not in there))
    return kept(sampled, rows), left_out


def _record(path: Path) -> Mapping[str, Any]:
    try:
        record: dict[str, Any] = json.loads(path.read_text("utf-8"))
        record["settings"].get("seed")
        _chances(record)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        raise BadInput(
            Message("这里没有抽样记录。", "There is no record of a draw here."),
            Message(
                "给出 zhiheng sample draw 写出的目录。", "Name a folder of `zhiheng sample draw`."
            ),
            str(path),
        ) from error
    return record


def _added(ratings: Path, sampled: Sampled) -> Added:
    """What readers add. Raises BadInput where none of the files they read is one of the sample."""
    found = read_ratings([ratings])
    courts = sampled.labels("court")
    columns = [name for name in ("id", *CASE_NUMBER) if name in sampled.columns]
    court_of = {
        name: court
        for column in reversed(columns)
        for name, court in zip(sampled.columns[column], courts, strict=True)
    }
    if not any(one.file in court_of for one in found):
        raise BadInput(
            Message(
                "其中没有一件是这次抽样中评查的案卷。",
                "None of these files is one that was drawn and read.",
            ),
            Message(
                "给出同一抽样的全部评查人的答案。",
                "Give all readers' answers to the files of this draw.",
            ),
            str(ratings),
        )
    return added_by_readers(found, court_of)


def _chances(record: Mapping[str, Any]) -> dict[str, float]:
    """Of each court to be drawn, where courts were drawn first (a group is a court then)."""
    if not record["settings"].get("courts"):
        return {}
    return {one["name"]: float(Fraction(one["chance"])) for one in record["groups"]}


def _refuse_changed(draw: Path) -> None:
    found = differences(draw, read_frame(draw / FRAME))
    if found:
        raise BadInput(
            Message(
                f"样本与抽样记录不符（{len(found)}处）：{found[0].zh}",
                f"The sample is not what was drawn ({len(found)} differences): {found[0].en}",
            ),
            Message(
                "恢复原文件；可用 zhiheng sample verify 查看。",
                "Restore the files; `zhiheng sample verify` lists what differs.",
            ),
            str(draw),
        )


def _digest(*paths: Path) -> str:
    """Of the draw and of what was read, together."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
