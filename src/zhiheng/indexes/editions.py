"""Finding and reading editions of index systems: the published ones and a user's own.

An edition is a directory: `edition.yaml` (titles, citations, sources, reasons, known
differences), `assumptions.yaml`, and one file a court level (`basic.yaml`, ...) or one for several
(`shared.yaml`). An edition may be laid over a published one: see `composing`.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from zhiheng.errors import BadInput, Message, WrongUse
from zhiheng.indexes import composing
from zhiheng.indexes.model import LEVELS, Edition
from zhiheng.indexes.verify import EVERYWHERE, verify
from zhiheng.parsed import parse

_HOME = "edition.yaml"


def available_editions() -> tuple[str, ...]:
    """The ids of the editions that come with the product, in alphabetical order."""
    return tuple(sorted(d.name for d in _published().iterdir() if d.joinpath(_HOME).is_file()))


def load_edition(name: str | Path) -> Edition:
    """A sound edition: a published one by id, or a user's own by its directory.

    Raises WrongUse where there is no such edition, BadInput where it cannot be read or does not
    pass `verify`.
    """
    edition = read_edition(name)
    flaws = verify(edition)
    if flaws:
        lines = [(f"{f.place}：{f.what.zh}", f"{f.place}: {f.what.en}") for f in flaws]
        raise BadInput(
            Message(
                "指标体系不合格：" + "".join(zh for zh, _ in lines),
                "The index system is not sound: " + " ".join(en for _, en in lines),
            ),
            Message("请更正后再用。", "Correct the files and try again."),
            place=str(name),
        )
    return edition


def read_edition(name: str | Path) -> Edition:
    """As `load_edition`, without asking whether weights, counts and references are sound."""
    if str(name) in available_editions():
        return _read_published(str(name))
    folder = Path(name)
    if not (folder / _HOME).is_file():
        known = ", ".join(available_editions())
        raise WrongUse(
            Message(f"没有指标体系“{name}”。", f"There is no edition {name!r}."),
            Message(
                f"可用：{known}；或含有{_HOME}的目录。",
                f"Use one of {known}, or a directory with an {_HOME}.",
            ),
        )
    return _read(folder)


def limited_to(edition: Edition, level: str | None) -> Edition:
    """The edition with the set of one court level only; unchanged where `level` is None.

    Raises WrongUse where the edition has no such set.
    """
    sets = {name: one for name, one in edition.sets.items() if level in (None, name)}
    if not sets:
        known = ", ".join(edition.sets)
        raise WrongUse(
            Message(f"没有层级“{level}”。", f"There is no level {level!r}."),
            Message(f"可用：{known}。", f"Use one of {known}."),
        )
    return msgspec.structs.replace(edition, sets=sets)


@cache
def _read_published(name: str) -> Edition:
    return _read(_published() / name)


def _published() -> Traversable:
    return resources.files("zhiheng.indexes") / "data"


def _read(folder: Traversable) -> Edition:
    try:
        return msgspec.convert(_composed(folder), Edition)
    except msgspec.ValidationError as error:
        raise _unreadable(folder.name, str(error)) from error


def _composed(folder: Traversable) -> dict[str, Any]:
    parts = _parse(folder / _HOME)
    parts["assumptions"] = _parse(folder / "assumptions.yaml")
    parts["sets"] = _sets(folder)
    if "equal_weights" in parts["assumptions"]:
        composing.share_equally(parts["sets"])
    if parts.get("assumptions_of"):
        below = _base(folder, parts["assumptions_of"])["assumptions"]
        general = {name: below[name] for name in EVERYWHERE if name in below}
        parts["assumptions"] = {**general, **parts["assumptions"]}
    if parts.get("extends"):
        parts = composing.laid_over(_base(folder, parts["extends"]), parts)
    return parts


def _base(folder: Traversable, name: str) -> dict[str, Any]:
    """A published edition that is not itself laid over another (so there can be no circle)."""
    base = _published() / str(name)
    if not (base / _HOME).is_file():
        raise _unreadable(folder.name, f"no edition {name!r} to rest on")
    if _parse(base / _HOME).get("extends"):
        raise _unreadable(folder.name, f"edition {name!r} rests on another itself")
    return _composed(base)


def _sets(folder: Traversable) -> dict[str, Any]:
    found = {}
    shared = folder / "shared.yaml"
    if shared.is_file():
        found = composing.of_each_level(lambda level: _parse(shared, level))
    files = ((level, folder / f"{level}.yaml") for level in LEVELS)
    found |= {level: _parse(file) for level, file in files if file.is_file()}
    return {level: found[level] for level in LEVELS if level in found}


def _parse(file: Traversable, level: str = "") -> dict[str, Any]:
    """A file as a mapping; `level` stands in for {level} in a file for several levels."""
    try:
        text = file.read_text(encoding="utf-8")
        found = parse(text.replace("{level}", level) if level else text, _Strict)
    except (yaml.YAMLError, UnicodeDecodeError, FileNotFoundError) as error:
        raise _unreadable(file.name, str(error)) from error
    if not isinstance(found, dict):
        raise _unreadable(file.name, "not a mapping")
    return found


def _unreadable(place: str, detail: str) -> BadInput:
    return BadInput(
        Message(f"无法读取：{detail}", f"It cannot be read: {detail}"),
        Message(
            "请对照自带的指标体系更正。", "Correct it after the pattern of a published edition."
        ),
        place=place,
    )


class _Strict(yaml.CSafeLoader):
    """A loader that refuses a key given twice: the first would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {twice[0]}", node.start_mark
            )
        return super().construct_mapping(node, deep=deep)
