"""The log of a run: every argument, the digest of every file, and all that was resolved from them.
A run is repeated from its log alone, as long as the files are what they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from zhiheng import __version__
from zhiheng.composites.problems import refused
from zhiheng.composites.score import in_order
from zhiheng.composites.settings import Settings, converted

if TYPE_CHECKING:
    from zhiheng.composites.run import Run

VERSION = 1
"""Changes whenever a log of before could no longer be replayed."""


def log_of(run: Run) -> bytes:
    """The log of a run as JSON."""
    result, plan = run.result, run.result.plan
    content = {
        "version": VERSION,
        "zhiheng": __version__,
        "settings": msgspec.to_builtins(run.settings),
        "inputs": _inputs(run),
        "steps": _steps(run),
        "nodes": [_node(run, code) for code in plan.tree.codes],
        "bounds": {code: _without_nan(asdict(one)) for code, one in plan.bounds.items()},
        "observed": result.observed,
        "untested": _untested(run),
        "warnings": [asdict(note) for note in run.notes],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"


def _inputs(run: Run) -> list[dict[str, str]]:
    return [
        {"role": role, "file": getattr(run.settings, role), "sha256": digest}
        for role, digest in run.digests.items()
    ]


def _steps(run: Run) -> list[dict[str, Any]]:
    asked, plan, scale = run.settings, run.result.plan, run.result.plan.scale
    return [
        {"step": "tree", "file": asked.tree, "weights": asked.weights}
        | {"weight_set": asked.weight_set, "nodes": asked.nodes},
        {"step": "data", "file": asked.data, "units": len(run.data.units)}
        | {"ignored_columns": list(run.data.ignored)},
        {"step": "normalise", "method": asked.normalise, "bounds": asked.bounds}
        | {"range": [scale.low, scale.high], "mean_sd": [scale.mean, scale.sd]},
        {"step": "aggregate", "methods": asked.aggregate, "availability": str(plan.availability)}
        | {"floor": plan.floor, "penalty": plan.penalty},
        {"step": "gates", "file": asked.gates, "gates": [asdict(gate) for gate in _gates(run)]},
        {"step": "rank", "node": plan.tree.root, "ties": "min"} | {"decimals": asked.rank_decimals},
    ]


def _gates(run: Run) -> Any:
    return run.result.plan.gates


def _node(run: Run, code: str) -> dict[str, Any]:
    plan = run.result.plan
    node, below = plan.tree.by_code[code], code in plan.tree.children
    method = plan.aggregate[code] if below else plan.normalise[code]
    return {
        "code": code,
        "parent": node.parent,
        "kind": "aggregate" if below else "indicator",
        "level": plan.tree.heights[code],
        "weight": node.weight,
        "direction": node.direction,
        "unit": node.unit,
        "aggregate" if below else "normalise": method,
    }


def _without_nan(found: dict[str, Any]) -> dict[str, Any]:
    return {name: None if one != one else one for name, one in found.items()}


def _untested(run: Run) -> list[dict[str, str]]:
    return [
        {"unit": run.data.units[at], "node": one.gate.node, "on": one.gate.on}
        for one in in_order(run.result.plan, run.result.way)
        for at in np.flatnonzero(one.untested)
    ]


def read_log(path: Path) -> tuple[Settings, dict[str, str]]:
    """The settings of a log and the digests of its files, by setting. Raises BadInput."""
    try:
        content = msgspec.json.decode(path.read_bytes())
        version = content["version"]
        digests = {one["role"]: one["sha256"] for one in content["inputs"]}
        settings = content["settings"]
    except (OSError, msgspec.DecodeError, KeyError, TypeError) as error:
        raise _no_log(path) from error
    if version != VERSION:
        raise refused(
            str(path),
            (f"日志版本 {version} 不能重放。", f"A log of version {version} cannot be replayed."),
            ("用当前版本重新计算。", "Compute anew with this version."),
        )
    return converted(settings, str(path)), digests


def _no_log(path: Path) -> Exception:
    return refused(
        str(path),
        ("这不是指标计算的日志。", "This is not the log of an index."),
        ("给出 zhiheng index score 写出的 log.json。", "Name a log.json of `zhiheng index score`."),
    )


def finder(log: Path, digests: Mapping[str, str]) -> Callable[[str, str], Path]:
    """Finds the files of a log: where the log names them, seen from here, or from the log.

    The finder raises BadInput where a file is gone or is not what it was; files without a digest
    were given anew and are taken as they are.
    """

    def find(role: str, name: str) -> Path:
        if role not in digests:
            return Path(name)
        near = (Path(), log.parent, log.parent.parent)
        there = [folder / name for folder in near if (folder / name).is_file()]
        same = [path for path in there if _digest(path) == digests[role]]
        if same:
            return same[0]
        raise _changed(role, name) if there else _gone(role, name)

    return find


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _changed(role: str, name: str) -> Exception:
    return refused(
        name,
        ("文件与日志记录的不同（SHA-256 不符）。", "The file is not what the log says (SHA-256)."),
        (
            f"恢复原文件；或用 --{role} 另行指定，按新文件计算。",
            f"Restore it, or name it by --{role} to compute with the file as it is now.",
        ),
    )


def _gone(role: str, name: str) -> Exception:
    return refused(
        name,
        ("日志所记的文件不在了。", "The file that the log names is gone."),
        (f"在原目录中运行，或用 --{role} 指定。", f"Run it where it was, or name it by --{role}."),
    )
