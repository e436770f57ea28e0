"""The files of a run, the same bytes for the same run."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from zhiheng.composites.aggregate import Floats
from zhiheng.composites.log import log_of
from zhiheng.composites.problems import refused
from zhiheng.composites.result import Result
from zhiheng.composites.run import Run
from zhiheng.composites.score import Fired, in_order

NAMES = ("normalised.csv", "scores.csv", "coverage.csv", "availability.csv", "ranks.csv")
"""The tables of every run; gates.csv and log.json stand beside them."""
LOG = "log.json"


def shown(value: float) -> str:
    """A number in full precision; nothing for no value."""
    return "" if value != value else repr(float(value))


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV. A mark of UTF-8 leads it only where something is beyond ASCII: Excel needs it then."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    text = stream.getvalue()
    mark = b"" if text.isascii() else codecs.BOM_UTF8
    return mark + text.encode()


def write(run: Run, out: Path) -> None:
    """Write the run into the folder `out`, made where it is missing.

    Raises BadInput where a file to be written is one of those read, and what `put` raises.
    """
    result, tree = run.result, run.result.plan.tree
    contents = {
        "normalised.csv": _by_unit(result, tree.leaves, result.normalised),
        "scores.csv": _by_unit(result, tree.codes, result.scores),
        "coverage.csv": _by_unit(result, tree.codes, result.coverage),
        "availability.csv": _by_unit(result, tuple(tree.children), result.availability),
        "ranks.csv": table_text(("unit", "rank"), _ranks(result)),
        "gates.csv": table_text(GATE_COLUMNS, _fired(result)),
        LOG: log_of(run),
    }
    _refuse_inputs(run, out, contents)
    for name, content in contents.items():
        put(out / name, content)


def put(path: Path, content: bytes) -> None:
    """Write a file, making its folders. Raises BadInput where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise refused(
            str(path),
            ("该处写不成这个文件。", "This file cannot be written there."),
            ("另选一个位置。", "Choose another place for --out."),
        ) from error


def _by_unit(result: Result, codes: Sequence[str], values: Floats) -> bytes:
    rows = ([unit, *map(shown, row)] for unit, row in zip(result.units, values, strict=True))
    return table_text(("unit", *codes), rows)


def _ranks(result: Result) -> Iterable[list[str]]:
    for unit, rank in zip(result.units, result.ranks, strict=True):
        yield [unit, "" if rank != rank else str(int(rank))]


GATE_COLUMNS = ("unit", "node", "on", "value", "threshold", "effect", "before", "after")


def _fired(result: Result) -> Iterable[list[str]]:
    for one in in_order(result.plan, result.way):
        for at in np.flatnonzero(one.where):
            yield _firing(one, result.units[at], int(at))


def _firing(one: Fired, unit: str, at: int) -> list[str]:
    gate = one.gate
    value, before, after = (shown(of[at]) for of in (one.value, one.before, one.after))
    return [unit, gate.node, gate.on, value, shown(gate.threshold), gate.effect, before, after]


def _refuse_inputs(run: Run, out: Path, names: Iterable[str]) -> None:
    given = {Path(getattr(run.settings, role)).resolve() for role in run.digests}
    over = next((out / name for name in names if (out / name).resolve() in given), None)
    if over is not None:
        raise refused(
            str(over),
            ("这会覆盖输入文件。", "This would write over an input file."),
            ("另选一个输出目录。", "Choose another folder for --out."),
        )
