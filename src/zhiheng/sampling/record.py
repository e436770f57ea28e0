"""What a draw leaves behind: the files drawn, their replacements, and how it was done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from zhiheng.errors import Message, WrongUse
from zhiheng.sampling.draw import METHOD, Chosen, Draw, Group, stratum_of
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.writing import csv_text, write

SAMPLE, REPLACEMENTS, RECORD, FRAME = "sample.csv", "replacements.csv", "draw.json", "frame.csv"
HEADINGS = (
    "id",
    "stratum",
    "cluster",
    "place",
    "probability",
    "weight",
    "population",
    "population_within",
)
"""Columns of a sample; the frame's own follow (with `frame.` before one of these names)."""
BESIDE = "frame."


def write_draw(found: Draw, out: Path) -> None:
    """Write sample.csv, replacements.csv, draw.json and frame.csv below `out`: whoever has the
    folder can draw again."""
    for name, text in texts(found).items():
        write(out / name, text)
    write(out / FRAME, frame_text(found.frame))


def refuse_another(found: Draw, out: Path) -> None:
    """Raise WrongUse where another draw lies in `out`: it is evidence, and stays."""
    there = out / RECORD
    if there.exists() and there.read_bytes() != texts(found)[RECORD].encode():
        raise WrongUse(
            Message("该目录中已有另一次抽样。", "Another draw lies in this directory."),
            Message("换一个目录；抽样记录不覆盖。", "Name another; a draw is not written over."),
            str(out),
        )


def texts(found: Draw) -> dict[str, str]:
    """The files of a draw by name: the same draw, the same text."""
    return {
        SAMPLE: _table(found, found.sample),
        REPLACEMENTS: _table(found, found.replacements),
        RECORD: json.dumps(_record(found), ensure_ascii=False, indent=1) + "\n",
    }


def frame_text(frame: Frame) -> str:
    """A frame as CSV, its columns in their own order."""
    return csv_text(("id", *frame.columns), zip(frame.ids, *frame.columns.values(), strict=True))


def _table(found: Draw, chosen: Sequence[Chosen]) -> str:
    frame = found.frame
    own = [f"{BESIDE}{name}" if name in HEADINGS else name for name in frame.columns]
    rows = (
        (
            frame.ids[one.row],
            *_design(one),
            *(column[one.row] for column in frame.columns.values()),
        )
        for one in chosen
    )
    return csv_text((*HEADINGS, *own), rows)


def _design(one: Chosen) -> Iterable[object]:
    group = one.group
    return (
        stratum_of(one),
        group.name if group.cluster else None,
        one.place,
        float(group.probability),
        float(1 / group.probability),
        # Courts drawn by size count as drawn with replacement: no population of courts.
        None if group.cluster else group.files,
        group.files if group.cluster else None,
    )


def _record(found: Draw) -> dict[str, Any]:
    return {
        "method": METHOD,
        "settings": msgspec.to_builtins(found.settings),
        "frame": {
            "digest": found.frame.digest,
            "files": len(found.frame.ids),
            "columns": sorted(found.frame.columns),
        },
        "sample": len(found.sample),
        "groups": [_group(group) for group in found.groups],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "files": group.files,
        "drawn": group.drawn,
        "chance": str(group.chance),
        "cluster": group.cluster,
    }
